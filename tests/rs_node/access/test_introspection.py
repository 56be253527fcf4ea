"""Token introspection, RFC 7662 and RFC 8705 section 3.2, through real TLS."""

from typing import TypeVar
from urllib.parse import parse_qs

import pytest
from twisted.internet.defer import Deferred

from pki.http.journal import Journal
from pki.http.messages import Response, json_response
from pki.pem import Credential
from rs_node.access.claims import Expectations
from rs_node.access.introspection import Introspection
from tests.rs_node.bank import (
    RESOURCE,
    Bank,
    Certificates,
    asking,
    assert_invalid_token,
    assert_unavailable,
    open_bank,
)
from tests.rs_node.fake_authorization_server import ISSUER

T = TypeVar("T")


@pytest.fixture
def warm(certificates: Certificates) -> Bank:
    """A bank that keeps introspection responses for thirty seconds."""
    return open_bank(certificates, ("cache_seconds = 0", "cache_seconds = 30"))


def asked(bank: Bank) -> int:
    """How often the authorization server was asked about a token."""
    return bank.authorization_server.asked_at("/introspect")


def test_how_it_is_asked(bank: Bank, tpp: Credential) -> None:
    """RFC 7662 section 2.1: a POST form, by our own certificate and at the alias."""
    token = bank.opaque(tpp)
    field = (("x-fapi-interaction-id", "an-id"),)
    assert bank.get(tpp, token, headers=field).status == 200
    request = bank.authorization_server.asked[-1]
    assert (request.method, request.path) == ("POST", "/introspect")
    assert request.header("content-type") == "application/x-www-form-urlencoded"
    assert request.header("accept") == "application/json"
    assert request.header("x-fapi-interaction-id") == "an-id"
    assert request.query == ""
    assert parse_qs(request.body.decode()) == {
        "token": [token],
        "token_type_hint": ["access_token"],
        "client_id": ["accounts-rs"],
    }
    assert request.peer is not None
    assert "CN=accounts-rs" in request.peer.subject


@pytest.mark.parametrize("left_out", ["iss", "iat", "nbf", "jti", "token_type"])
def test_optional_members(bank: Bank, tpp: Credential, left_out: str) -> None:
    """RFC 7662 section 2.2: what is optional, and not needed here, may be left out."""
    assert bank.get(tpp, bank.opaque(tpp, **{left_out: None})).status == 200


@pytest.mark.check("binding.certificate-presented")
def test_nobody_is_asked_without_a_certificate(bank: Bank, tpp: Credential) -> None:
    """RFC 8705 section 3: no token is good without one, so no peer has us ask."""
    assert_invalid_token(bank.get(None, bank.opaque(tpp)))
    assert asked(bank) == 0


@pytest.mark.check("introspection.active")
@pytest.mark.parametrize("token", ["unknown", "a~b+c/d==", "x" * 8_000])
def test_inactive(bank: Bank, tpp: Credential, token: str) -> None:
    """RFC 7662 section 2.2: unknown, revoked or not for us: the server does not say."""
    assert_invalid_token(bank.get(tpp, token))
    assert "not active" in bank.logged()


@pytest.mark.check("introspection.active")
def test_inactive_with_everything_else(bank: Bank, tpp: Credential) -> None:
    """RFC 7662 section 2.2: active false is no, whatever stands beside it."""
    assert_invalid_token(bank.get(tpp, bank.opaque(tpp, active=False)))


@pytest.mark.check("introspection.answered")
@pytest.mark.parametrize("active", ["true", 1, None, "false", [True], {}])
def test_active_that_is_no_boolean(bank: Bank, tpp: Credential, active: object) -> None:
    """RFC 7662 section 2.2: anything but a boolean is no introspection response."""
    assert_unavailable(bank.get(tpp, bank.opaque(tpp, active=active)))


@pytest.mark.check("token.claims")
@pytest.mark.parametrize("name", ["exp", "aud", "sub", "client_id"])
def test_missing_members(bank: Bank, tpp: Credential, name: str) -> None:
    """RFC 7662 section 2.2: optional in general; what we decide by must be there."""
    assert_invalid_token(bank.get(tpp, bank.opaque(tpp, **{name: None})))
    assert f"claim {name} is missing" in bank.logged()


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"},
        {"aud": "https://other.example"},
        {"aud": []},
        {"exp": "never"},
        {"exp": 1},
        {"nbf": 4_000_000_000},
        {"cnf": {}},
        {"cnf": {"x5t#S256": None}},
        {"scope": ["accounts"]},
    ],
)
def test_members_that_are_not_good(
    bank: Bank, tpp: Credential, changed: dict[str, object]
) -> None:
    """RFC 8705 section 3.2: an active token is judged like any, claim by claim."""
    assert_invalid_token(bank.get(tpp, bank.opaque(tpp, **changed)))


@pytest.mark.check("introspection.answered")
@pytest.mark.parametrize(
    "instead",
    [
        Response(500),
        Response(302, (("Location", "https://localhost:9444/elsewhere"),)),
        json_response(401, {"error": "invalid_client"}),
        Response(200, (), b""),
        Response(200, (), b"[true]"),
        Response(200, (), b'{"active": NaN}'),
        Response(200, (), b"<html>"),
        json_response(201, {"active": True}),
    ],
)
def test_no_introspection_response(
    bank: Bank, tpp: Credential, instead: Response
) -> None:
    """RFC 7662 section 2.3: a server in trouble says nothing about the token."""
    bank.authorization_server.instead["/introspect"] = instead
    assert_unavailable(bank.get(tpp, bank.opaque(tpp)))
    assert "/introspect" in bank.logged()


