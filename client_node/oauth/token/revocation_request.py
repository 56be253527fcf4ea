"""The revocation request and its response: RFC 7009 section 2."""

from client_node.oauth.requests.endpoint_request import request_endpoint, verify_success
from client_node.oauth.requests.identity import Identity
from pki.http.answers import Answer


async def request_revocation(identity: Identity, endpoint: str, token: str) -> Answer:
    """Ask for the end of *token*: RFC 7009 section 2.1."""
    return await request_endpoint(identity, endpoint, {"token": token})


def judge_revocation_response(answer: Answer) -> None:
    """
    Nothing, where the token is good no more.

    RFC 7009 section 2.2: 200 also for a token that was never good, so nothing is
    learnt about it; the body is not looked at.

    Raises:
        ErrorResponse: the authorization server refused.
        UnusableAnswer: the answer is neither.
    """
    verify_success(answer, "revocation response")
