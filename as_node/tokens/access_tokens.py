"""
Certificate-bound access tokens: issued, found again, revoked.

RFC 8705 section 3: each token is bound to the certificate of the connection over
which it was requested. There is no way to make one that is not.
"""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from as_node.protocol.sender_constraint import SenderConstraint
from as_node.store.records import (
    AuthorizationGrant,
    Code,
    IssuedAccessToken,
    OpaqueToken,
    RefreshToken,
)
from as_node.store.store import Store
from as_node.tokens.claims import AccessToken, find_access_token
from as_node.tokens.random_values import new_opaque_value, sha256_of
from as_node.tokens.signing_keys import SigningKeys
from as_node.tokens.status_indexes import StatusIndexes

__all__ = ["AccessToken", "AccessTokens", "Draft"]

# The two forms are told apart by their look: one has no dots, the other two.
_OPAQUE = re.compile(r"[A-Za-z0-9_-]{43}")
_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")

LONGEST_JWT = 8192
"""Characters of a token that somebody presents; one of ours takes a thousand."""


@dataclass(frozen=True, slots=True)
class Draft:
    """
    An access token that is made and not issued: *text* is given away once it is kept.

    *says* is what it says. *grant_id* is what it is issued from, if a customer allowed
    it; *opaque* is how it is kept, if it is no JWT.
    """

    text: str = field(repr=False)
    says: AccessToken
    grant_id: str | None = None
    opaque: OpaqueToken | None = None

    def of_a_grant(self) -> IssuedAccessToken | None:
        """How it is kept with its grant; None where the client acts for itself."""
        if self.grant_id is None:
            return None
        return IssuedAccessToken(
            self.says.jti,
            self.grant_id,
            self.says.exp,
            self.opaque,
            _index(self.says),
        )


@dataclass(frozen=True, slots=True)
class AccessTokens:
    """
    Issues access tokens for one resource, and finds those that are in force.

    *audience* is that resource, by the identifier of RFC 9728 section 2; *clock*
    gives seconds since the epoch.

    What a JWT says is signed and not kept, but for its place in a status list, which
    *status_indexes* gives it; what an opaque token stands for is kept
    under the SHA-256 hash of the token, so whoever reads the database holds no
    token.
    """

    store: Store
    signing_keys: SigningKeys
    status_indexes: StatusIndexes
    issuer: str
    audience: str
    lifetime_seconds: int
    clock: Callable[[], float]

    async def draft(
        self,
        client_id: str,
        scope: frozenset[str],
        bound_to: SenderConstraint,
        *,
        opaque: bool,
        signing_alg: str,
        authorization: AuthorizationGrant | None = None,
    ) -> Draft:
        """
        A new access token, whole; nobody may be given it before it is kept.

        *bound_to* is what the client proved when it requested the token. *signing_alg*
        is for JWTs only.

        Without an *authorization* the client is its own subject (RFC 9068 section
        2.2, `client_credentials`). With one the token speaks for the customer and
        names her consent.

        Whether the client may have it is not checked.

        Raises:
            StoreFailed: the signing keys could not be read.
        """
        now = int(self.clock())
        token = AccessToken(
            iss=self.issuer,
            exp=now + self.lifetime_seconds,
            aud=self.audience,
            sub=client_id,
            client_id=client_id,
            iat=now,
            nbf=now,
            jti=secrets.token_urlsafe(16),
            scope=scope,
            bound_to=bound_to,
            status=None if opaque else await self.status_indexes.draw(),
        )
        if authorization is not None:
            token = _of_the_customer(token, authorization)
        grant_id = None if authorization is None else authorization.grant_id
        if opaque:
            return _opaque_draft(token, grant_id)
        signed = self.signing_keys.current(signing_alg).sign(token.claims())
        return Draft(signed, token, grant_id)

    async def keep(self, draft: Draft) -> None:
        """
        The token is issued, durably, when this returns.

        One of a customer is revoked together with all that was issued from the same
        authorization: from the beginning, if that has happened already.

        Raises:
            StoreFailed: it is not, and must not be given away.
        """
        issued = draft.of_a_grant()
        if issued is not None:
            await self.store.note_issued(issued)
        elif draft.opaque is not None:
            await self.store.keep_opaque_token(draft.opaque)

    async def redeem(
        self, code: Code, refresh_token: RefreshToken | None, draft: Draft
    ) -> bool:
        """
        As `AuthorizationStore.redeem_code`: True once, and then the token is issued.

        All of it or nothing. Whether the client may redeem the code is not checked.

        Raises:
            StoreFailed: nothing has changed, and the code is as good as it was.
        """
        return await self.store.redeem_code(
            code.sha256, refresh_token, draft.of_a_grant()
        )

    async def find(self, token: str) -> AccessToken | None:
        """
        What *token* says, if it was issued here and is in force.

        None of everything else: unknown, forged, expired (to the second: this is
        the clock that made `exp`, and no leeway is due), revoked, another issuer's,
        or no token at all. *token* may be anything that somebody sent.

        Whether it is meant for whoever asks is not checked.

        Raises:
            StoreFailed: it cannot be told.
        """
        claims = await self._find_claims(token)
        found = None if claims is None else find_access_token(claims)
        if found is None or found.iss != self.issuer:
            return None
        if not found.nbf <= self.clock() < found.exp:
            return None
        if await self.store.is_access_token_revoked(found.jti):
            return None
        return found

    async def revoke(self, token: AccessToken) -> None:
        """
        *token* is not found any more, durably, from the moment this returns; a JWT is
        revoked in its status list.

        Raises:
            StoreFailed: it is still in force.
        """
        await self.store.revoke_access_token(token.jti, token.exp, _index(token))

    async def _find_claims(self, token: str) -> bytes | str | None:
        if _OPAQUE.fullmatch(token):
            kept = await self.store.find_opaque_token(sha256_of(token))
            return None if kept is None else kept.claims
        if len(token) <= LONGEST_JWT and _JWT.fullmatch(token):
            return self.signing_keys.find_payload(token)
        return None


def _opaque_draft(token: AccessToken, grant_id: str | None) -> Draft:
    text = new_opaque_value()
    claims = json.dumps(token.claims(), separators=(",", ":"))
    return Draft(text, token, grant_id, OpaqueToken(sha256_of(text), claims, token.exp))


def _index(token: AccessToken) -> int | None:
    return None if token.status is None else token.status.number


def _of_the_customer(token: AccessToken, grant: AuthorizationGrant) -> AccessToken:
    return replace(
        token,
        sub=grant.sub,
        openbanking_intent_id=grant.openbanking_intent_id,
        auth_time=grant.auth_time,
        acr=grant.acr,
    )
