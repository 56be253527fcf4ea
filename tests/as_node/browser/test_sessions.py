"""Who sits at a browser."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from as_node.browser.sessions import (
    COOKIE,
    LIFETIME,
    Sessions,
    SignedIn,
    Visitor,
    forget_cookie,
    name_of_request,
    set_cookie,
)
from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.store import SqliteStore
from as_node.tokens.random_values import sha256_of
from pki.http.messages import Response
from tests.customers.requests import Browser
from tests.in_memory.network import MemoryNetwork

TY = SignedIn(sub="ty.webb@example.com", auth_time=1_000_000, acr=None)


class House:
    """Sessions in a database, and a clock."""

    def __init__(self, path: Path) -> None:
        self.network = MemoryNetwork()
        self.network.reactor.rightNow = float(TY.auth_time)  # she has just signed in
        self.connection = open_database(path)
        store = SqliteStore(
            self.connection, reactor=self.network.reactor, clock=self.network.clock
        )
        self.sessions = Sessions(store, self.network.clock)

    def visitor(self, browser: Browser) -> Visitor:
        """Who that is."""
        return self.network.run(self.sessions.visitor(browser.get()))

    def sign_in(self, browser: Browser, signed_in: SignedIn = TY) -> Visitor:
        """The person at the browser proves who she is."""
        visitor = self.visitor(browser)
        known = self.network.run(self.sessions.begin(visitor, signed_in))
        browser.shown(Response(303, (set_cookie(known),)))
        return known


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database is."""
    return tmp_path / "as.sqlite3"


@pytest.fixture
def house(path: Path) -> Iterator[House]:
    """Nobody has signed in."""
    house = House(path)
    with closing(house.connection):
        yield house


def cookie(value: str) -> str:
    """What a browser sends."""
    return f"{COOKIE}={value}"


def test_signed_in(house: House) -> None:
    """After her sign-in the customer is known by her cookie, as she signed in."""
    browser = Browser()
    house.sign_in(browser)
    visitor = house.visitor(browser)
    assert visitor.signed_in == TY
    assert not visitor.is_new
    assert house.network.run(house.sessions.current_user(browser.get())) == TY


def test_the_cookie() -> None:
    """The cookie is for this host, for TLS, for no script, and for no foreign form."""
    name, value = set_cookie(Visitor(session_id="a" * 43))
    assert name == "Set-Cookie"
    assert value == (
        f"__Host-bank-session={'a' * 43}; Path=/; Secure; HttpOnly; SameSite=Lax"
    )


def test_the_cookie_is_taken_away() -> None:
    """A browser only forgets a cookie that is named with the same attributes."""
    _, value = forget_cookie()
    assert value == (
        "__Host-bank-session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
    )


def test_a_stranger_is_given_a_new_identifier(house: House) -> None:
    """A browser without a cookie is nobody, under an identifier of 256 bits."""
    visitors = [house.visitor(Browser()) for _ in range(2)]
    assert all(v.is_new and v.signed_in is None for v in visitors)
    assert len({v.session_id for v in visitors}) == 2
    assert {len(v.session_id) for v in visitors} == {43}


def test_nothing_is_kept_for_strangers(house: House) -> None:
    """Whoever only looks at a page leaves nothing behind."""
    for _ in range(3):
        house.visitor(Browser())
    count = house.connection.execute("SELECT count(*) FROM session").fetchone()
    assert count == (0,)


def test_a_new_identifier_after_sign_in(house: House) -> None:
    """Whoever planted an identifier before the sign-in knows nothing after it."""
    browser = Browser()
    browser.cookie = cookie("a" * 43)
    known = house.sign_in(browser)
    assert known.session_id != "a" * 43
    attacker = Browser()
    attacker.cookie = cookie("a" * 43)
    assert house.visitor(attacker).signed_in is None


