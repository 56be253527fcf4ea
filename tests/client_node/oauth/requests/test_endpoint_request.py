"""Token, introspection and revocation requests, and every answer they may get."""

import json
from collections.abc import Coroutine
from typing import Any

import pytest

from client_node.oauth.requests.errors import ErrorResponse, UnusableAnswer
from client_node.oauth.token.introspection_request import (
    judge_introspection_response,
    request_introspection,
)
from client_node.oauth.token.revocation_request import (
    judge_revocation_response,
    request_revocation,
)
from client_node.oauth.token.token_request import (
    TokenResponse,
    judge_token_response,
    request_token,
)
from pki.http.answers import Answer
from tests.client_node.in_memory.bank import MTLS, Bank, always, token_members


def answer(
    status: int, members: object, content_type: str = "application/json"
) -> Answer:
    """An HTTP answer with *members* as JSON."""
    headers = {"content-type": (content_type,)}
    return Answer(status, headers, json.dumps(members).encode())


def judged(**changes: object) -> TokenResponse:
    """A token response with *changes*, judged."""
    return judge_token_response(answer(200, token_members(**changes)))


def test_a_token_is_asked_for_with_the_certificate_of_the_connection(
    bank: Bank,
) -> None:
    """RFC 8705 section 2: the form says `client_id`, the handshake proves it."""
    identity = bank.identity(bank.pki.client)
    asked = request_token(identity, f"{MTLS}/token", "accounts")
    token = judge_token_response(bank.network.run(asked))
    assert token == TokenResponse("token-1", 300, None)
    (request,) = bank.mutual_tls.asked
    assert request.peer is not None
    assert request.peer.x5t_s256 == identity.x5t_s256
    assert request.header("content-type") == "application/x-www-form-urlencoded"
    assert request.query == ""
    assert bank.mutual_tls.forms() == [
        {
            "grant_type": ["client_credentials"],
            "client_id": ["banking-client"],
            "scope": ["accounts"],
        }
    ]


def test_every_request_to_an_endpoint_says_who_asks(bank: Bank) -> None:
    """RFC 8705 section 2: introspection and revocation carry `client_id` as well."""
    identity = bank.identity(bank.pki.client)
    url = f"{MTLS}/token"
    requests: list[Coroutine[Any, Any, Answer]] = [
        request_introspection(identity, url, "a token"),
        request_revocation(identity, url, "a token"),
    ]
    for request in requests:
        bank.network.run(request)
    expected = {"client_id": ["banking-client"], "token": ["a token"]}
    assert bank.mutual_tls.forms() == [expected, expected]


def test_each_exchange_has_an_interaction_id_of_its_own(bank: Bank) -> None:
    """FAPI 1.0 Part 1 section 6.2.2: a UUID, by which both ends find the exchange."""
    identity = bank.identity(bank.pki.client)
    for _ in range(2):
        bank.network.run(request_token(identity, f"{MTLS}/token", "accounts"))
    first, second = (r.header("x-fapi-interaction-id") for r in bank.mutual_tls.asked)
    assert first != second
    assert first is not None
    assert len(first) == 36


@pytest.mark.parametrize("token_type", ["Bearer", "bearer", "BEARER"])
def test_the_token_type_has_no_case(token_type: str) -> None:
    """RFC 6749 section 5.1: `token_type` is case-insensitive."""
    assert judged(token_type=token_type).access_token == "token-1"


def test_a_token_without_a_lifetime_is_a_good_one() -> None:
    """RFC 6749 section 5.1: `expires_in` is recommended, not required."""
    assert judged(expires_in=None).expires_in is None


def test_a_narrower_scope_is_told() -> None:
    """RFC 6749 section 5.1: `scope` is there where it differs from the request."""
    assert judged(scope="accounts").scope == "accounts"


def test_unknown_members_are_ignored() -> None:
    """RFC 6749 section 5.1: the client MUST ignore unrecognized value names."""
    assert judged(surprise=[1]).access_token == "token-1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("access_token", None),
        ("access_token", 7),
        ("access_token", ""),
        ("access_token", "a b"),
        ("access_token", "a\r\nX-Injected: b"),
        ("token_type", None),
        ("token_type", 7),
        ("token_type", "mac"),
        ("token_type", "mtls_pop"),
        ("expires_in", "300"),
        ("expires_in", True),
        ("expires_in", -1),
        ("scope", ["accounts"]),
    ],
)
def test_a_response_with_a_wrong_member_is_not_used(name: str, value: object) -> None:
    """RFC 6749 section 5.1: each member is checked before the token is used."""
    with pytest.raises(UnusableAnswer, match=name):
        judged(**{name: value})


