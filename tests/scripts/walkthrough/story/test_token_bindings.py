"""Which tokens cross the wire, and what each is bound to."""

import json
from pathlib import Path

import pytest

from pki.thumbprint import x5t_s256
from scripts.walkthrough.story.story import SeenToken
from scripts.walkthrough.story.token_bindings import BoundTokens
from tests.client_node.in_memory.bank import Pki
from tests.scripts.walkthrough.exchanging import FORM, Told, place_of
from tests.scripts.walkthrough.story.test_unverified_jwt import jwt

REFRESHED = "grant_type=refresh_token&refresh_token=r1&client_id=banking-client"


@pytest.fixture
def told(pki: Pki, tmp_path: Path) -> Told:
    """Nothing has happened yet."""
    return Told(pki, place_of(pki, tmp_path))


def bearer(token: str) -> dict[str, str]:
    """The header that presents a token."""
    return {"authorization": f"Bearer {token}"}


def test_a_jwt_says_itself_what_it_is_bound_to(told: Told) -> None:
    """RFC 8705 section 3.1: the x5t#S256 of its cnf; and it is not verified."""
    token = jwt({"cnf": {"x5t#S256": "thumb"}})
    seen = told.exchange("GET /accounts", node="rs", headers=bearer(token)).tokens
    known_by = "its own cnf, decoded and not verified"
    assert seen == (SeenToken(token, "request", "JWT", "thumb", known_by),)


@pytest.mark.parametrize("cnf", [None, "x", {}, {"x5t#S256": 1}, {"jkt": "x"}])
def test_a_jwt_without_a_thumbprint_is_bound_to_nothing(
    told: Told, cnf: object
) -> None:
    """Whatever else stands there: a bearer token is seen to be one."""
    token = jwt({"cnf": cnf})
    (seen,) = told.exchange("GET /accounts", node="rs", headers=bearer(token)).tokens
    assert (seen.form, seen.bound_to) == ("JWT", "")
    assert "bound to nothing" in seen.known_by


def test_what_is_no_jwt_is_opaque(told: Told) -> None:
    """Two dots do not make one."""
    (seen,) = told.exchange("GET /accounts", node="rs", headers=bearer("a.b.c")).tokens
    assert (seen.form, seen.bound_to) == ("opaque", "")


def test_an_opaque_token_is_known_by_its_connection(told: Told) -> None:
    """RFC 8705 section 3: bound to the certificate of the token request."""
    issued = told.exchange(client=told.pki.client)
    used = told.exchange("GET /accounts", node="rs", headers=bearer("abc"), body="")
    known_by = "the connection it was issued on"
    x5t = x5t_s256(told.pki.client.leaf_der)
    assert issued.tokens == (SeenToken("abc", "response", "opaque", x5t, known_by),)
    assert used.tokens == (SeenToken("abc", "request", "opaque", x5t, known_by),)
    assert told.evidence.tokens.issued_in("abc") is not None


def test_introspection_knows_better(told: Told) -> None:
    """RFC 8705 section 3.2: the answer has the cnf, and is remembered with the rest."""
    told.exchange(client=told.pki.client)
    answer = json.dumps({"active": True, "cnf": {"x5t#S256": "thumb"}})
    told.exchange("POST /introspect", body="token=abc", answer=answer)
    (seen,) = told.exchange("POST /revoke", body="token=abc", answer="").tokens
    assert (seen.bound_to, seen.known_by) == (
        "thumb",
        "the answer of the introspection endpoint",
    )
    assert told.evidence.tokens.issued_in("abc") is not None


def test_a_token_may_be_introspected_before_anything_is_known_of_it(told: Told) -> None:
    """It was issued before the recording began."""
    told.exchange("POST /introspect", body="token=abc", answer='{"active":true}')
    (seen,) = told.exchange("POST /revoke", body="token=abc", answer="").tokens
    assert (seen.bound_to, told.evidence.tokens.issued_in("abc")) == ("", None)


