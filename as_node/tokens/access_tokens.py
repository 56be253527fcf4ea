"""
Certificate-bound access tokens: issued, found again, revoked.

RFC 8705 section 3: each token is bound to the certificate of the connection over
which it was requested. There is no way to make one that is not.
"""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

from as_node.protocol.sender_constraint import SenderConstraint
from as_node.store.records import AuthorizationGrant
from as_node.store.store import OpaqueToken, Store
from as_node.tokens.claims import AccessToken, find_access_token
from as_node.tokens.random_values import new_opaque_value, sha256_of
from as_node.tokens.signing_keys import SigningKeys
from as_node.tokens.status_indexes import StatusIndexes

__all__ = ["AccessToken", "AccessTokens"]

# The two forms are told apart by their look: one has no dots, the other two.
_OPAQUE = re.compile(r"[A-Za-z0-9_-]{43}")
_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_LONGEST_JWT = 8192


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

    async def issue(
        self,
        client_id: str,
        scope: frozenset[str],
        bound_to: SenderConstraint,
        *,
        opaque: bool,
        signing_alg: str,
        authorization: AuthorizationGrant | None = None,
    ) -> tuple[str, AccessToken]:
        """
        A new access token, and what it says.

        *bound_to* is what the client proved when it requested the token. *signing_alg*
        is for JWTs only.

        Without an *authorization* the client is its own subject (RFC 9068 section
        2.2, `client_credentials`). With one the token speaks for the customer, names
        her consent, and is revoked together with all that was issued from it: from
        the beginning, if that has happened already.

        Whether the client may have it is not checked.

        Raises:
            StoreFailed: the token could not be kept or noted, or the keys not read.
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
            await self.store.note_issued(
                authorization.grant_id, token.jti, token.exp, _index(token)
            )
        if opaque:
            return await self._keep(token), token
        return self.signing_keys.current(signing_alg).sign(token.claims()), token

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

    async def _keep(self, token: AccessToken) -> str:
        opaque = new_opaque_value()
        claims = json.dumps(token.claims(), separators=(",", ":"))
        await self.store.keep_opaque_token(
            OpaqueToken(sha256_of(opaque), claims, token.exp)
        )
        return opaque

    async def _find_claims(self, token: str) -> bytes | str | None:
        if _OPAQUE.fullmatch(token):
            kept = await self.store.find_opaque_token(sha256_of(token))
            return None if kept is None else kept.claims
        if len(token) <= _LONGEST_JWT and _JWT.fullmatch(token):
            return self.signing_keys.find_payload(token)
        return None


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
