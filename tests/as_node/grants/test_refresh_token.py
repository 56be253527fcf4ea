"""The refresh token grant: its client, its certificate if it has one, its scope."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twisted.internet.task import Clock

from as_node.clients.registry import Client
from as_node.grants.grant import Granted
from as_node.grants.refresh_token import RefreshTokenGrant
from as_node.protocol.errors import (
    InvalidGrant,
    InvalidRequest,
    InvalidScope,
    OAuthError,
)
from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.store import SqliteStore
from tests.as_node.authorizing import (
    ANOTHER_SENDER,
    CLIENT,
    NOW,
    OTHER,
    PUBLIC,
    Bench,
    Time,
    a_grant,
    always_in_force,
    done,
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    time, reactor = Time(), Clock()
    connection = open_database(tmp_path / "as.sqlite3")
    store = SqliteStore(connection, reactor=reactor, clock=time)
    yield Bench(time, reactor, store)
    done(store.close())


def a_token(bench: Bench, client: Client = CLIENT, **parameters: Any) -> str:
    """A refresh token that this client got with a code."""
    granted = bench.redeem(bench.code(), client=client, **parameters)
    assert granted.refresh_token is not None
    return granted.refresh_token


def refresh(bench: Bench, token: str | None, **parameters: Any) -> Granted:
    """What a token request with this refresh token is granted."""
    asked = bench.asked(refresh_token=token, **parameters)
    grant = RefreshTokenGrant(bench.authorizations, always_in_force).grant
    return done(grant(asked), bench.reactor)


def test_a_refresh_token_is_used(bench: Bench) -> None:
    """RFC 6749 section 6: what the customer allowed, again and again, by one token."""
    grant = a_grant()
    token = bench.redeem(bench.code(grant)).refresh_token
    for _ in range(3):
        assert refresh(bench, token) == Granted(grant.scope, authorization=grant)


def test_over_a_renewed_certificate(bench: Bench) -> None:
    """RFC 8705 section 6.3: a confidential client's outlives its certificate."""
    token = a_token(bench)
    assert refresh(bench, token, sender=ANOTHER_SENDER).scope


def test_a_public_client_over_its_certificate(bench: Bench) -> None:
    """RFC 8705 section 4: the certificate that the code was redeemed over."""
    assert refresh(bench, a_token(bench, PUBLIC), client=PUBLIC).scope


@pytest.mark.check("request.parameters")
def test_no_refresh_token(bench: Bench) -> None:
    """RFC 6749 section 6: `refresh_token` is required."""
    with pytest.raises(InvalidRequest, match="refresh_token"):
        refresh(bench, None)


@pytest.mark.check("refresh-token.known")
@pytest.mark.parametrize("token", ["unknown", "A" * 43, "\N{SNOWMAN}\x00", "\ud800"])
def test_an_unknown_refresh_token(bench: Bench, token: str) -> None:
    """RFC 6749 section 5.2: `invalid_grant`."""
    a_token(bench)
    with pytest.raises(InvalidGrant, match="no such refresh token"):
        refresh(bench, token)


def test_a_code_is_no_refresh_token(bench: Bench) -> None:
    """RFC 6749 section 1.5: and a refresh token is no code."""
    with pytest.raises(InvalidGrant, match="no such refresh token"):
        refresh(bench, bench.code())
    with pytest.raises(InvalidGrant, match="no such code"):
        bench.redeem(a_token(bench))


@pytest.mark.check("refresh-token.client")
def test_the_refresh_token_of_another_client(bench: Bench) -> None:
    """RFC 8705 section 7.1: bound to its client, for which it still works."""
    token = a_token(bench)
    with pytest.raises(InvalidGrant, match="issued to another client"):
        refresh(bench, token, client=OTHER)
    assert refresh(bench, token).scope


@pytest.mark.check("refresh-token.same-certificate")
def test_a_public_client_over_another_certificate(bench: Bench) -> None:
    """RFC 8705 section 4: stolen, it is of no use; its owner can still use it."""
    token = a_token(bench, PUBLIC)
    with pytest.raises(InvalidGrant, match="bound to another certificate"):
        refresh(bench, token, client=PUBLIC, sender=ANOTHER_SENDER)
    assert refresh(bench, token, client=PUBLIC).scope


