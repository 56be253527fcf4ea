"""The introspection request and its response: RFC 7662 section 2."""

from collections.abc import Mapping
from types import MappingProxyType

from client_node.oauth.requests.endpoint_request import request_endpoint, verify_success
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.json_answers import json_object, required
from pki.http.answers import Answer

_WHAT = "introspection response"


async def request_introspection(
    identity: Identity, endpoint: str, token: str
) -> Answer:
    """
    Ask what the authorization server knows about *token*.

    RFC 7662 section 2.1: only a protected resource may ask, here one that
    authenticates by its certificate.
    """
    return await request_endpoint(identity, endpoint, {"token": token})


def judge_introspection_response(answer: Answer) -> Mapping[str, object]:
    """
    The members of the response, of which `active` is a boolean.

    No other member is checked: not `cnf`, and not that the token is active.

    Raises:
        ErrorResponse: the authorization server refused.
        UnusableAnswer: the answer is not as RFC 7662 section 2.2 has it.
    """
    verify_success(answer, _WHAT)
    members = json_object(answer, _WHAT)
    required(members, "active", bool, _WHAT)
    return MappingProxyType(members)