def test_a_new_identifier_after_the_second_factor(house: House) -> None:
    """Each proof begins a session of its own, and ends the one before."""
    browser, old = Browser(), Browser()
    house.sign_in(browser)
    old.cookie = browser.cookie
    house.sign_in(browser, SignedIn(sub=TY.sub, auth_time=1_000_010, acr="sca"))
    assert house.visitor(old).signed_in is None
    signed_in = house.visitor(browser).signed_in
    assert signed_in is not None
    assert signed_in.acr == "sca"


def test_the_identifier_is_kept_hashed(house: House, path: Path) -> None:
    """Whoever reads the database has no session by that."""
    known = house.sign_in(Browser())
    kept = house.connection.execute("SELECT sha256 FROM session").fetchall()
    assert kept == [(sha256_of(known.session_id),)]
    files = path.parent.glob("as.sqlite3*")
    assert all(known.session_id.encode() not in each.read_bytes() for each in files)


def test_sessions_survive_a_restart(house: House, path: Path) -> None:
    """A restart of the server signs nobody out."""
    browser = Browser()
    house.sign_in(browser)
    house.connection.close()
    restarted = House(path)
    with closing(restarted.connection):
        assert restarted.visitor(browser).signed_in == TY


def test_a_session_ends_by_itself(house: House) -> None:
    """A session lasts its time from the sign-in, however busy she is, and no longer."""
    browser = Browser()
    house.sign_in(browser)
    house.network.reactor.advance(LIFETIME - 2)
    assert house.visitor(browser).signed_in == TY
    house.network.reactor.advance(2)
    assert house.visitor(browser).signed_in is None


def test_a_later_proof_is_no_later_sign_in(house: House) -> None:
    """A second factor begins no session that lasts longer than her sign-in does."""
    browser = Browser()
    house.sign_in(browser)
    house.network.reactor.advance(LIFETIME - 2)
    house.sign_in(browser, replace(TY, acr="sca"))
    assert house.visitor(browser).signed_in == replace(TY, acr="sca")
    house.network.reactor.advance(2)
    assert house.visitor(browser).signed_in is None


def test_a_request_is_kept_by_a_name_that_does_not_open_it(house: House) -> None:
    """FAPI 2.0 section 5.3.2.2: a request_uri is no less secret in this table."""
    request_uri = "urn:ietf:params:oauth:request_uri:one"
    signed_in = replace(TY, made_for=name_of_request(request_uri))
    house.sign_in(Browser(), signed_in)
    ((state,),) = house.connection.execute("SELECT state FROM session")
    assert request_uri not in state
    assert signed_in.was_made_for(request_uri)
    assert not signed_in.was_made_for(request_uri + "x")
    assert not TY.was_made_for("")


def test_signed_out(house: House) -> None:
    """Who signs out is out, also for a copy of the cookie."""
    browser = Browser()
    known = house.sign_in(browser)
    house.network.run(house.sessions.end(known))
    assert house.visitor(browser).signed_in is None


def test_a_stranger_signs_out(house: House) -> None:
    """To end what never began changes nothing."""
    house.network.run(house.sessions.end(house.visitor(Browser())))


@pytest.mark.parametrize(
    "sent",
    [
        "",
        COOKIE,
        cookie(""),
        cookie("a" * 42),
        cookie("a" * 44),
        cookie("ä" * 43),
        cookie("\x7f" * 43),
        cookie("a" * 43) + "; " + cookie("b" * 43),
        f"bank-session={'a' * 43}",
    ],
)
def test_what_is_no_cookie_of_ours(house: House, sent: str) -> None:
    """Anything else is as good as none, two cookies of one name included."""
    browser = Browser()
    browser.cookie = sent
    visitor = house.visitor(browser)
    assert visitor.is_new
    assert visitor.signed_in is None


def test_among_other_cookies(house: House) -> None:
    """Cookies of others on the same host do not matter."""
    browser = Browser()
    known = house.sign_in(browser)
    browser.cookie = f"theme=dark; {browser.cookie};other={COOKIE}"
    assert house.visitor(browser).session_id == known.session_id


def test_the_identifier_is_not_shown() -> None:
    """A visitor who ends up in a log takes no session with her."""
    assert "aaaa" not in repr(Visitor(session_id="a" * 43))
