"""
What is kept between a customer's consent and the end of what it allowed.

Parts of the `Store` of `as_node.store.store`, whose promises they share: every
operation is atomic, durable when it returns, and raises `StoreFailed` where it did not
happen.
"""

from dataclasses import dataclass, field
from typing import Protocol

from as_node.store.records import (
    AuthorizationGrant,
    Code,
    IssuedAccessToken,
    RefreshToken,
)


class AuthorizationStore(Protocol):
    """Authorization codes, and everything that is issued from their grants."""

    async def keep_code(self, code: Code) -> None:
        """Keep a code that is not redeemed, and its grant. One hash is kept once."""
        raise NotImplementedError

    async def find_code(self, sha256: bytes) -> Code | None:
        """
        The code of this hash. Its expiry is not looked at.

        A redeemed one is found as long as anything issued from it may be in force.
        """
        raise NotImplementedError

    async def has_code_on_its_way(
        self, openbanking_intent_id: str, client_id: str, now: float
    ) -> bool:
        """
        Whether the client holds a code for this consent that is good and not redeemed.

        *now* is in seconds since the epoch. What is being kept or redeemed at this
        moment may be counted or not.
        """
        raise NotImplementedError

    async def redeem_code(
        self,
        sha256: bytes,
        refresh_token: RefreshToken | None,
        access_token: IssuedAccessToken | None,
    ) -> bool:
        """
        Redeem the code once: True to one caller and no other, however many there are.

        With True what comes of it is kept as well, as one with the redemption: the
        refresh token if there is one, the access token as by `note_issued`; and what
        was issued before to the same client for the same consent of the resource
        server is revoked. Where that fails the code is as it was. With False
        everything issued from the code's grant, now or later, is revoked: the code was
        redeemed before. An unknown code gives False as well.
        """
        raise NotImplementedError

    async def find_refresh_token(self, sha256: bytes) -> RefreshToken | None:
        """
        The refresh token of this hash, unless its grant is revoked.

        Its expiry is not looked at.
        """
        raise NotImplementedError

    async def note_issued(self, access_token: IssuedAccessToken) -> None:
        """
        The access token is issued from its grant, kept if it is opaque, and is revoked
        with the grant.

        So is its status index, if it has one (see `StatusListStore`).

        If the grant is revoked already, then so is the token, from the beginning.
        To be called before the token is given away.
        """
        raise NotImplementedError

    async def find_grant_of(self, jti: str) -> AuthorizationGrant | None:
        """
        The grant from which the access token of this `jti` was issued.

        None where there is none, or it is revoked.
        """
        raise NotImplementedError

    async def revoke_grant(self, grant_id: str) -> None:
        """
        Everything issued from the grant, now or later, is revoked: all at once.

        To revoke a grant twice, or one that is not kept, changes nothing.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class PushedRequest:
    """
    An authorization request as its client pushed it, RFC 9126 section 2.1.

    *request* says what was found to be asked; how it is written is the business of
    who keeps it. *exp* is in seconds since the epoch.

    *network* is where it came from, if the client proved nothing: then anybody there
    may have pushed it.
    """

    request_uri: str
    client_id: str
    request: str = field(repr=False)
    exp: int
    network: str | None = None


MOST_PUSHED_BY_A_CLIENT = 50_000
"""
Requests of one client that are in force.

166 customers a second for the five minutes that one is good: more than any bank has.
Of a public client that is everybody who uses its name.
"""

MOST_PUSHED_FROM_A_NETWORK = 200
"""
Of those the ones of one network, of a client that proves nothing: 40 a minute.

Many of its users can stand behind one address; who floods it from there harms those
alone. A request takes 16 KB at the very most, so that is 3 MB for one peer.
"""


class TooManyPushed(Exception):
    """
    As many requests of this client, or from its network, are in force as may be.

    The text says how many those are, and *most* how many they may be.
    """

    def __init__(self, found: str, most: int) -> None:
        super().__init__(found)
        self.most = most


class PushedRequestStore(Protocol):
    """Authorization requests that were pushed and are not used yet."""

    async def keep_pushed_request(self, request: PushedRequest) -> None:
        """
        Keep it until its `exp`. One `request_uri` is kept once.

        Raises:
            TooManyPushed: see there; nothing is kept.
        """
        raise NotImplementedError

    async def find_pushed_request(self, request_uri: str) -> PushedRequest | None:
        """The request of this URI, if it was not used. Its expiry is not looked at."""
        raise NotImplementedError

    async def use_pushed_request(self, request_uri: str) -> PushedRequest | None:
        """
        The request, to one caller and no other, and to none after that.

        Its expiry is not looked at.
        """
        raise NotImplementedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """
    A browser's session as it is kept: not its identifier, only the SHA-256 hash.

    *state* is a JSON object; what is in it is the business of who keeps it. *exp* is
    in seconds since the epoch.
    """

    sha256: bytes = field(repr=False)
    state: str = field(repr=False)
    exp: int


class SessionStore(Protocol):
    """Sessions of browsers."""

    async def keep_session(self, session: Session) -> None:
        """Keep it until its `exp`, in place of one of the same hash."""
        raise NotImplementedError

    async def find_session(self, sha256: bytes) -> Session | None:
        """The session of this hash. Its expiry is not looked at."""
        raise NotImplementedError

    async def end_session(self, sha256: bytes) -> None:
        """There is no such session any more. To end it twice changes nothing."""
        raise NotImplementedError


class AssertionStore(Protocol):
    """Client assertions that have been used, RFC 7523 section 3."""

    async def use_assertion(self, client_id: str, jti: str, exp: int) -> bool:
        """
        Use the assertion once: True to one caller and no other.

        It is remembered until *exp*, in seconds since the epoch: not before nobody
        would accept it any more. *jti* is kept as it is, so how long it may be is
        for the caller to say.
        """
        raise NotImplementedError
