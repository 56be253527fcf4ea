"""
Each bound on signing in, one step beyond it: the answer, and the line in the log.

The whole authorization server over TLS, where everybody comes from one address; what
many addresses can do together is asked of the steps themselves.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from twisted.internet.defer import Deferred, succeed

from as_node.login.attempts import (
    ADDRESS,
    CODES,
    EVERYWHERE,
    HERS,
    KNOWN_BROWSER,
    LONGEST_NAME,
    password_attempt,
)
from as_node.login.known_browsers import NEW_BROWSERS
from as_node.login.sign_in import BUSY_SECONDS
from as_node.login.turns import (
    AT_ONCE,
    OF_ONE_ADDRESS,
    OF_ONE_BROWSER,
)
from pki.http.answers import Answer
from pki.http.messages import Request
from tests.as_node.login.signing_in import House, assert_said
from tests.as_node.pushing import SCA, claims, pushed
from tests.customers.requests import Browser as Visitor
from tests.customers.requests import fields_of
from tests.customers.step_by_step import Browser, forms_of, sign_in
from tests.in_memory.authorization_server import CONVENTIONAL, FORM, Deployment
from tests.in_memory.consents import TY, serve_consents

StartAs = Callable[..., Deployment]


def nobody(_function: Callable[[], bool]) -> Deferred[bool]:
    """No password is the right one, and none takes time to be hashed."""
    return succeed(False)  # noqa: FBT003 - a result


def everybody(_function: Callable[[], bool]) -> Deferred[bool]:
    """Every password is."""
    return succeed(True)  # noqa: FBT003 - a result


def last_line(server: Deployment) -> str:
    """What the operator reads of the last request."""
    return server.log.getvalue().splitlines()[-1]


def assert_throttled(server: Deployment, answer: Answer, step: str, rate: Any) -> None:
    """RFC 6585 section 4: 429, when to come again, and what was expected."""
    assert answer.status == 429
    seconds = int(answer.header("retry-after") or "0")
    assert 0 < seconds <= rate.interval
    line = last_line(server)
    assert f" {step}=throttled" in line
    assert f'expected="{rate}"' in line
    assert f', {seconds} seconds too early"' in line


def guessed(browser: Browser, page: Answer, name: str = TY) -> Answer:
    """A wrong password."""
    return browser.submit(page, "/sign-in", username=name, password="x")


@pytest.mark.bound("guesses.at-one-address")
def test_guesses_at_one_customer(start_as: StartAs) -> None:
    """RFC 6749 section 10.10: the last that is let through is told that it is wrong."""
    server = start_as(in_thread=nobody)
    browser = Browser(server)
    page = browser.authorize(pushed(server))
    for _ in range(HERS.at_once):
        assert guessed(browser, page).status == 403
    assert_throttled(server, guessed(browser, page), "sign_in", HERS)
    assert TY not in last_line(server)


@pytest.mark.bound("guesses.of-one-address")
def test_guesses_from_one_address(start_as: StartAs) -> None:
    """RFC 6749 section 10.10: whoever is guessed at."""
    server = start_as(in_thread=nobody)
    browser = Browser(server)
    page = browser.authorize(pushed(server))
    for number in range(ADDRESS.at_once):
        assert guessed(browser, page, f"{number}").status == 403
    assert_throttled(server, guessed(browser, page, "one more"), "sign_in", ADDRESS)


def asked_for_a_code(browser: Browser, **changed: str) -> Answer:
    """She has given her password; the page that wants a code as well."""
    essential = claims(value=SCA, essential=True)
    request_uri = pushed(browser.server, claims=essential, **changed)
    page = browser.authorize(request_uri)
    if "/sign-in" in forms_of(page):
        page = sign_in(browser, page)
    assert "/second-factor" in forms_of(page)
    return page


@pytest.mark.bound("guesses.codes", "guesses.at-a-known-browser")
def test_guesses_at_a_code(server: Deployment) -> None:
    """RFC 4226 section 7.3: at any browser; then at the one that is hers."""
    serve_consents(server)
    hers, thiefs = Browser(server), Browser(server)
    page = asked_for_a_code(hers)
    shown = page.body.decode().split('class="digits">')[1][:7]
    assert hers.submit(page, "/second-factor", totp=shown).status == 303
    for browser, rate in ((thiefs, CODES), (hers, KNOWN_BROWSER)):
        page = asked_for_a_code(browser, prompt="login")
        for _ in range(rate.at_once):
            answer = browser.submit(page, "/second-factor", totp="000 000")
            assert answer.status == 403
        answer = browser.submit(page, "/second-factor", totp="000 000")
        assert_throttled(server, answer, "second_factor", rate)


@pytest.mark.bound("guesses.at-a-known-browser")
def test_guesses_at_her_own_browser(server: Deployment) -> None:
    """RFC 6749 section 10.10: whoever sits down there has no more than a few either."""
    serve_consents(server)
    hers = Browser(server)
    sign_in(hers, hers.authorize(pushed(server)))
    page = hers.authorize(pushed(server, prompt="login"))
    for _ in range(KNOWN_BROWSER.at_once):
        assert guessed(hers, page).status == 403
    assert_throttled(server, guessed(hers, page), "sign_in", KNOWN_BROWSER)


@pytest.mark.bound("guesses.name")
def test_a_long_name() -> None:
    """RFC 6749 section 10.10: whatever is put behind it, it is the same customer."""
    name = "a" * LONGEST_NAME
    first, second = (password_attempt(name + end, "192.0.2.1:1", None) for end in "bc")
    assert first == second


class Waiting:
    """Sign-ins whose passwords are hashed when a test says so, at one server."""

    def __init__(self, start_as: StartAs) -> None:
        self.hashing: list[Deferred[bool]] = []
        self.holds = False
        self.server = start_as(in_thread=self._hash)
        serve_consents(self.server)
        self.answers: list[Answer] = []

    def _hash(self, function: Callable[[], bool]) -> Deferred[bool]:
        if not self.holds:
            return succeed(function())
        self.hashing.append(Deferred())
        return self.hashing[-1]

    def comes(self, browser: Browser, form: Mapping[str, str]) -> None:
        """Somebody sends this form, over a connection of its own."""
        cookies = "; ".join(f"{n}={v}" for n, v in browser.cookies.items())
        fields = {"Content-Type": FORM, "Cookie": cookies, "Origin": CONVENTIONAL}
        asked = self.server.client(None).request(
            "POST",
            f"{CONVENTIONAL}/sign-in",
            headers=tuple(fields.items()),
            body=urlencode(form).encode(),
        )
        Deferred.fromCoroutine(asked).addCallback(self.answers.append)
        self.server.network.flush()

    def all(self) -> None:
        """Until nobody waits."""
        while self.hashing:
            self.hashing.pop(0).callback(False)  # noqa: FBT003 - a result
            self.server.network.flush()


@pytest.mark.bound("turns.at-once", "turns.of-one-address", "turns.of-one-browser")
@pytest.mark.parametrize(
    ("known", "most"), [(False, OF_ONE_ADDRESS), (True, OF_ONE_BROWSER)]
)
def test_places_of_one_peer(start_as: StartAs, most: int, *, known: bool) -> None:
    """RFC 9110 section 15.6.4: 503 at once, and those who have a place keep it."""
    waiting = Waiting(start_as)
    browser = Browser(waiting.server)
    page = browser.authorize(pushed(waiting.server))
    if known:
        sign_in(browser, page)
        page = browser.authorize(pushed(waiting.server, prompt="login"))
    waiting.holds = True
    fields = forms_of(page)["/sign-in"]
    form = {**fields, "username": TY, "password": "x"}
    for number in range(AT_ONCE + most):
        waiting.comes(browser, form if known else {**form, "username": f"{number}"})
    assert waiting.answers == []
    assert len(waiting.hashing) == AT_ONCE
    waiting.comes(browser, form)
    (answer,) = waiting.answers
    assert (answer.status, answer.header("retry-after")) == (503, f"{BUSY_SECONDS}")
    line = last_line(waiting.server)
    assert "no place to wait: " in line
    assert f"{most} of this peer, expected at most {most}" in line
    waiting.all()
    assert [each.status for each in waiting.answers] == [503] + [403] * (AT_ONCE + most)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Nobody has signed in."""
    house = House(tmp_path / "as.sqlite3")
    yield house
    house.connection.close()


