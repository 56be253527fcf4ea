"""
What kind of answer an authorization request wants, and where it is to be sent.

FAPI 2.0 Security Profile section 5.3.2.2 leaves one kind: a code, in the query of a
redirect URI that the client has registered.
"""

from as_node.clients.registry import Client, redirect_uri_matches
from as_node.protocol.errors import InvalidRequest, UnsupportedResponseType
from as_node.protocol.parameters import Parameters, require
from pki.http.journal import Journal

_FAPI = "FAPI 2.0 Security Profile section 5.3.2.2"


def registered_redirect_uri(
    client: Client, parameters: Parameters, journal: Journal
) -> str:
    """
    The redirect URI of the request, which is one of the client's.

    It has to be there, also where a client has registered only one (FAPI 2.0
    Security Profile section 5.3.2.2).

    Raises:
        InvalidRequest: it is missing, or not registered.
    """
    asked = require(parameters, "redirect_uri")
    rule, registered = "RFC 9700 section 2.1", ", ".join(client.redirect_uris)
    if not redirect_uri_matches(client, asked):
        raise InvalidRequest(
            "the redirect URI is not registered for this client",
            rule=rule,
            expected=registered,
            presented=ascii(asked[:200]),
        )
    journal.accepted(
        "the redirect URI is one of the client's",
        registered_redirect_uri,
        rule=rule,
        expected=registered,
        presented=asked,
    )
    return asked


def verify_response_type(parameters: Parameters, journal: Journal) -> None:
    """
    A code is asked for, and in the query of the redirect URI.

    No other response type: a token that comes through the browser cannot be bound
    to a certificate (RFC 8705 section 6.4).

    Raises:
        InvalidRequest: nothing is asked for, or by another `response_mode`.
        UnsupportedResponseType: something else is asked for.
    """
    asked = require(parameters, "response_type")
    if asked != "code":
        raise UnsupportedResponseType(
            "only a code is given", rule=_FAPI, expected="code", presented=asked[:80]
        )
    mode = parameters.get("response_mode", "query")
    if mode != "query":
        raise InvalidRequest(
            "only the query of the redirect URI is answered in",
            rule=_FAPI,
            expected="query",
            presented=mode[:80],
        )
    journal.accepted(
        "a code is asked for, and nothing else",
        verify_response_type,
        rule=_FAPI,
        expected="code",
        presented=asked,
    )
