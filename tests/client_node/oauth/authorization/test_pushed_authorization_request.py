"""A pushed authorization request and its answers: RFC 9126."""

import json
from types import MappingProxyType

import pytest

from client_node.oauth.authorization.pushed_authorization_request import (
    AuthorizationRequest,
    PushedAuthorization,
    authorization_url,
    judge_pushed_authorization_response,
    request_pushed_authorization,
)
from client_node.oauth.metadata.server_metadata import ServerMetadata
from client_node.oauth.requests.errors import ErrorResponse, UnusableAnswer
from client_node.oauth.token.client_assertion import assertion_parameters
from client_node.oauth.token.token_request import (
    TokenResponse,
    judge_token_response,
    request_redemption,
    request_refresh,
    request_token,
)
from pki.http.answers import Answer
from tests.client_node.in_memory.bank import ISSUER, MTLS, Bank, always, token_members

ASKED = AuthorizationRequest(
    redirect_uri="https://tpp.example/callback",
    scope="openid accounts",
    state="the state",
    code_challenge="E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
)
PARAMETERS = {
    "response_type": "code",
    "redirect_uri": "https://tpp.example/callback",
    "scope": "openid accounts",
    "state": "the state",
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "code_challenge_method": "S256",
}
PUSHED = {"request_uri": "urn:example:1", "expires_in": 60}


def answer(status: int, members: object) -> Answer:
    """An HTTP answer with *members* as JSON."""
    headers = {"content-type": ("application/json",)}
    return Answer(status, headers, json.dumps(members).encode())


def metadata(**members: object) -> ServerMetadata:
    """What an authorization server says, as far as it matters here."""
    nothing: MappingProxyType[str, str] = MappingProxyType({})
    return ServerMetadata(ISSUER, nothing, nothing, True, members)  # noqa: FBT003 - positional for brevity


def test_what_is_asked_is_pushed_with_the_certificate(bank: Bank) -> None:
    """RFC 9126 section 2.1: all of it, and client_id, over mutual TLS."""
    bank.mutual_tls.answers["/par"] = always(201, PUSHED)
    identity = bank.identity(bank.pki.client)
    pushing = request_pushed_authorization(identity, f"{MTLS}/par", ASKED)
    pushed = judge_pushed_authorization_response(bank.network.run(pushing))
    assert pushed == PushedAuthorization("urn:example:1", 60)
    (form,) = bank.mutual_tls.forms()
    expected = {**PARAMETERS, "client_id": "banking-client"}
    assert form == {name: [value] for name, value in expected.items()}
    (request,) = bank.mutual_tls.asked
    assert request.peer is not None
    assert request.peer.x5t_s256 == identity.x5t_s256


def test_nonce_and_claims_are_pushed_where_there_are_any() -> None:
    """OpenID Connect Core sections 3.1.2.1 and 5.5."""
    claims = {"id_token": {"openbanking_intent_id": {"value": "1", "essential": True}}}
    asked = AuthorizationRequest(
        ASKED.redirect_uri,
        ASKED.scope,
        ASKED.state,
        ASKED.code_challenge,
        nonce="the nonce",
        claims=claims,
    )
    parameters = asked.parameters()
    assert json.loads(parameters.pop("claims")) == claims
    assert parameters == {**PARAMETERS, "nonce": "the nonce"}


@pytest.mark.parametrize(
    ("members", "why"),
    [
        ({"expires_in": 60}, "'request_uri' is missing"),
        ({**PUSHED, "request_uri": 7}, "'request_uri'"),
        ({**PUSHED, "request_uri": ""}, "ended before"),
        ({"request_uri": "urn:example:1"}, "'expires_in' is missing"),
        ({**PUSHED, "expires_in": "60"}, "'expires_in'"),
        ({**PUSHED, "expires_in": True}, "'expires_in'"),
        ({**PUSHED, "expires_in": 0}, "ended before"),
    ],
)
def test_a_response_that_is_not_as_it_should_be_is_not_used(
    members: object, why: str
) -> None:
    """RFC 9126 section 2.2: both members are required."""
    with pytest.raises(UnusableAnswer, match=why):
        judge_pushed_authorization_response(answer(201, members))


