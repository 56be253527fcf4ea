"""What a grant is to the token endpoint, RFC 6749 section 1.3."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from as_node.clients.registry import Client
from as_node.protocol.parameters import Parameters
from as_node.protocol.sender_constraint import SenderConstraint
from as_node.store.records import AuthorizationGrant
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
class Granted:
    """
    What an access token may be issued for: *scope*, by the customer's *authorization*.

    Without one the client acts for itself. *refresh_token* is to be given to the
    client with the access token, good until *refresh_token_exp* in seconds since the
    epoch; and so is an ID token where *with_id_token* says so.
    """

    scope: frozenset[str]
    authorization: AuthorizationGrant | None = None
    refresh_token: str | None = field(default=None, repr=False)
    refresh_token_exp: int | None = None
    with_id_token: bool = False


Grant = Callable[[TokenRequest], Awaitable[Granted]]
"""Judges the request of an authenticated client, or raises an `OAuthError`."""

IdToken = Callable[[Client, AuthorizationGrant, str, int | None], str | None]
"""
Makes the ID token that goes with an access token: OpenID Connect Core section 3.1.3.3.

It is given the client, what the customer allowed it, the access token, and when the
refresh token ends, if there is one; None where no ID token is due.
"""