@pytest.mark.parametrize("answer", ['{"active":false}', "[]", "<html>", "[" * 100_000])
def test_an_answer_that_says_nothing_teaches_nothing(told: Told, answer: str) -> None:
    """RFC 7662 section 2.2: of a token that is not active nothing is told."""
    told.exchange("POST /introspect", body="token=abc", answer=answer)
    (seen,) = told.exchange("POST /revoke", body="token=abc", answer="").tokens
    assert (seen.bound_to, seen.known_by) == ("", "nothing seen so far tells")


@pytest.mark.parametrize(("status", "client"), [(400, True), (200, False)])
def test_nothing_is_bound_without_success_or_certificate(
    told: Told, status: int, *, client: bool
) -> None:
    """A refusal issues nothing, and a connection without certificate binds nothing."""
    told.exchange(client=told.pki.client if client else None, status=status)
    (seen,) = told.exchange("POST /revoke", body="token=abc", answer="").tokens
    assert (seen.bound_to, seen.known_by) == ("", "nothing seen so far tells")


def test_another_server_may_bind_nothing(told: Told) -> None:
    """A twin issues bearer tokens over mutual TLS, too."""
    (seen,) = told.exchange(node="twin-as", client=told.pki.client).tokens
    assert (seen.bound_to, seen.known_by) == ("", "nothing seen so far tells")


@pytest.mark.parametrize("decided", [True, False])
def test_a_refresh_token_is_bound_where_nobody_is_authenticated(
    told: Told, *, decided: bool
) -> None:
    """RFC 8705 section 4: a public client's is; section 7.1: another's is not."""
    answer = '{"access_token":"a","refresh_token":"r1","id_token":"i"}'
    issued = told.exchange(client=told.pki.client, answer=answer, decided=decided)
    (used,) = told.exchange(body=REFRESHED, status=400, answer="{}").tokens
    assert [each.value for each in issued.tokens] == ["a", "r1"]
    if decided:
        assert used.bound_to == ""
        assert "section 7.1" in used.known_by
        assert used.bound_to_client
    else:
        assert used.bound_to == x5t_s256(told.pki.client.leaf_der)
        assert "section 4" in used.known_by


def test_an_id_token_is_seen_if_it_is_bound(told: Told) -> None:
    """It is for the client to read, and belongs to no connection otherwise."""
    bound = jwt({"cnf": {"x5t#S256": "thumb"}})
    answer = json.dumps({"access_token": 1, "id_token": bound})
    (seen,) = told.exchange(answer=answer).tokens
    assert (seen.value, seen.bound_to) == (bound, "thumb")


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"authorization": "Basic abc"}, ""),
        ({"authorization": "Bearer"}, ""),
        ({"content-type": "application/json"}, "token=abc"),
        (FORM, "&".join(["token=abc"] * 101)),
        (FORM, "other=abc"),
    ],
)
def test_what_is_no_token(told: Told, headers: dict[str, str], body: str) -> None:
    """Another scheme, another format, too many parameters, another name."""
    seen = told.exchange("POST /revoke", headers=headers, body=body, answer="").tokens
    assert seen == ()


def test_a_token_is_told_once_for_each_place(told: Told) -> None:
    """As a header and as a parameter it is one token."""
    headers = {**FORM, **bearer("abc")}
    seen = told.exchange("POST /revoke?x=1", headers=headers, body="token=abc").tokens
    assert [(each.value, each.place) for each in seen] == [("abc", "request")]


@pytest.mark.bound("walkthrough.tokens")
def test_the_oldest_tokens_are_forgotten(told: Told) -> None:
    """A banking client that shows what happens runs for a long time."""
    told.evidence.tokens = BoundTokens(most=2)
    for name in ("t1", "t2", "t3"):
        told.exchange(client=told.pki.client, answer=f'{{"access_token":"{name}"}}')
    tokens = told.evidence.tokens
    assert [tokens.issued_in(t) is not None for t in ("t1", "t2", "t3")] == [0, 1, 1]