@pytest.mark.parametrize("status", [200, 302, 500])
def test_any_other_status_is_no_success(status: int) -> None:
    """RFC 9126 section 2.2: 201."""
    with pytest.raises(UnusableAnswer, match=f"{status} instead of 201"):
        judge_pushed_authorization_response(answer(status, PUSHED))


def test_a_refusal_is_told() -> None:
    """RFC 9126 section 2.3: as RFC 6749 section 5.2 has it."""
    with pytest.raises(ErrorResponse, match="400 invalid_request"):
        judge_pushed_authorization_response(answer(400, {"error": "invalid_request"}))


@pytest.mark.parametrize(
    ("endpoint", "before"),
    [(f"{ISSUER}/authorize", "?"), (f"{ISSUER}/authorize?a=b", "&")],
)
def test_the_browser_carries_a_reference_and_nothing_else(
    endpoint: str, before: str
) -> None:
    """RFC 9126 section 4, FAPI 2.0 section 5.3.3.2: client_id and request_uri."""
    url = authorization_url(
        metadata(authorization_endpoint=endpoint),
        "tpp",
        PushedAuthorization("urn:example:a&b", 60),
    )
    query = f"{before}client_id=tpp&request_uri=urn%3Aexample%3Aa%26b"
    assert url == endpoint + query


def test_without_an_endpoint_there_is_nowhere_to_go() -> None:
    """RFC 8414 section 2: not every server has one."""
    with pytest.raises(UnusableAnswer, match="no authorization_endpoint"):
        authorization_url(metadata(), "tpp", PushedAuthorization("urn:example:1", 60))


def test_a_code_is_redeemed_with_its_verifier(bank: Bank) -> None:
    """RFC 6749 section 4.1.3, RFC 7636 section 4.5."""
    bank.mutual_tls.answers["/token"] = always(
        200, token_members(refresh_token="r", id_token="i", scope="openid")
    )
    answered = bank.network.run(
        request_redemption(
            bank.identity(bank.pki.client),
            f"{MTLS}/token",
            "the code",
            redirect_uri=ASKED.redirect_uri,
            code_verifier="the verifier",
        )
    )
    token = judge_token_response(answered)
    assert token == TokenResponse("token-1", 300, "openid", "r", "i")
    assert "refresh_token" not in repr(token)
    assert bank.mutual_tls.forms() == [
        {
            "grant_type": ["authorization_code"],
            "code": ["the code"],
            "redirect_uri": [ASKED.redirect_uri],
            "code_verifier": ["the verifier"],
            "client_id": ["banking-client"],
        }
    ]


def test_a_refresh_token_is_used(bank: Bank) -> None:
    """RFC 6749 section 6: without a scope, for the same one as before."""
    identity = bank.identity(bank.pki.client)
    bank.network.run(request_refresh(identity, f"{MTLS}/token", "r"))
    assert bank.mutual_tls.forms() == [
        {
            "grant_type": ["refresh_token"],
            "refresh_token": ["r"],
            "client_id": ["banking-client"],
        }
    ]


@pytest.mark.parametrize("name", ["refresh_token", "id_token"])
@pytest.mark.parametrize("value", [7, ["x"], True])
def test_a_token_of_another_type_is_not_used(name: str, value: object) -> None:
    """RFC 6749 section 5.1: strings."""
    members = token_members(**{name: value})
    with pytest.raises(UnusableAnswer, match=name):
        judge_token_response(answer(200, members))


def test_a_client_that_signs_adds_its_assertion(bank: Bank) -> None:
    """RFC 7521 section 4.2: to each request; the certificate is there all the same."""
    bank.mutual_tls.answers["/par"] = always(201, PUSHED)
    identity, token = bank.identity(bank.pki.client), f"{MTLS}/token"
    signed = assertion_parameters("a.b.c")
    for request in (
        request_pushed_authorization(identity, f"{MTLS}/par", ASKED, signed),
        request_token(identity, token, "accounts", signed),
        request_redemption(
            identity,
            token,
            "the code",
            redirect_uri=ASKED.redirect_uri,
            code_verifier="v",
            credentials=signed,
        ),
        request_refresh(identity, token, "r", signed),
    ):
        bank.network.run(request)
    for form in bank.mutual_tls.forms():
        assert form["client_assertion"] == ["a.b.c"]
        assert form["client_id"] == ["banking-client"]
    assert all(each.peer is not None for each in bank.mutual_tls.asked)