def attempt(house: House, visitor: Visitor, name: str) -> Request:
    """A wrong password, from where this visitor is."""
    page = house.page(visitor)
    assert page is not None
    fields = fields_of(page, "/sign-in")
    return visitor.post("/sign-in", {**fields, "username": name, "password": "x"})


@pytest.mark.bound("guesses.everywhere")
def test_guesses_from_many_addresses(house: House) -> None:
    """RFC 6749 section 10.10: together they have no more than this."""
    house.only_guesses = True
    for number in range(EVERYWHERE.at_once):
        asked = attempt(house, Visitor(f"10.0.{number}.1:1"), TY)
        assert house.answer(asked).status == 403
    asked = attempt(house, Visitor("10.1.0.1:1"), TY)
    assert_said(house.answer(asked), 429, "Too many attempts.")
    assert asked.journal.facts["expected"] == str(EVERYWHERE)


@pytest.mark.bound("known-browsers.new")
def test_a_browser_too_many(start_as: StartAs) -> None:
    """She is signed in all the same; the operator reads why it stays a stranger."""
    server = start_as(in_thread=everybody)
    serve_consents(server)
    request_uri = pushed(server)
    for number in range(NEW_BROWSERS.at_once + 1):
        browser = Browser(server)
        sign_in(browser, browser.authorize(request_uri))
        is_known = "__Host-bank-browser" in browser.cookies
        assert is_known is (number < NEW_BROWSERS.at_once)
    lines = server.log.getvalue().splitlines()
    (told,) = [each for each in lines if 'browser="not remembered"' in each]
    assert f'expected="{NEW_BROWSERS}"' in told
