"""The UserInfo request and its response: OpenID Connect Core section 5.3."""

from collections.abc import Mapping

from client_node.oauth.requests.errors import UnusableAnswer
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.resource_request import (
    judge_resource_response,
    request_resource,
)
from pki.http.answers import Answer


async def request_userinfo(
    identity: Identity, endpoint: str, access_token: str
) -> Answer:
    """
    Ask who the customer is.

    A protected resource like any other: the token is bound to the certificate of
    *identity* (RFC 8705 section 3), and *endpoint* is that of `choose_endpoint`.
    """
    return await request_resource(identity, endpoint, access_token)


def judge_userinfo_response(answer: Answer, sub: str) -> Mapping[str, object]:
    """
    The claims about *sub*, the subject of the ID token.

    OpenID Connect Core section 5.3.2: the claims of another subject must not be
    used, so that a token that was exchanged for another's is noticed.

    Raises:
        ResourceRefused: the authorization server refused.
        UnusableAnswer: it is no such response, or about somebody else.
    """
    claims = judge_resource_response(answer)
    if claims.get("sub") != sub:
        raise UnusableAnswer("userinfo response: it is about another subject")
    return claims
