"""
What is known of a token before it is known who presents it.

There is no way to get anything out of an `UnconfirmedToken` but to say which
certificate the request came with. So a cache may keep one, and no caller can forget
the comparison: others' did, at the second request with the same token.
"""

from dataclasses import dataclass
from typing import Any, cast

from pki.http.checks import Check
from pki.http.journal import Journal
from pki.peer import PeerCertificate
from rs_node.access.certificate_binding import verify_binding
from rs_node.access.challenges import InvalidToken
from rs_node.access.claims import INTENT, Claims

NOT_EXPIRED = Check(
    "token.not-expired", "the token has not expired", "RFC 7519 section 4.1.4"
)
NOT_BEFORE = Check(
    "token.not-before", "the token is valid already", "RFC 7519 section 4.1.5"
)

NOT_BEFORE_LEEWAY = 5.0
"""Seconds our clock may be behind the authorization server's. `exp` has none."""


@dataclass(frozen=True, slots=True)
class Authorization:
    """
    On whose behalf a request is made, and how far it may go.

    *openbanking_intent_id* names the consent of the customer *sub*, which has to be
    looked up: it may have ended since.
    """

    client_id: str
    sub: str
    scope: frozenset[str]
    openbanking_intent_id: str | None = None

    @property
    def is_for_the_client_itself(self) -> bool:
        """RFC 9068 section 2.2: without a resource owner, `sub` is the client."""
        return self.sub == self.client_id


class UnconfirmedToken:
    """
    A token of which issuer and audience are verified, and the bearer is not.

    *claims* must have passed `rs_node.access.claims.verify_claims`, with `exp`, `sub`
    and `client_id` among them.
    """

    __slots__ = ("_authorization", "_claims", "_exp", "_not_before")

    def __init__(self, claims: Claims) -> None:
        known = cast("dict[str, Any]", claims)
        self._claims = claims
        self._exp: float = known["exp"]
        self._not_before: float = max(known.get("nbf", 0), known.get("iat", 0))
        scope = frozenset(known.get("scope", "").split())
        self._authorization = Authorization(
            known["client_id"], known["sub"], scope, known.get(INTENT)
        )

    @property
    def status(self) -> object:
        """Where its revocation can be read, as it says: see `token_status`."""
        return self._claims.get("status")

    @property
    def exp(self) -> float:
        """When it ends, in seconds since the epoch: no cache keeps it for longer."""
        return self._exp

    def confirm(
        self, peer: PeerCertificate | None, now: float, journal: Journal
    ) -> Authorization:
        """
        What the token authorizes, for the holder of its certificate and today.

        For each request anew: the time goes on, and on one connection may come
        tokens of many certificates. *now* is in seconds since the epoch.

        Raises:
            InvalidToken: expired, not valid yet, or not of this certificate.
        """
        journal.about(client_id=self._authorization.client_id)
        if isinstance(jti := self._claims.get("jti"), str):
            journal.about(jti=jti)
        self._verify_time(now, journal)
        verify_binding(self._claims, peer, journal)
        return self._authorization

    def _verify_time(self, now: float, journal: Journal) -> None:
        presented = f"{now:.0f}"
        if now >= self._exp:
            raise InvalidToken(
                "the token has expired",
                NOT_EXPIRED,
                expected=f"before {self._exp:.0f}",
                presented=presented,
            )
        if now < self._not_before - NOT_BEFORE_LEEWAY:
            raise InvalidToken(
                "the token is not valid yet",
                NOT_BEFORE,
                expected=f"from {self._not_before:.0f}",
                presented=presented,
            )
        journal.accepted(
            NOT_EXPIRED,
            UnconfirmedToken.confirm,
            expected=f"before {self._exp:.0f}",
            presented=presented,
        )
