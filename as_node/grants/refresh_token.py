"""
The refresh token grant, RFC 6749 section 6.

The token stays the same (FAPI 2.0 section 5.3.2.1 wants no rotation): a confidential
client has to authenticate to use it, a public one to hold the certificate it is bound
to. Either is what RFC 9700 section 2.2.2 asks for.
"""

from dataclasses import dataclass

from as_node.clients.registry import Client
from as_node.grants.grant import Granted, IsInForce, TokenRequest
from as_node.protocol.errors import InvalidGrant, InvalidScope
from as_node.protocol.parameters import Parameters, require
from as_node.protocol.scopes import parse_scope, scope_text
from as_node.protocol.sender_constraint import verify_refresh_token_sender
from as_node.tokens.authorizations import Authorizations, RefreshToken
from pki.http.checks import Check
from pki.http.journal import Journal

_RULE = "RFC 6749 section 6"

KNOWN = Check("refresh-token.known", "there is such a refresh token in force", _RULE)
CLIENT = Check(
    "refresh-token.client",
    "the refresh token was issued to the client that presents it",
    _RULE,
)
CONSENT = Check(
    "refresh-token.consent",
    "the consent that the refresh token stands on is in force",
    "UK Open Banking Read/Write v4.0, account-access-consents",
)
SCOPE = Check(
    "refresh-token.scope", "the scope is within what the customer allowed", _RULE
)


@dataclass(frozen=True, slots=True)
class RefreshTokenGrant:
    """Honours the refresh tokens of *authorizations*."""

    authorizations: Authorizations
    is_in_force: IsInForce

    async def grant(self, asked: TokenRequest) -> Granted:
        """
        What the customer allowed, or the part of it that is asked for.

        The new access token is bound to the certificate of this connection, which
        may be a renewed one (RFC 8705 section 6.3).

        Raises:
            InvalidRequest: there is no refresh token.
            InvalidGrant: it is unknown, expired or revoked, another client's, or
                bound to another certificate; or the consent has ended.
            InvalidScope: more is asked for than was allowed.
        """
        presented = require(asked.parameters, "refresh_token")
        token = await self.authorizations.find_refresh_token(presented)
        if token is None:
            raise InvalidGrant("no such refresh token in force", KNOWN)
        asked.journal.about(grant_id=token.grant.grant_id, sub=token.grant.sub)
        verify_issued_to(asked.client, token, asked.journal)
        verify_refresh_token_sender(token.bound_to, asked.sender, asked.journal)
        if not await self.is_in_force(token.grant, asked.journal):
            raise InvalidGrant("the consent behind the grant has ended", CONSENT)
        scope = narrowed_scope(token, asked.client, asked.parameters, asked.journal)
        return Granted(scope, authorization=token.grant)


def verify_issued_to(client: Client, token: RefreshToken, journal: Journal) -> None:
    """
    The refresh token was issued to the client that presents it.

    For a client that authenticates by its certificate this is the binding of the
    token to it, RFC 8705 section 7.1.

    Raises:
        InvalidGrant: it was issued to another.
    """
    if token.grant.client_id != client.client_id:
        raise InvalidGrant(
            "the refresh token was issued to another client",
            CLIENT,
            expected=token.grant.client_id,
            presented=client.client_id,
        )
    journal.accepted(
        CLIENT,
        verify_issued_to,
        expected=token.grant.client_id,
        presented=client.client_id,
    )


def narrowed_scope(
    token: RefreshToken, client: Client, parameters: Parameters, journal: Journal
) -> frozenset[str]:
    """
    What was asked for, or all the customer allowed if nothing was.

    What the client is not registered for any more is not among it.

    Raises:
        InvalidScope: what was asked for is no scope, or more than that; or nothing
            is left.
    """
    allowed = token.grant.scope & client.scopes
    expected = scope_text(allowed)
    asked = parameters.get("scope", expected)
    try:
        scope = parse_scope(asked)
    except ValueError as error:
        raise InvalidScope(str(error), SCOPE, presented=asked) from error
    if not scope <= allowed:
        raise InvalidScope(
            "more scope than the customer allowed",
            SCOPE,
            expected=expected,
            presented=asked,
        )
    journal.accepted(
        SCOPE,
        narrowed_scope,
        expected=expected,
        presented=asked,
    )
    return scope
