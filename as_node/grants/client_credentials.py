"""The client credentials grant, RFC 6749 section 4.4."""

from dataclasses import replace

from as_node.clients.registry import Client
from as_node.grants.grant import Granted, TokenRequest
from as_node.protocol.errors import InvalidScope
from as_node.protocol.parameters import Parameters
from as_node.protocol.scopes import parse_scope, scope_text
from pki.http.journal import Journal

_RULE = "RFC 6749 section 3.3"


async def client_credentials(asked: TokenRequest) -> Granted:
    """
    The client acts for itself, so it is the subject (RFC 9068 section 2.2).

    `openid` is not to be had: it asks who the customer is (OpenID Connect Core section
    3.1.2.1), and there is none here.

    Raises:
        InvalidScope: see `granted_scope`.
    """
    for_itself = replace(asked.client, scope=asked.client.scope - {"openid"})
    scope = granted_scope(for_itself, asked.parameters, asked.journal)
    return Granted(scope)


def granted_scope(
    client: Client, parameters: Parameters, journal: Journal
) -> frozenset[str]:
    """
    What was asked for, or all the client is registered for if nothing was.

    Raises:
        InvalidScope: what was asked for is no scope, or more than the client's; or
            nothing was asked for, and the client is registered for nothing.
    """
    expected = scope_text(client.scope)
    asked = parameters.get("scope", expected)
    try:
        scope = parse_scope(asked)
    except ValueError as error:
        raise InvalidScope(str(error), rule=_RULE, presented=asked) from error
    if not scope <= client.scope:
        raise InvalidScope(
            "more scope than the client is registered for",
            rule=_RULE,
            expected=expected,
            presented=asked,
        )
    journal.accepted(
        "the scope is within the client's registration",
        granted_scope,
        rule=_RULE,
        expected=expected,
        presented=asked,
    )
    return scope
