"""What a grant is to the token endpoint, RFC 6749 section 1.3."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from as_node.clients.registry import Client
from as_node.protocol.parameters import Parameters
from as_node.protocol.sender_constraint import SenderConstraint
from as_node.store.records import AuthorizationGrant, Code, RefreshToken
from pki.http.journal import Journal


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """
    The request of an authenticated client, as a grant judges it.

    *sender* is what the client has proved on this very connection, and what is issued
    will be bound to.
    """

    client: Client
    parameters: Parameters
    sender: SenderConstraint
    journal: Journal


@dataclass(frozen=True, slots=True)
class Redemption:
    """
    A code that is good, and is redeemed when what it is good for is kept: as one.

    Were the code redeemed first, a failure before the tokens are kept would burn it,
    and the client's next attempt with it revoke the grant. *refresh_token* is kept
    with it.
    """

    code: Code
    refresh_token: RefreshToken | None


@dataclass(frozen=True, slots=True)
class Granted:
    """
    What an access token may be issued for: *scope*, by the customer's *authorization*.

    Without one the client acts for itself. *refresh_token* is to be given to the
    client with the access token, good until *refresh_token_exp* in seconds since the
    epoch; and so is an ID token where *with_id_token* says so. Nothing is used up yet:
    *redemption* is what is, together with the issuing.
    """

    scope: frozenset[str]
    authorization: AuthorizationGrant | None = None
    refresh_token: str | None = field(default=None, repr=False)
    refresh_token_exp: int | None = None
    with_id_token: bool = False
    redemption: Redemption | None = field(default=None, repr=False, compare=False)


Grant = Callable[[TokenRequest], Awaitable[Granted]]
"""Judges the request of an authenticated client, or raises an `OAuthError`."""

IsInForce = Callable[[AuthorizationGrant, Journal], Awaitable[bool]]
"""
Whether what the customer allowed has not ended at the resource server; where it has,
everything issued from the grant is revoked when this returns.
"""

IdToken = Callable[[Client, AuthorizationGrant, str, int | None], str | None]
"""
Makes the ID token that goes with an access token: OpenID Connect Core section 3.1.3.3.

It is given the client, what the customer allowed it, the access token, and when the
refresh token ends, if there is one; None where no ID token is due.
"""
