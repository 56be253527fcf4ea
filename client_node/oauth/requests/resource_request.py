"""A request to a protected resource: RFC 6750 sections 2.1 and 3."""

from collections.abc import Mapping

from client_node.oauth.requests.challenges import find_bearer_challenge
from client_node.oauth.requests.errors import ResourceRefused
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.json_answers import json_object
from client_node.oauth.requests.statuses import unexpected_status
from pki.http.answers import Answer
from pki.http.messages import Fields

_WHAT = "protected resource"


async def request_resource(
    identity: Identity, url: str, access_token: str | None, method: str = "GET"
) -> Answer:
    """
    Ask for *url* with *access_token* in the `Authorization` header, or without one.

    RFC 8705 section 3: the token is good only over a connection that proves the
    certificate it is bound to, so it is sent over the connections of *identity*.
    That the two belong together is not checked: a thief would not check it either.

    Raises:
        ValueError: *url* is not https; a token is sent nowhere else.
    """
    if not url.startswith("https://"):
        raise ValueError(f"no https URL: {url!r}")
    fields: Fields = (("Accept", "application/json"),)
    if access_token is not None:
        fields = (*fields, ("Authorization", f"Bearer {access_token}"))
    return await identity.send(method, url, fields)


def judge_resource_response(answer: Answer) -> Mapping[str, object]:
    """
    The JSON object that was asked for.

    Raises:
        ResourceRefused: any status of 400 to 499, with the challenge, if any.
        UnusableAnswer: it is neither that nor 200 with a JSON object.
    """
    if 400 <= answer.status < 500:
        fields = answer.headers.get("www-authenticate", ())
        raise ResourceRefused(answer.status, find_bearer_challenge(fields))
    if answer.status != 200:
        raise unexpected_status(answer, _WHAT, 200)
    return json_object(answer, _WHAT)
