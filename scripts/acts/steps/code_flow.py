"""
A customer's way from the consent to the code, which more than one act goes.

RFC 6749 section 4.1 with RFC 9126 and RFC 7636; UK Open Banking's consents.
"""

import time
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from secrets import token_urlsafe

from client_node.oauth.authorization.pkce import code_challenge, new_code_verifier
from client_node.oauth.authorization.pushed_authorization_request import (
    AuthorizationRequest,
    authorization_url,
    judge_pushed_authorization_response,
    request_pushed_authorization,
)
from client_node.oauth.metadata.server_metadata import ServerMetadata, choose_endpoint
from client_node.oauth.requests.identity import Identity
from client_node.oauth.token.token_request import (
    TokenResponse,
    judge_token_response,
    request_redemption,
)
from client_node.open_banking.consent_request import (
    PERMISSIONS,
    judge_consent_creation,
    request_consent_creation,
)
from pki.http.answers import Answer
from scripts.stage.cast import Cast, obtain_token, present
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage

SCA = "urn:openbanking:psd2:sca"
_PUSHES = Plan(
    "customer.pushes",
    "The client pushes its authorization request",
    "Directly, over mutual TLS. The browser will carry a reference to it.",
    "RFC 9126 section 2.1",
    "201",
)


@dataclass(frozen=True, slots=True)
class PushedRequest:
    """A pushed request that a browser can take along, and what belongs to it."""

    url: str
    redirect_uri: str
    code_verifier: str
    state: str
    nonce: str


async def ask_consent(
    stage: Stage,
    cast: Cast,
    client: Identity,
    metadata: ServerMetadata,
    *,
    told: bool = True,
) -> str:
    """A consent at the bank, which the customer has not seen yet."""
    plan = Plan(
        "customer.asks-for-itself",
        "The client asks for a token for itself",
        "A consent belongs to the client before it belongs to a customer.",
        "RFC 6749 section 4.4",
    )
    token = await obtain_token(stage, client, metadata, told=plan if told else None)
    expires = time.time() + 90 * 86400
    request = request_consent_creation(
        client, cast.resource, token, PERMISSIONS, expires
    )
    plan = Plan(
        "customer.consent",
        "The client registers with the bank what it will ask for",
        "Which permissions, until when. UK Open Banking calls it an intent.",
        "RFC 8705 section 3",
        "201",
    )
    answer = await (stage.exchange(plan, request) if told else request)
    return judge_consent_creation(present(answer)).consent_id


async def push(  # noqa: PLR0913 - what a request is made of
    stage: Stage,
    cast: Cast,
    client: Identity,
    metadata: ServerMetadata,
    consent_id: str | None,
    *,
    told: Plan | None = _PUSHES,
    scope: str = "openid accounts",
) -> PushedRequest:
    """A pushed authorization request, for a consent or without one."""
    verifier, state, nonce = new_code_verifier(), token_urlsafe(16), token_urlsafe(16)
    redirect_uri = (
        cast.redirect_uri if consent_id is not None else "http://127.0.0.1:7/callback"
    )
    asked = AuthorizationRequest(
        redirect_uri=redirect_uri,
        scope=scope,
        state=state,
        code_challenge=code_challenge(verifier),
        nonce=nonce,
        claims=None if consent_id is None else _claims(consent_id),
    )
    endpoint = choose_endpoint(metadata, "pushed_authorization_request_endpoint")
    request = request_pushed_authorization(client, endpoint, asked)
    answer = await (request if told is None else stage.exchange(told, request))
    pushed = judge_pushed_authorization_response(present(answer))
    url = authorization_url(metadata, client.client_id, pushed)
    return PushedRequest(url, redirect_uri, verifier, state, nonce)


async def redeem(
    stage: Stage,
    client: Identity,
    metadata: ServerMetadata,
    request: PushedRequest,
    code: str,
    plan: Plan,
) -> TokenResponse:
    """
    The tokens that *code* is redeemed for.

    Raises:
        CannotGoOn, ErrorResponse, UnusableAnswer: there are none.
    """
    endpoint = choose_endpoint(metadata, "token_endpoint")
    answer = await stage.exchange(plan, redemption(client, endpoint, request, code))
    return judge_token_response(present(answer))


def redemption(
    client: Identity, endpoint: str, request: PushedRequest, code: str
) -> Awaitable[Answer]:
    """The token request with *code* for *request*, which may be refused."""
    return request_redemption(
        client,
        endpoint,
        code,
        redirect_uri=request.redirect_uri,
        code_verifier=request.code_verifier,
    )


def _claims(consent_id: str) -> Mapping[str, object]:
    """OpenID Connect Core section 5.5, as UK Open Banking has it."""
    return {
        "id_token": {
            "openbanking_intent_id": {"value": consent_id, "essential": True},
            "acr": {"values": [SCA], "essential": True},
        }
    }
