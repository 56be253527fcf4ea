"""
The token request and its response: RFC 6749 sections 4.1.3, 4.4.2, 5.1, 5.2 and 6.

A client that authenticates with its certificate has nothing to add; one that signs
assertions gives them as *credentials*, see `client_node.oauth.token.client_assertion`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from client_node.oauth.requests.endpoint_request import request_endpoint, verify_success
from client_node.oauth.requests.errors import UnusableAnswer
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.json_answers import json_object, optional, required
from pki.http.answers import Answer

_WHAT = "token response"
_B64TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")  # RFC 6750 section 2.1


@dataclass(frozen=True, slots=True)
class TokenResponse:
    """
    A successful token response.

    *expires_in* is in seconds, and `None` where the server does not tell. *scope*
    is `None` where the server granted what was asked for (RFC 6749 section 5.1).
    *refresh_token* and *id_token* are `None` where the server gave none. The latter
    is as it came, nothing of it is checked.
    """

    access_token: str = field(repr=False)
    expires_in: float | None
    scope: str | None
    refresh_token: str | None = field(default=None, repr=False)
    id_token: str | None = field(default=None, repr=False)


async def request_token(
    identity: Identity,
    endpoint: str,
    scope: str,
    credentials: Mapping[str, str] | None = None,
) -> Answer:
    """
    Ask for an access token by the client credentials grant.

    RFC 6749 section 4.4.2, with the client authentication of RFC 8705 section 2:
    the certificate of the connection, and `client_id` in the form. *endpoint* is
    that of `choose_endpoint`.
    """
    parameters = {"grant_type": "client_credentials", "scope": scope}
    return await request_endpoint(
        identity, endpoint, {**parameters, **(credentials or {})}
    )


async def request_redemption(
    identity: Identity,
    endpoint: str,
    code: str,
    *,
    redirect_uri: str,
    code_verifier: str,
    credentials: Mapping[str, str] | None = None,
) -> Answer:
    """
    Redeem an authorization code: RFC 6749 section 4.1.3, RFC 7636 section 4.5.

    What is issued is bound to the certificate of *identity* (RFC 8705 section 3).
    """
    parameters = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": code_verifier,
    }
    return await request_endpoint(
        identity, endpoint, {**parameters, **(credentials or {})}
    )


async def request_refresh(
    identity: Identity,
    endpoint: str,
    refresh_token: str,
    credentials: Mapping[str, str] | None = None,
) -> Answer:
    """
    Ask for a new access token: RFC 6749 section 6, for the same scope as before.

    It is bound to the certificate that *identity* has now, which may be a renewed one.
    """
    parameters = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    return await request_endpoint(
        identity, endpoint, {**parameters, **(credentials or {})}
    )


def judge_token_response(answer: Answer) -> TokenResponse:
    """
    The token response in *answer*.

    `token_type` is compared without regard to case (RFC 6749 section 5.1), and a
    response without `expires_in` is a good one. The token is opaque to the client
    (RFC 9068 section 6): whether it is bound, to which certificate and with which
    scope is not checked.

    Raises:
        ErrorResponse: the authorization server refused.
        UnusableAnswer: the answer is not as RFC 6749 section 5 has it.
    """
    verify_success(answer, _WHAT)
    members = json_object(answer, _WHAT)
    access_token = required(members, "access_token", str, _WHAT)
    if not _B64TOKEN.fullmatch(access_token):
        raise UnusableAnswer(f"{_WHAT}: 'access_token' cannot be sent as a header")
    token_type = required(members, "token_type", str, _WHAT)
    if token_type.lower() != "bearer":
        raise UnusableAnswer(f"{_WHAT}: token_type {token_type!r:.80} is not Bearer")
    expires_in = optional(members, "expires_in", (int, float), _WHAT)
    if expires_in is not None and expires_in < 0:
        raise UnusableAnswer(f"{_WHAT}: 'expires_in' is negative")
    return TokenResponse(
        access_token,
        expires_in,
        optional(members, "scope", str, _WHAT),
        optional(members, "refresh_token", str, _WHAT),
        optional(members, "id_token", str, _WHAT),
    )
