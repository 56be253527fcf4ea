"""What all requests to the authorization server's endpoints have in common."""

from collections.abc import Mapping
from urllib.parse import urlencode

from client_node.oauth.requests.errors import ErrorResponse, UnusableAnswer
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.json_answers import json_object, required
from client_node.oauth.requests.statuses import unexpected_status
from pki.http.answers import Answer
from pki.http.messages import Fields

_FIELDS: Fields = (
    ("Content-Type", "application/x-www-form-urlencoded"),
    ("Accept", "application/json"),
)


async def request_endpoint(
    identity: Identity, endpoint: str, parameters: Mapping[str, str]
) -> Answer:
    """
    POST *parameters* as a form.

    RFC 8705 section 2: a client that authenticates with its certificate says with
    `client_id` who it is, in every request, so it is added here and nowhere else. So
    is the assertion of one that signs, a new one for each request (RFC 7523 section
    3), unless *parameters* have one.
    """
    proof = {} if identity.assertion is None else identity.assertion()
    form = {**proof, **parameters, "client_id": identity.client_id}
    return await identity.send("POST", endpoint, _FIELDS, urlencode(form).encode())


def verify_success(answer: Answer, what: str, *, status: int = 200) -> None:
    """
    Raises:
        ErrorResponse: the server refused, in the form of RFC 6749 section 5.2.
        UnusableAnswer: it is neither *status* nor an error response.
    """
    if answer.status == status:
        return
    if not 400 <= answer.status < 500:
        raise unexpected_status(answer, what, status)
    try:
        members = json_object(answer, what)
    except UnusableAnswer as unusable:
        told = f"{unusable}: no error response (RFC 6749 section 5.2)"
        raise UnusableAnswer(told) from unusable
    error = required(members, "error", str, what)
    # For people: one that is null, or no text, takes nothing from the error itself.
    described = members.get("error_description")
    text = described if isinstance(described, str) else ""
    raise ErrorResponse(answer.status, error, text, answer.url)