def test_a_token_is_not_shown_where_a_value_is_printed() -> None:
    """A log that prints a token response must not hold the token."""
    assert "token-1" not in repr(judged())


@pytest.mark.parametrize(("status", "error"), [(400, "invalid_scope"), (401, "x")])
def test_an_error_response_is_told_as_it_came(status: int, error: str) -> None:
    """RFC 6749 section 5.2: `error`, and `error_description` where there is one."""
    members = {"error": error, "error_description": "why"}
    with pytest.raises(ErrorResponse, match=f"{status} {error}: why") as refused:
        judge_token_response(answer(status, members))
    told = refused.value
    assert (told.status, told.error, told.error_description) == (status, error, "why")


def test_a_description_is_optional() -> None:
    """RFC 6749 section 5.2: only `error` is required."""
    with pytest.raises(ErrorResponse) as refused:
        judge_token_response(answer(400, {"error": "invalid_request"}))
    assert str(refused.value) == "400 invalid_request"


@pytest.mark.parametrize("described", [None, 7, ["why"], {"en": "why"}, True, ""])
def test_a_description_that_is_none(described: object) -> None:
    """RFC 6749 section 5.2: it is for people, and takes nothing from the error."""
    members = {"error": "invalid_grant", "error_description": described}
    with pytest.raises(ErrorResponse) as refused:
        judge_token_response(answer(400, members))
    assert str(refused.value) == "400 invalid_grant"
    assert refused.value.error_description == ""


@pytest.mark.parametrize(
    ("status", "members"),
    [
        (500, {"error": "server_error"}),
        (302, token_members()),
        (201, token_members()),
        (204, token_members()),
        (400, {}),
        (400, {"error": 7}),
        (400, []),
    ],
)
def test_what_is_neither_success_nor_error_is_not_used(
    status: int, members: object
) -> None:
    """RFC 6749 section 5: 200 with a token, or 4xx with an error; nothing else."""
    with pytest.raises(UnusableAnswer):
        judge_token_response(answer(status, members))


def test_a_page_instead_of_an_error_is_not_used() -> None:
    """A proxy's 403 page is no refusal by the authorization server."""
    with pytest.raises(UnusableAnswer, match="text/html"):
        judge_token_response(answer(403, {"error": "a"}, "text/html"))


def test_an_introspection_response_is_given_whole() -> None:
    """RFC 7662 section 2.2: `active` is a boolean, the rest depends on it."""
    members = {"active": True, "cnf": {"x5t#S256": "x"}}
    assert judge_introspection_response(answer(200, members)) == members


@pytest.mark.parametrize("active", [None, "true", 1])
def test_activity_is_a_boolean(active: object) -> None:
    """RFC 7662 section 2.2: anything else says nothing, least of all yes."""
    with pytest.raises(UnusableAnswer, match="active"):
        judge_introspection_response(answer(200, {"active": active}))


def test_introspection_and_revocation_may_be_refused() -> None:
    """RFC 7009 section 2.2.1, RFC 7662 section 2.3: as RFC 6749 section 5.2."""
    refused = answer(401, {"error": "invalid_client"})
    with pytest.raises(ErrorResponse):
        judge_introspection_response(refused)
    with pytest.raises(ErrorResponse):
        judge_revocation_response(refused)


def test_a_revocation_is_acknowledged_by_its_status() -> None:
    """RFC 7009 section 2.2: the body is ignored by the client."""
    judge_revocation_response(Answer(200, {}, b"anything"))


def test_an_authorization_server_that_sends_nonsense(bank: Bank) -> None:
    """RFC 6749 section 5.1: over the wire as well, an array is no token response."""
    bank.mutual_tls.answers["/token"] = always(200, {"access_token": "only"})
    asked = request_token(bank.identity(None), f"{MTLS}/token", "accounts")
    answered = bank.network.run(asked)
    with pytest.raises(UnusableAnswer, match="token_type"):
        judge_token_response(answered)
