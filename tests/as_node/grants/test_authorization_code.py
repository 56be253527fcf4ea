"""The authorization code grant: one code, for one client, one URI, one verifier."""

import string
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from as_node.clients.registry import Client
from as_node.grants.grant import Granted
from as_node.protocol.errors import InvalidGrant, InvalidRequest, OAuthError
from as_node.protocol.pkce import code_challenge
from as_node.protocol.sender_constraint import SenderConstraint
from as_node.store.records import IssuedAccessToken
from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.store import SqliteStore
from tests.as_node.authorizing import (
    ANOTHER_SENDER,
    CHALLENGE,
    CLIENT,
    NOW,
    OTHER,
    PUBLIC,
    REDIRECT_URI,
    SENDER,
    VERIFIER,
    Bench,
    Time,
    a_grant,
    done,
)

OFTEN = settings(
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    time, reactor = Time(), Clock()
    connection = open_database(tmp_path / "as.sqlite3")
    store = SqliteStore(connection, reactor=reactor, clock=time)
    yield Bench(time, reactor, store)
    done(store.close())


def test_a_code_is_redeemed(bench: Bench) -> None:
    """RFC 6749 section 4.1.3: for what the customer allowed, with a refresh token."""
    grant = a_grant()
    granted = bench.redeem(bench.code(grant))
    assert granted == Granted(
        grant.scope,
        authorization=grant,
        refresh_token=granted.refresh_token,
        refresh_token_exp=granted.refresh_token_exp,
        with_id_token=True,
    )
    assert granted.refresh_token_exp is not None
    assert granted.refresh_token_exp > bench.time()
    assert bench.refresh_token_works(granted)


def test_a_code_cannot_be_guessed(bench: Bench) -> None:
    """FAPI 2.0 section 5.4.1: at least 128 bits; these are 256, and no two alike."""
    codes = [bench.code() for _ in range(20)]
    assert {len(code) for code in codes} == {43}
    assert len(set(codes)) == 20


def test_the_database_holds_no_code(bench: Bench, tmp_path: Path) -> None:
    """Whoever reads the database cannot redeem a code, nor use a refresh token."""
    code = bench.code()
    token = bench.redeem(code).refresh_token
    assert token is not None
    for file in tmp_path.iterdir():
        assert code.encode() not in file.read_bytes()
        assert token.encode() not in file.read_bytes()


def test_the_journal_names_the_grant_and_holds_no_secret(bench: Bench) -> None:
    """The operator reads who allowed what; nothing that could be used."""
    code = bench.code(grant := a_grant())
    granted = bench.redeem(code)
    assert bench.journal.facts == {"grant_id": grant.grant_id, "sub": grant.sub}
    text = repr(bench.journal) + repr(granted)
    for secret in (code, VERIFIER, granted.refresh_token):
        assert secret is not None
        assert secret not in text


def test_no_refresh_token_for_a_client_that_cannot_use_it(bench: Bench) -> None:
    """RFC 6749 section 1.5: issued at the discretion of the authorization server."""
    client = replace(CLIENT, grant_types=("authorization_code",))
    assert bench.redeem(bench.code(), client=client).refresh_token is None


@pytest.mark.parametrize(("client", "bound_to"), [(CLIENT, None), (PUBLIC, SENDER)])
def test_what_the_refresh_token_is_bound_to(
    bench: Bench, client: Client, bound_to: SenderConstraint | None
) -> None:
    """RFC 8705 sections 4 and 7.1: a public client's to its certificate, only those."""
    token = bench.redeem(bench.code(), client=client).refresh_token
    assert token is not None
    found = done(bench.authorizations.find_refresh_token(token))
    assert found is not None
    assert found.bound_to == bound_to


@pytest.mark.check("request.parameters")
def test_a_parameter_is_missing(bench: Bench) -> None:
    """RFC 6749 section 4.1.3: code and redirect URI; nothing is redeemed without."""
    code = bench.code()
    with pytest.raises(InvalidRequest, match="code is missing"):
        done(bench.grant(bench.asked()))
    with pytest.raises(InvalidRequest, match="redirect_uri is missing"):
        done(bench.grant(bench.asked(code=code, redirect_uri=None)))
    assert bench.redeem(code).scope


@pytest.mark.check("code.known")
@pytest.mark.parametrize("code", ["unknown", "A" * 43, "\N{SNOWMAN}\x00", "\ud800"])
def test_an_unknown_code(bench: Bench, code: str) -> None:
    """RFC 6749 section 5.2: a code that was never issued is an invalid grant."""
    bench.code()
    with pytest.raises(InvalidGrant, match="no such code"):
        bench.redeem(code)


@pytest.mark.check("code.client")
def test_the_code_of_another_client(bench: Bench) -> None:
    """RFC 6749 section 4.1.3: refused; the client it was issued to can still use it."""
    code = bench.code()
    with pytest.raises(InvalidGrant, match="issued to another client"):
        bench.redeem(code, client=OTHER)
    assert bench.redeem(code).scope


@pytest.mark.check("code.unused")
def test_a_code_is_used_twice(bench: Bench) -> None:
    """RFC 6749 section 4.1.2: refused, and what the first use brought is revoked."""
    code = bench.code(grant := a_grant())
    granted = bench.redeem(code)
    noted = bench.store.note_issued(IssuedAccessToken("a", grant.grant_id, NOW + 300))
    done(noted, bench.reactor)
    for _ in range(2):
        with pytest.raises(InvalidGrant, match="used before"):
            bench.redeem(code)
        assert not bench.refresh_token_works(granted)
        assert done(bench.store.is_access_token_revoked("a"))


@pytest.mark.check("code.unused")
@pytest.mark.parametrize("client", [CLIENT, PUBLIC])
def test_a_used_code_comes_back_late(bench: Bench, client: Client) -> None:
    """RFC 6749 section 4.1.2: with all that proves it, a used code is a stolen one."""
    code = bench.code()
    granted = bench.redeem(code, client=client)
    bench.time.now = NOW + 8999
    assert bench.refresh_token_works(granted)
    with pytest.raises(InvalidGrant, match="used before"):
        bench.redeem(code, client=client)
    assert not bench.refresh_token_works(granted)


@pytest.mark.check("code.unused")
def test_the_second_to_prove_it_holds_another_certificate(bench: Bench) -> None:
    """RFC 6749 section 4.1.2: whichever of the two was the thief, both are out."""
    code = bench.code()
    granted = bench.redeem(code, client=PUBLIC, sender=ANOTHER_SENDER)
    with pytest.raises(InvalidGrant, match="used before"):
        bench.redeem(code, client=PUBLIC, sender=SENDER)
    assert not bench.refresh_token_works(granted)


@pytest.mark.check("code.redirect-uri", "pkce.verifier", "pkce.verifier-form")
@pytest.mark.parametrize("client", [CLIENT, PUBLIC])
@pytest.mark.parametrize(
    "shown",
    [
        {"code_verifier": None},
        {"code_verifier": "a" * 43},
        {"code_verifier": "short"},
        {"redirect_uri": "https://thief.example"},
        {"redirect_uri": "https://thief.example", "code_verifier": None},
    ],
)
@pytest.mark.parametrize("later", [0, 61, 8999])
def test_a_used_code_alone_revokes_nothing(
    bench: Bench, client: Client, shown: dict[str, str | None], later: int
) -> None:
    """Who saw a code and could not have redeemed it cannot end what it brought."""
    code = bench.code(grant := a_grant())
    granted = bench.redeem(code, client=client)
    noted = bench.store.note_issued(IssuedAccessToken("a", grant.grant_id, NOW + 9000))
    done(noted, bench.reactor)
    bench.time.now = NOW + later
    with pytest.raises(InvalidGrant) as refusal:
        bench.redeem(code, client=client, **shown)
    assert "used before" not in refusal.value.detail
    assert bench.refresh_token_works(granted)
    assert not done(bench.store.is_access_token_revoked("a"))


@pytest.mark.check("code.client")
def test_another_client_cannot_revoke_with_a_used_code(bench: Bench) -> None:
    """RFC 6749 section 4.1.2: else a code in a browser's history would be a weapon."""
    code = bench.code()
    granted = bench.redeem(code)
    with pytest.raises(InvalidGrant, match="issued to another client"):
        bench.redeem(code, client=OTHER)
    assert bench.refresh_token_works(granted)


@pytest.mark.check("code.unused")
def test_two_redemptions_at_the_same_moment(bench: Bench) -> None:
    """RFC 6749 section 4.1.2: one of them succeeds, and what it got is dead."""
    code = bench.code()
    outcomes: list[Any] = []
    for _ in range(3):
        redeemed = Deferred.fromCoroutine(bench.grant(bench.asked(code=code)))
        redeemed.addBoth(outcomes.append)
    bench.reactor.advance(0)
    granted, *refused = outcomes
    assert isinstance(granted, Granted)
    assert [failure.type for failure in refused] == [InvalidGrant] * 2
    assert not bench.refresh_token_works(granted)


@pytest.mark.check("code.not-expired")
@pytest.mark.parametrize(
    ("seconds", "in_time"), [(59.9, True), (60, False), (1e6, False)]
)
def test_a_code_lives_for_a_minute(
    bench: Bench, seconds: float, *, in_time: bool
) -> None:
    """FAPI 2.0 section 5.3.2.1: at most 60 seconds."""
    code = bench.code()
    bench.time.now = NOW + seconds
    if in_time:
        assert bench.redeem(code).scope
    else:
        with pytest.raises(InvalidGrant, match="expired"):
            bench.redeem(code)


@pytest.mark.check("code.not-expired")
def test_a_code_never_lives_longer_than_a_minute(bench: Bench) -> None:
    """FAPI 2.0 section 5.3.2.1: nor by a fraction of a second."""
    bench.time.now = NOW + 0.9
    code = bench.code()
    bench.time.now = NOW + 60.9
    with pytest.raises(InvalidGrant, match="expired"):
        bench.redeem(code)


@pytest.mark.check("code.redirect-uri")
@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://127.0.0.1:9446/callback/",
        "https://127.0.0.1:9446/Callback",
        "https://127.0.0.1:9446/callback?a",
        "https://127.0.0.1/callback",
        "\N{SNOWMAN}" * 1000,
    ],
)
def test_another_redirect_uri(bench: Bench, redirect_uri: str) -> None:
    """RFC 6749 section 4.1.3: octet by octet that of the authorization request."""
    code = bench.code()
    with pytest.raises(InvalidGrant, match="redirect URI") as refusal:
        bench.redeem(code, redirect_uri=redirect_uri)
    assert refusal.value.expected == REDIRECT_URI
    assert bench.redeem(code).scope


