"""
Whether a client is registered for what it asks: its grant, redirect URI and scope.

That is all of a judged request that can become wrong while a customer reads: an
operator may start this server again with another configuration. What the RFCs alone
have to say about a request stays said.
"""

from as_node.authorization.request import AuthorizationRequest
from as_node.clients.registry import Client, redirect_uri_matches
from as_node.protocol.errors import InvalidRequest, InvalidScope, UnauthorizedClient
from pki.http.checks import Check
from pki.http.journal import Journal

GRANT_TYPE = Check(
    "authorization.grant-type",
    "the client is registered for the authorization code grant",
    "RFC 6749 section 4.1.2.1",
)
REDIRECT_URI = Check(
    "authorization.redirect-uri",
    "the redirect URI is one of the client's",
    "RFC 9700 section 2.1",
)


def verify_still_registered(client: Client, request: AuthorizationRequest) -> None:
    """
    *client*, as it is registered now, may still ask for what it asked.

    Raises:
        OAuthError: it may not, for the reason that judging it now would have.
    """
    silent = Journal()  # it was told when the request was judged
    verify_grant_type(client, silent)
    verify_redirect_uri(client, request.redirect_uri, silent)
    if not request.scope <= client.scopes:
        raise InvalidScope("more scope than the client is registered for")


def verify_grant_type(client: Client, journal: Journal) -> None:
    """
    The client is registered for the authorization code grant.

    Raises:
        UnauthorizedClient: it is not.
    """
    expected, registered = "authorization_code", ", ".join(client.grant_types)
    if expected not in client.grant_types:
        raise UnauthorizedClient(
            "the client is not registered for the authorization code grant",
            GRANT_TYPE,
            expected=expected,
            presented=registered or "none",
        )
    journal.accepted(
        GRANT_TYPE, verify_grant_type, expected=expected, presented=registered
    )


def verify_redirect_uri(client: Client, redirect_uri: str, journal: Journal) -> None:
    """
    The redirect URI is one of the client's.

    Raises:
        InvalidRequest: it is not registered.
    """
    registered = ", ".join(client.redirect_uris)
    if not redirect_uri_matches(client, redirect_uri):
        raise InvalidRequest(
            "the redirect URI is not registered for this client",
            REDIRECT_URI,
            expected=registered,
            presented=ascii(redirect_uri[:200]),
        )
    journal.accepted(
        REDIRECT_URI, verify_redirect_uri, expected=registered, presented=redirect_uri
    )
