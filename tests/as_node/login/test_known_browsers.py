"""Browsers at which a customer has signed in before."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from as_node.login.known_browsers import (
    COOKIE,
    LIFETIME,
    MOST_CUSTOMERS,
    NEW_BROWSERS,
    KnownBrowser,
    KnownBrowsers,
)
from as_node.login.rate_limit import Throttle
from as_node.login.sign_in import BUSY_SECONDS
from as_node.login.turns import AT_ONCE, STRANGERS
from pki.http.journal import Journal
from pki.http.messages import Response
from tests.as_node.login.signing_in import (
    PASSWORD,
    TY,
    House,
    assert_goes_on,
    assert_said,
)
from tests.customers.requests import Browser, fields_of, header

AL = "al@example.com"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Nobody has signed in."""
    house = House(tmp_path / "as.sqlite3")
    with closing(house.connection):
        yield house


def known(house: House, name: str = TY, *, second_factor: bool = False) -> Browser:
    """A browser at which she signed in some time ago."""
    browser = Browser()
    assert_goes_on(house.password(browser, name))
    if second_factor:
        assert_goes_on(house.second_factor(browser))
    house.network.reactor.advance(1000)
    return browser


def under_attack(house: House, name: str = TY) -> None:
    """Forty addresses guess at her password, as often as they are let."""
    house.only_guesses = True
    for number in range(80):
        house.password(Browser(f"192.0.2.{number % 40}:1"), name, "wrong")
    house.only_guesses = False


def found(house: House, browser: Browser) -> KnownBrowser | None:
    """What is known of it."""
    return house.network.run(house.known_browsers.find(browser.get()))


def rows(house: House) -> int:
    """How many sessions and browsers are kept."""
    (count,) = house.connection.execute("SELECT count(*) FROM session").fetchone()
    assert isinstance(count, int)
    return count


def test_she_is_not_kept_out(house: House) -> None:
    """However many guess, her own browser signs her in at once, and stays known."""
    hers = known(house)
    for _ in range(3):
        under_attack(house)
        assert_said(house.password(Browser("198.51.100.1:1")), 429, "Too many")
        assert_goes_on(house.password(hers))
        house.network.reactor.advance(1000)


def test_the_wait_is_told_to_programs_too(house: House) -> None:
    """RFC 6585 section 4: with `Retry-After`."""
    for _ in range(5):
        house.password(Browser(), TY, "wrong")
    assert header(house.password(Browser()), "Retry-After") == "30"


def test_her_second_factor_is_not_kept_from_her(house: House) -> None:
    """RFC 4226 section 7.3: who has her password guesses codes, and she signs in."""
    hers = known(house, second_factor=True)
    thief = Browser("192.0.2.1:1")
    house.password(thief)
    for _ in range(5):
        assert house.second_factor(thief, "000000").status == 403
    assert_said(house.second_factor(thief), 429, "Too many attempts.")
    assert_goes_on(house.password(hers))
    assert_goes_on(house.second_factor(hers))


def test_her_password_makes_no_browser_to_guess_codes_at(house: House) -> None:
    """RFC 4226 section 7.3: however many browsers its thief signs in at."""
    outcomes = []
    for number in range(12):
        thief = Browser(f"192.0.2.{number}:1")
        house.password(thief)
        outcomes.append(house.second_factor(thief, "000000").status)
    assert outcomes == [403] * 5 + [429] * 7


def test_guessing_at_a_known_browser(house: House) -> None:
    """Whoever sits down at her browser has five guesses, and then one in a while."""
    hers = known(house)
    outcomes = [house.password(hers, TY, "wrong").status for _ in range(8)]
    assert outcomes == [403] * 5 + [429] * 3
    house.network.reactor.advance(30)
    assert_goes_on(house.password(hers))


def test_another_customers_browser_is_a_stranger(house: House) -> None:
    """Who has an account himself has no better way to guess at hers."""
    his = known(house, AL)
    under_attack(house)
    assert_said(house.password(his), 429, "Too many attempts.")
    assert_goes_on(house.password(his, AL))


def test_no_new_guesses_by_another_sign_in(house: House) -> None:
    """Signing in as somebody else there does not begin her count anew."""
    shared = known(house)
    outcomes = []
    for _ in range(12):
        outcomes.append(house.password(shared, TY, "wrong").status)
        assert_goes_on(house.password(shared, AL))
        shared.cookie = None
    assert outcomes == [403] * 5 + [429] * 7


@pytest.mark.parametrize(
    "cookie",
    [
        "",
        "a" * 43,
        "a" * 44,
        "\N{SNOWMAN}" * 43,
        TY,
        f"{'a' * 43}; {COOKIE}={'b' * 43}",
    ],
)
def test_a_forged_cookie(house: House, cookie: str) -> None:
    """What was never given to a browser makes it no known one."""
    known(house)
    browser = Browser()
    browser.known = f"{COOKIE}={cookie}"
    assert found(house, browser) is None
    under_attack(house)
    assert_said(house.password(browser), 429, "Too many attempts.")


