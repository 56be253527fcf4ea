"""
Authorization codes and refresh tokens: issued, found again, ended.

The codes and tokens themselves leave this server and stay nowhere in it; what is kept
is their hash. RFC 6749 sections 4.1.2 and 6, RFC 9700 sections 2.1.1 and 2.2.2.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from as_node.protocol.sender_constraint import SenderConstraint
from as_node.store.authorizations import AuthorizationStore
from as_node.store.records import AuthorizationGrant, Code, RefreshToken
from as_node.tokens.random_values import new_opaque_value, sha256_of

__all__ = [
    "CODE_LIFETIME_SECONDS",
    "AuthorizationGrant",
    "Authorizations",
    "Code",
    "RefreshToken",
    "new_grant_id",
]

CODE_LIFETIME_SECONDS = 60
"""FAPI 2.0 section 5.3.2.1: at most 60 seconds."""


def new_grant_id() -> str:
    """An identifier for an `AuthorizationGrant`. It is no secret."""
    return secrets.token_urlsafe(16)


@dataclass(frozen=True, slots=True)
class Authorizations:
    """
    What was issued because a customer said yes.

    *refresh_token_lifetime_seconds* counts from when the code was redeemed; *clock*
    gives seconds since the epoch.

    Raises:
        StoreFailed: any operation; then it did not happen.
    """

    store: AuthorizationStore
    refresh_token_lifetime_seconds: int
    clock: Callable[[], float]

    async def issue_code(
        self, grant: AuthorizationGrant, redirect_uri: str, code_challenge: str
    ) -> str:
        """
        A code for the client of *grant*, kept when this returns.

        *redirect_uri* is the one it is sent to; *code_challenge* is of the method
        S256 (RFC 7636 section 4.2). Each code needs a grant of its own `grant_id`.
        """
        code = new_opaque_value()
        await self.store.keep_code(
            Code(
                sha256=sha256_of(code),
                grant=grant,
                redirect_uri=redirect_uri,
                code_challenge=code_challenge,
                exp=int(self.clock()) + CODE_LIFETIME_SECONDS,
            )
        )
        return code

    async def find_code(self, code: str) -> Code | None:
        """The code, even if it has expired or was redeemed; *code* may be anything."""
        return await self.store.find_code(sha256_of(code))

    async def has_code_on_its_way(
        self, openbanking_intent_id: str, client_id: str
    ) -> bool:
        """Whether the client was given a code for this consent and may redeem it."""
        return await self.store.has_code_on_its_way(
            openbanking_intent_id, client_id, self.clock()
        )

    def new_refresh_token(
        self, grant: AuthorizationGrant, bound_to: SenderConstraint | None
    ) -> tuple[str, RefreshToken]:
        """
        A refresh token and how to keep it; it is good once it is kept.

        *bound_to* is what to bind it to, or None not to bind it.
        """
        token = new_opaque_value()
        kept = RefreshToken(
            sha256=sha256_of(token),
            grant=grant,
            bound_to=bound_to,
            exp=int(self.clock()) + self.refresh_token_lifetime_seconds,
        )
        return token, kept

    async def find_refresh_token(self, token: str) -> RefreshToken | None:
        """
        The refresh token, if it is in force; *token* may be anything.

        None of one that is unknown, has expired, or whose grant is revoked. Whose it
        is, and to which certificate it is bound, is not checked.
        """
        found = await self.store.find_refresh_token(sha256_of(token))
        if found is None or self.clock() >= found.exp:
            return None
        return found

    async def find_grant_of(self, jti: str) -> AuthorizationGrant | None:
        """The grant that the access token of this `jti` was issued from, if any."""
        return await self.store.find_grant_of(jti)

    async def revoke(self, grant: AuthorizationGrant) -> None:
        """
        All that was issued from *grant* is dead, durably, when this returns.

        Access tokens, the refresh token, and whatever is being issued meanwhile.
        """
        await self.store.revoke_grant(grant.grant_id)
