"""A token presented at the bank, and every answer it may get."""

import pytest

from client_node.oauth.requests.errors import ResourceRefused, UnusableAnswer
from client_node.oauth.requests.resource_request import (
    judge_resource_response,
    request_resource,
)
from pki.http.answers import Answer
from pki.http.messages import Response
from tests.client_node.in_memory.bank import RESOURCE, Bank, always_challenge

URL = f"{RESOURCE}/accounts"
JSON = {"content-type": ("application/json",)}


def test_a_token_travels_in_the_header_with_its_certificate(bank: Bank) -> None:
    """RFC 6750 section 2.1, RFC 8705 section 3: header, and the bound certificate."""
    identity = bank.identity(bank.pki.client)
    answer = bank.network.run(request_resource(identity, URL, "token-1"))
    assert "Data" in judge_resource_response(answer)
    (request,) = bank.resource.asked
    assert request.headers["authorization"] == ("Bearer token-1",)
    assert request.query == ""
    assert request.peer is not None
    assert request.peer.x5t_s256 == identity.x5t_s256
    assert request.header("x-fapi-interaction-id")


def test_without_a_token_there_is_no_header(bank: Bank) -> None:
    """To see what the resource server asks for."""
    bank.network.run(request_resource(bank.identity(None), URL, None))
    assert "authorization" not in bank.resource.asked[0].headers


def test_a_token_is_sent_over_https_only(bank: Bank) -> None:
    """RFC 6750 section 5.3: a token is never sent in the clear."""
    with pytest.raises(ValueError, match="no https URL"):
        bank.network.run(
            request_resource(bank.identity(None), "http://localhost:9445/", "token-1")
        )
    assert not bank.network.connections_made


def test_a_challenge_is_told(bank: Bank) -> None:
    """RFC 6750 section 3: status, error and description of the refusal."""
    challenge = 'Bearer error="invalid_token", error_description="no"'
    bank.resource.answers["/accounts"] = always_challenge(401, challenge)
    identity = bank.identity(bank.pki.client)
    answer = bank.network.run(request_resource(identity, URL, "token-1"))
    with pytest.raises(ResourceRefused, match="401 invalid_token: no") as refused:
        judge_resource_response(answer)
    assert (refused.value.status, refused.value.error) == (401, "invalid_token")


def test_a_refusal_may_have_no_challenge() -> None:
    """A 404 has none, and is the server's word all the same."""
    with pytest.raises(ResourceRefused) as refused:
        judge_resource_response(Answer(404, JSON, b"{}"))
    assert (str(refused.value), refused.value.error) == ("404", "")


@pytest.mark.parametrize("status", [204, 302, 500, 503])
def test_another_status_is_not_used(status: int) -> None:
    """A redirect least of all: the token would travel with it."""
    with pytest.raises(UnusableAnswer, match=f"{status} instead of 200"):
        judge_resource_response(Answer(status, JSON, b"{}"))


def test_what_is_no_json_object_is_not_used() -> None:
    """The bank's accounts are a JSON object."""
    with pytest.raises(UnusableAnswer):
        judge_resource_response(Answer(200, JSON, b"[]"))


def test_a_redirect_is_not_followed(bank: Bank) -> None:
    """RFC 9700 section 4.12: the token does not travel on."""
    location = (("Location", f"{RESOURCE}/elsewhere"),)
    bank.resource.answers["/accounts"] = lambda _request: Response(307, location)
    answer = bank.network.run(request_resource(bank.identity(None), URL, "token-1"))
    assert answer.status == 307
    assert len(bank.resource.asked) == 1