@pytest.mark.check("refresh-token.same-certificate")
def test_a_client_that_became_confidential(bench: Bench) -> None:
    """RFC 8705 section 4: what was bound once stays bound, whatever is registered."""
    token = a_token(bench, PUBLIC)
    with pytest.raises(InvalidGrant, match="bound to another certificate"):
        refresh(bench, token, client=CLIENT, sender=ANOTHER_SENDER)


@pytest.mark.check("refresh-token.known")
@pytest.mark.parametrize(("seconds", "in_time"), [(8999.9, True), (9000, False)])
def test_a_refresh_token_expires(
    bench: Bench, seconds: float, *, in_time: bool
) -> None:
    """RFC 6749 section 6: counted from the code; using it makes it no younger."""
    token = a_token(bench)
    bench.time.now = NOW + 5000
    assert refresh(bench, token).scope
    bench.time.now = NOW + seconds
    if in_time:
        assert refresh(bench, token).scope
    else:
        with pytest.raises(InvalidGrant, match="no such refresh token"):
            refresh(bench, token)


@pytest.mark.check("refresh-token.known")
def test_a_refresh_token_dies_with_its_grant(bench: Bench) -> None:
    """RFC 7009 section 2.1: what the customer took back is gone, and only that."""
    grant = a_grant()
    token, other = bench.redeem(bench.code(grant)).refresh_token, a_token(bench)
    done(bench.authorizations.revoke(grant), bench.reactor)
    with pytest.raises(InvalidGrant, match="no such refresh token"):
        refresh(bench, token)
    assert refresh(bench, other).scope


@pytest.mark.parametrize("scope", ["accounts", "openid", "accounts openid"])
def test_a_narrower_scope(bench: Bench, scope: str) -> None:
    """RFC 6749 section 6: less may be asked for, and all of it again the next time."""
    token = a_token(bench)
    assert refresh(bench, token, scope=scope).scope == frozenset(scope.split())
    assert refresh(bench, token).scope == {"openid", "accounts"}


@pytest.mark.check("refresh-token.scope")
@pytest.mark.parametrize("scope", ["payments", "accounts payments", " ", "a  b", '"'])
def test_a_wider_scope(bench: Bench, scope: str) -> None:
    """RFC 6749 section 6: no more than the customer allowed, registered or not."""
    may_pay = replace(CLIENT, scope="openid accounts payments")
    with pytest.raises(InvalidScope):
        refresh(bench, a_token(bench), client=may_pay, scope=scope)


@pytest.mark.check("refresh-token.scope")
def test_a_scope_the_client_is_no_longer_registered_for(bench: Bench) -> None:
    """RFC 6749 section 3.3: what the operator takes from a client is gone at once."""
    token = a_token(bench)
    less = replace(CLIENT, scope="accounts")
    assert refresh(bench, token, client=less).scope == {"accounts"}
    with pytest.raises(InvalidScope, match="more scope"):
        refresh(bench, token, client=less, scope="openid")
    nothing = replace(CLIENT, scope="")
    with pytest.raises(InvalidScope):
        refresh(bench, token, client=nothing)


def test_the_journal_names_the_grant_and_holds_no_token(bench: Bench) -> None:
    """The operator reads who allowed what; nothing that could be used."""
    token = a_token(bench, PUBLIC)
    refresh(bench, token, client=PUBLIC)
    assert bench.journal.facts["sub"] == "ty.webb@example.com"
    assert token not in repr(bench.journal)


ANY = st.none() | st.text(max_size=100)


@given(token=ANY, scope=ANY, issued=st.booleans())
@settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_anything_else_is_a_refusal(
    bench: Bench, token: str | None, scope: str | None, *, issued: bool
) -> None:
    """RFC 6749 section 5.2: no parameter is a traceback."""
    try:
        granted = refresh(bench, a_token(bench) if issued else token, scope=scope)
    except OAuthError:
        return
    assert issued
    assert granted.scope <= {"openid", "accounts"}
