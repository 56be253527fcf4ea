"""
A resource server that asks what a token means, and keeps its verdict.

It compares the `cnf` of the answer with the certificate of the connection, as RFC 8705
section 3.2 asks: once. Then it remembers that the token was good, and not for whom.
"""

import hmac
from collections.abc import Awaitable, Callable, Mapping

from pki.http.checks import Check
from pki.http.interaction_id import usable_interaction_id
from pki.http.journal import Journal
from pki.http.messages import Request, Response, json_response
from pki.http.routes import Route, Routes
from pki.peer import PeerCertificate
from scripts.twin.refusals import InvalidToken

HEADER = Check(
    "careless-cache.token-presented", "the request has a token", "RFC 6750 section 2.1"
)
ACTIVE = Check(
    "careless-cache.active", "the issuer says it is active", "RFC 7662 section 2.2"
)
SAME = Check(
    "careless-cache.same-certificate",
    "the token is bound to the certificate of this connection",
    "RFC 8705 section 3",
)
KEPT = Check(
    "careless-cache.verdict-kept",
    "the token was good when it was seen before",
    "RFC 7662 section 4",
)

Introspect = Callable[[str, str], Awaitable[Mapping[str, object]]]
"""The members of the introspection response for a token, and an interaction id."""

_ACCOUNTS = {"accounts": [{"name": "Operating account", "currency": "GBP"}]}


class CarelessCache:
    """Accounts, for whoever comes with a token that was good for somebody."""

    def __init__(self, introspect: Introspect) -> None:
        self._introspect = introspect
        self._good: set[str] = set()

    def routes(self) -> Routes:
        """What it serves: accounts alone."""
        return Routes([Route("GET", "/accounts", self.accounts)])

    async def accounts(self, request: Request) -> Response:
        """
        Raises:
            InvalidToken: there is no token, or it is not good the first time.
        """
        scheme, _, token = (request.header("authorization") or "").partition(" ")
        if scheme.lower() != "bearer":
            raise InvalidToken("there is no token", HEADER)
        if token in self._good:
            # Here is the mistake: nobody looks at the certificate.
            request.journal.accepted(
                KEPT,
                self.accounts,
                expected="a token seen before",
                presented="seen before",
            )
        else:
            interaction = usable_interaction_id(request.headers)
            members = await self._introspect(token, interaction)
            verify_active(members, request.journal)
            verify_binding(members, request.peer, request.journal)
            self._good.add(token)
        return json_response(200, _ACCOUNTS)


def verify_active(members: Mapping[str, object], journal: Journal) -> None:
    """
    Raises:
        InvalidToken: the token is not active.
    """
    if members.get("active") is not True:
        raise InvalidToken("the token is not active", ACTIVE)
    journal.accepted(ACTIVE, verify_active)


def verify_binding(
    members: Mapping[str, object], peer: PeerCertificate | None, journal: Journal
) -> None:
    """
    Raises:
        InvalidToken: the token is bound to another certificate, or to none.
    """
    confirmation = members.get("cnf")
    named = confirmation.get("x5t#S256") if isinstance(confirmation, dict) else None
    expected = named if isinstance(named, str) else ""
    presented = "" if peer is None else peer.x5t_s256
    if not expected or not hmac.compare_digest(expected.encode(), presented.encode()):
        detail = "the token is bound to another certificate"
        raise InvalidToken(detail, SAME, expected=expected, presented=presented)
    journal.accepted(SAME, verify_binding, expected=expected, presented=presented)