def test_the_one_cookie_is_not_the_other(house: House) -> None:
    """A session is no known browser, and a known browser no session."""
    hers = Browser()
    house.password(hers)
    assert hers.cookie is not None
    assert hers.known is not None
    swapped = Browser()
    swapped.known = f"{COOKIE}={hers.cookie.partition('=')[2]}"
    swapped.cookie = f"__Host-bank-session={hers.known.partition('=')[2]}"
    assert found(house, swapped) is None
    assert house.signed_in(swapped) is None


def test_the_cookie(house: House) -> None:
    """For this host, for TLS, for no script, and for no request from elsewhere."""
    response = house.password(Browser())
    values = [value for name, value in response.headers if name == "Set-Cookie"]
    identifier, _, attributes = values[1].partition("; ")
    assert identifier.startswith("__Host-bank-browser=")
    assert attributes == (
        f"Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={LIFETIME}"
    )


def test_a_failure_gives_no_cookie(house: House) -> None:
    """Only who proved something is known afterwards."""
    browser = Browser()
    house.password(browser, TY, "wrong")
    assert browser.known is None
    assert rows(house) == 0


def test_a_new_identifier_each_time(house: House) -> None:
    """One that was planted or copied is no longer known once she signs in."""
    hers, copy = known(house), Browser()
    copy.known = hers.known
    before = found(house, hers)
    assert before is not None
    house.password(hers)
    assert found(house, copy) is None
    after = found(house, hers)
    assert after is not None
    assert after.name == before.name
    assert after.identifier != before.identifier
    assert after.identifier not in repr(after)


def test_the_identifier_is_kept_hashed(house: House, tmp_path: Path) -> None:
    """Whoever reads the database has no known browser by that."""
    hers = known(house)
    assert hers.known is not None
    identifier = hers.known.partition("=")[2].encode()
    for file in tmp_path.iterdir():
        assert identifier not in file.read_bytes()


@pytest.mark.bound("known-browsers.customers")
def test_a_household(house: House) -> None:
    """Several customers share a browser; it is known to each who signed in last."""
    browser = Browser()
    for number in range(MOST_CUSTOMERS + 1):
        fields = house.network.run(
            house.known_browsers.remember(
                found(house, browser), f"{number}@example.com", second_factor=False
            )
        )
        browser.shown(Response(303, fields))
    seen = found(house, browser)
    assert seen is not None
    assert list(seen.customers) == [f"{n}@example.com" for n in (1, 2, 3, 4)]
    assert rows(house) == 1


@pytest.mark.bound("known-browsers.lifetime")
def test_it_is_forgotten(house: House) -> None:
    """A browser that she has not used for so long is a stranger again."""
    hers = Browser()
    house.password(hers)
    house.network.reactor.advance(LIFETIME - 1)
    assert found(house, hers) is not None
    house.network.reactor.advance(1)
    assert found(house, hers) is None


@pytest.mark.bound("known-browsers.new")
def test_new_browsers_are_bounded(house: House) -> None:
    """She signs in wherever she likes; only so many browsers are kept for her."""
    remembered = []
    for _ in range(NEW_BROWSERS.at_once + 5):
        browser = Browser()
        assert_goes_on(house.password(browser))
        remembered.append(browser.known is not None)
    assert sum(remembered) == NEW_BROWSERS.at_once
    house.network.reactor.advance(NEW_BROWSERS.interval)
    assert known(house).known is not None


def test_it_survives_a_restart(house: House) -> None:
    """What is known is kept, and not only remembered."""
    hers = known(house)
    clock = house.network.clock
    restarted = KnownBrowsers(house.store, Throttle(clock), clock)
    assert house.network.run(restarted.find(hers.get())) == found(house, hers)


@pytest.mark.bound("turns.strangers")
def test_a_flood_of_wrong_passwords(house: House) -> None:
    """Those who find no place are told so at once, and known browsers go first."""
    hers = known(house)
    house.hashing = []
    outcomes: list[Any] = []
    journals: list[Journal] = []

    def attempt(browser: Browser, name: str, password: str) -> None:
        page = house.page(browser)
        assert page is not None
        form = {
            **fields_of(page, "/sign-in"),
            "username": name,
            "password": password,
        }
        asked = browser.post("/sign-in", form)
        journals.append(asked.journal)
        answer = house.sign_in.answer(asked)
        Deferred.fromCoroutine(answer).addBoth(outcomes.append)

    waiting = AT_ONCE + STRANGERS
    for number in range(waiting + 100):
        attempt(Browser(f"10.0.{number}.1:1"), f"{number}@example.com", "x")
    assert len(outcomes) == 100
    for each in outcomes:
        assert_said(each, 503, "Many people are signing in at this moment.")
        assert header(each, "Retry-After") == str(BUSY_SECONDS)
    said = f"no place to wait: {STRANGERS} wait, expected at most {STRANGERS}"
    assert journals[-1].facts["sign_in"] == said
    attempt(hers, TY, PASSWORD)
    assert len(outcomes) == 100
    for _ in range(AT_ONCE + 1):
        house.hashing.pop(0).callback(True)  # noqa: FBT003 - a result
    house.network.reactor.advance(0)
    assert [each.status for each in outcomes[100:]].count(303) == 1
    while house.hashing:
        house.hashing.pop(0).callback(True)  # noqa: FBT003 - a result
    assert len(outcomes) == waiting + 100 + 1
