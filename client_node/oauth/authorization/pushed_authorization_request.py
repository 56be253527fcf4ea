"""
The pushed authorization request and its response: RFC 9126 section 2.

What the client wants goes to the authorization server directly; the browser then
carries a reference to it and nothing that anybody could read or change on the way.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from client_node.oauth.authorization.pkce import METHOD
from client_node.oauth.metadata.server_metadata import ServerMetadata
from client_node.oauth.requests.endpoint_request import request_endpoint, verify_success
from client_node.oauth.requests.errors import UnusableAnswer
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.json_answers import json_object, required
from pki.http.answers import Answer

_WHAT = "pushed authorization response"


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """
    What is asked of the customer, RFC 6749 section 4.1.1.

    *state* and *nonce* belong to one journey of one browser. *claims* is the
    parameter of OpenID Connect Core section 5.5, *prompt* that of section 3.1.2.1:
    `login` has the customer sign in even if the server knows her already.
    """

    redirect_uri: str
    scope: str
    state: str
    code_challenge: str
    nonce: str | None = None
    claims: Mapping[str, object] | None = None
    prompt: str | None = None

    def parameters(self) -> dict[str, str]:
        """As a form has them."""
        parameters = {
            "response_type": "code",
            "redirect_uri": self.redirect_uri,
            "scope": self.scope,
            "state": self.state,
            "code_challenge": self.code_challenge,
            "code_challenge_method": METHOD,
        }
        if self.nonce is not None:
            parameters["nonce"] = self.nonce
        if self.claims is not None:
            parameters["claims"] = json.dumps(self.claims)
        if self.prompt is not None:
            parameters["prompt"] = self.prompt
        return parameters


@dataclass(frozen=True, slots=True)
class PushedAuthorization:
    """A reference to a pushed request; *expires_in* is in seconds."""

    request_uri: str
    expires_in: float


async def request_pushed_authorization(
    identity: Identity,
    endpoint: str,
    request: AuthorizationRequest,
    credentials: Mapping[str, str] | None = None,
) -> Answer:
    """
    Push *request*: RFC 9126 section 2.1.

    *endpoint* is that of `choose_endpoint`. *credentials* are further parameters of
    client authentication, see `client_node.oauth.token.client_assertion`.
    """
    parameters = {**request.parameters(), **(credentials or {})}
    return await request_endpoint(identity, endpoint, parameters)


def judge_pushed_authorization_response(answer: Answer) -> PushedAuthorization:
    """
    The reference in *answer*, RFC 9126 section 2.2.

    Raises:
        ErrorResponse: the authorization server refused.
        UnusableAnswer: the answer is not as RFC 9126 section 2 has it.
    """
    verify_success(answer, _WHAT, status=201)
    members = json_object(answer, _WHAT)
    request_uri = required(members, "request_uri", str, _WHAT)
    expires_in = required(members, "expires_in", (int, float), _WHAT)
    if not request_uri or expires_in <= 0:
        raise UnusableAnswer(f"{_WHAT}: it has ended before it began")
    return PushedAuthorization(request_uri, expires_in)


def authorization_url(
    metadata: ServerMetadata, client_id: str, pushed: PushedAuthorization
) -> str:
    """
    Where the browser is sent: RFC 9126 section 4, with these two parameters only.

    It is the conventional endpoint and never an alias: no browser is to be asked for
    a certificate (RFC 8705 section 5).

    Raises:
        UnusableAnswer: the authorization server has no such endpoint.
    """
    endpoint = metadata.members.get("authorization_endpoint")
    if not isinstance(endpoint, str):
        raise UnusableAnswer("authorization server metadata: no authorization_endpoint")
    query = urlencode({"client_id": client_id, "request_uri": pushed.request_uri})
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"