@pytest.mark.check("pkce.verifier", "pkce.verifier-form")
@pytest.mark.parametrize(
    ("verifier", "why"),
    [
        (None, "there is no code_verifier"),
        (VERIFIER[:-1], "43 to 128"),
        ("a" * 129, "43 to 128"),
        (VERIFIER[:-1] + "+", "43 to 128"),
        (VERIFIER + "\n", "43 to 128"),
        ("\N{SNOWMAN}" * 43, "43 to 128"),
        (VERIFIER[:-1] + "l", "not the verifier"),
        (CHALLENGE, "not the verifier"),  # as with the method `plain`
        ("a" * 128, "not the verifier"),
    ],
)
def test_a_wrong_verifier(bench: Bench, verifier: str | None, why: str) -> None:
    """RFC 7636 section 4.6: `invalid_grant`; the right one still redeems the code."""
    code = bench.code()
    with pytest.raises(InvalidGrant, match=why):
        bench.redeem(code, code_verifier=verifier)
    assert bench.redeem(code).scope


@given(
    st.text(
        st.sampled_from(string.ascii_letters + string.digits + "-._~"),
        min_size=43,
        max_size=128,
    )
)
@OFTEN
def test_every_verifier_of_the_form(bench: Bench, verifier: str) -> None:
    """RFC 7636 section 4.1: 43 to 128 unreserved characters, each of them."""
    issued = bench.authorizations.issue_code(
        a_grant(), REDIRECT_URI, code_challenge(verifier)
    )
    assert bench.redeem(done(issued, bench.reactor), code_verifier=verifier).scope


def test_the_challenge_of_the_rfc() -> None:
    """RFC 7636 appendix B."""
    assert code_challenge(VERIFIER) == CHALLENGE


ANY = st.none() | st.text(max_size=200)


@given(
    code=ANY | st.just("a code that was issued"),
    redirect_uri=ANY | st.just(REDIRECT_URI),
    code_verifier=ANY,
)
@OFTEN
def test_anything_else_is_a_refusal(
    bench: Bench,
    code: str | None,
    redirect_uri: str | None,
    code_verifier: str | None,
) -> None:
    """RFC 6749 section 5.2: no parameter is a traceback."""
    if code == "a code that was issued":
        code = bench.code()
    asked = bench.asked(
        code=code, redirect_uri=redirect_uri, code_verifier=code_verifier
    )
    with pytest.raises(OAuthError):
        done(bench.grant(asked), bench.reactor)
