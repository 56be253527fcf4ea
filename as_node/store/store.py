"""
What the authorization server keeps, and what each operation promises.

Every operation is atomic, and one that changes something is durable when it
returns: the answer to the peer is sent after that, so nothing that was acknowledged
is lost with the process or with the power. SQLite stands behind it
(`as_node.store.sqlite.store`); another engine can, and says with the same
`pki.node.store_errors` what it could not do.
"""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from as_node.store.authorizations import (
    AssertionStore,
    AuthorizationStore,
    PushedRequestStore,
    SessionStore,
)
from as_node.store.records import OpaqueToken
from as_node.store.status_lists import StatusListStore


class AccessTokenStore(Protocol):
    """
    Access tokens and their revocations.

    A read sees what is committed and nothing else, so what it gave cannot be undone
    by a crash. Whoever cancels an operation stops waiting for it; it may happen all
    the same.

    Raises:
        StoreFailed: any operation.
    """

    async def keep_opaque_token(self, token: OpaqueToken) -> None:
        """Keep a token until its `exp`. One hash is kept once."""
        raise NotImplementedError

    async def find_opaque_token(self, sha256: bytes) -> OpaqueToken | None:
        """The token of this hash. Neither expiry nor revocation is looked at."""
        raise NotImplementedError

    async def revoke_access_token(
        self, jti: str, exp: int, status_index: int | None = None
    ) -> None:
        """
        The access token of this `jti`, JWT or opaque, is revoked from now on.

        So is its *status_index*, if it has one (see `StatusListStore`).

        That is remembered until *exp*, when the token would have ended by itself.
        To revoke a token twice changes nothing.
        """
        raise NotImplementedError

    async def is_access_token_revoked(self, jti: str) -> bool:
        """Whether the access token of this `jti`, or its grant, has been revoked."""
        raise NotImplementedError


class Store(
    AccessTokenStore,
    AuthorizationStore,
    PushedRequestStore,
    SessionStore,
    AssertionStore,
    StatusListStore,
    Protocol,
):
    """Everything that is kept for clients and their customers, in one place."""


@dataclass(frozen=True, slots=True)
class SigningKeyRecord:
    """
    One signing key as it is kept.

    *state*: `next` is published and does not sign yet, `current` signs, `retired`
    only verifies. *public_key* is its SubjectPublicKeyInfo, *private_key* its
    PKCS #8, both in DER; a retired key has no private key any more. *retired_at* is
    in seconds since the epoch.
    """

    kid: str
    alg: str
    state: Literal["next", "current", "retired"]
    public_key: bytes
    private_key: bytes | None = field(repr=False)
    retired_at: float | None = None


class SigningKeyStore(Protocol):
    """
    The signing keys: for each algorithm one next, one current, any number retired.

    Not awaitable, unlike the rest: a handful of rows, read when the process starts
    and every few seconds, changed by a command that has no reactor.

    Raises:
        StoreFailed: any operation.
    """

    def all(self) -> tuple[SigningKeyRecord, ...]:
        """Every key, in an order that only changes with them."""
        raise NotImplementedError

    def add_first(self, first: SigningKeyRecord, second: SigningKeyRecord) -> None:
        """
        The first current key and the first next key of an algorithm.

        Does nothing where the algorithm has keys: two processes that start at once
        end with the same ones.
        """
        raise NotImplementedError

    def rotate(self, new: SigningKeyRecord, now: float) -> None:
        """
        The next key becomes current, the current one retired, *new* the next.

        The retired key's private half is deleted. *new* has the state `next`.

        Raises:
            StoreFailed: also where the algorithm has no keys to rotate.
        """
        raise NotImplementedError

    def forget(self, kid: str) -> None:
        """Delete a retired key. Any other is left alone."""
        raise NotImplementedError