@pytest.mark.check("introspection.answered")
def test_away(bank: Bank, tpp: Credential) -> None:
    """RFC 7662 section 4: without the server nothing is known of an opaque token."""
    token = bank.opaque(tpp)
    bank.authorization_server.stop()
    assert_unavailable(bank.get(tpp, token))


def test_too_slow(bank: Bank, tpp: Credential) -> None:
    """RFC 7662 section 4: a server that hangs is away after five seconds."""
    bank.authorization_server.held = Deferred()
    token = bank.opaque(tpp)
    asking = bank.client(tpp).request(
        "GET", f"{RESOURCE}/accounts", headers=(("Authorization", f"Bearer {token}"),)
    )
    answer = Deferred.fromCoroutine(asking)
    bank.network.flush()
    bank.network.reactor.advance(5)
    bank.network.flush()
    assert_unavailable(bank.network.run(_result(answer)))


async def _result(answer: Deferred[T]) -> T:
    return await answer


@pytest.mark.check("introspection.active")
def test_revocation_works_at_once(bank: Bank, tpp: Credential) -> None:
    """RFC 7009 section 2: as shipped, a revoked token stops with the next request."""
    token = bank.opaque(tpp)
    assert bank.get(tpp, token).status == 200
    bank.authorization_server.tokens.clear()
    assert_invalid_token(bank.get(tpp, token))


@pytest.mark.check("introspection.remembered")
def test_kept_for_the_time_configured(warm: Bank, tpp: Credential) -> None:
    """RFC 7662 section 4: an answer is used again for as long as configured."""
    token = warm.opaque(tpp)
    assert warm.get(tpp, token).status == 200
    warm.authorization_server.tokens.clear()
    warm.network.reactor.advance(29)
    assert warm.get(tpp, token).status == 200
    assert asked(warm) == 1
    warm.network.reactor.advance(1)
    assert_invalid_token(warm.get(tpp, token))
    assert asked(warm) == 2


@pytest.mark.check("introspection.remembered")
def test_never_kept_beyond_its_end(warm: Bank, tpp: Credential) -> None:
    """RFC 7662 section 4: a kept answer ends with the token it is about."""
    token = warm.opaque(tpp, exp=int(warm.network.clock()) + 10)
    assert warm.get(tpp, token).status == 200
    warm.network.reactor.advance(10)
    assert_invalid_token(warm.get(tpp, token))
    assert asked(warm) == 2


def test_refusals_are_not_kept(warm: Bank, tpp: Credential) -> None:
    """RFC 7662 section 4: a token that was not active a moment ago may be by now."""
    token = warm.opaque(tpp)
    said = warm.authorization_server.tokens.pop(token)
    assert_invalid_token(warm.get(tpp, token))
    warm.authorization_server.tokens[token] = said
    assert warm.get(tpp, token).status == 200


def test_kept_answers_outlive_the_server(warm: Bank, tpp: Credential) -> None:
    """RFC 7662 section 4: for the time configured the server may be away."""
    token = warm.opaque(tpp)
    assert warm.get(tpp, token).status == 200
    warm.authorization_server.stop()
    assert warm.get(tpp, token).status == 200
    warm.network.reactor.advance(30)
    assert_unavailable(warm.get(tpp, token))


@pytest.mark.check("binding.same-certificate")
def test_a_kept_answer_and_another_certificate(
    warm: Bank, tpp: Credential, thief: Credential
) -> None:
    """RFC 8705 section 3.2: the comparison is made by us, on each request."""
    token = warm.opaque(tpp)
    statuses = [warm.get(who, token).status for who in (tpp, thief, None, tpp, thief)]
    assert statuses == [200, 401, 401, 200, 401]
    assert asked(warm) == 1


def introspect_at_once(bank: Bank, token: str, *, cache_seconds: float) -> int:
    """How often the server is asked by three validations at once."""
    introspection = Introspection(
        asking(bank),
        Expectations(ISSUER, RESOURCE),
        bank.network.clock,
        monotonic=bank.network.reactor.seconds,
        cache_seconds=cache_seconds,
    )
    server = bank.authorization_server
    server.held = Deferred()
    waiting = [
        Deferred.fromCoroutine(introspection.validate(token, "id", Journal()))
        for _ in range(3)
    ]
    bank.network.flush()
    server.held.callback(None)
    bank.network.flush()
    assert len({bank.network.run(_result(each)).exp for each in waiting}) == 1
    return asked(bank)


def test_requests_at_once_share_one_question(bank: Bank, tpp: Credential) -> None:
    """RFC 7662 section 4: where answers are kept, those who wait for one share it."""
    assert introspect_at_once(bank, bank.opaque(tpp), cache_seconds=30) == 1


def test_nothing_is_shared_where_nothing_is_kept(bank: Bank, tpp: Credential) -> None:
    """RFC 7009 section 2: no request is answered by a question older than itself."""
    assert introspect_at_once(bank, bank.opaque(tpp), cache_seconds=0) == 3


def test_the_time_counts_from_the_question(warm: Bank, tpp: Credential) -> None:
    """RFC 7662 section 4: a slow answer is as old as its question."""
    server = warm.authorization_server
    server.held = Deferred()
    token = warm.opaque(tpp)
    field = (("Authorization", f"Bearer {token}"),)
    url = f"{RESOURCE}/accounts"
    first = Deferred.fromCoroutine(warm.client(tpp).request("GET", url, headers=field))
    warm.network.flush()
    warm.network.reactor.advance(4)
    server.held.callback(None)
    warm.network.flush()
    assert first.called
    server.tokens.clear()
    warm.network.reactor.advance(25)
    assert warm.get(tpp, token).status == 200
    warm.network.reactor.advance(1)
    assert_invalid_token(warm.get(tpp, token))
