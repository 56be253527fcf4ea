"""The client credentials grant, RFC 6749 section 4.4."""

from as_node.grants.grant import Granted, TokenRequest
from as_node.protocol.scopes import granted_scope


async def client_credentials(asked: TokenRequest) -> Granted:
    """
    The client acts for itself, so it is the subject (RFC 9068 section 2.2).

    `openid` is not to be had: it asks who the customer is (OpenID Connect Core section
    3.1.2.1), and there is none here.

    Raises:
        InvalidScope: see `granted_scope`.
    """
    for_itself = asked.client.scopes - {"openid"}
    return Granted(granted_scope(for_itself, asked.parameters, asked.journal))
