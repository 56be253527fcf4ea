"""Signing in, step by step, in a browser that keeps a cookie."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from as_node.browser.csrf import csrf_token
from as_node.browser.error_pages import ForeignForm
from as_node.browser.request_pages import RequestNotUsable
from as_node.browser.sessions import LIFETIME, SignedIn, name_of_request
from as_node.protocol.acr import SCA
from pki.http.messages import Response
from tests.as_node.login.signing_in import (
    AL,
    HASH,
    PASSWORD,
    TY,
    House,
    asking_for_two_factors,
    assert_goes_on,
    assert_said,
)
from tests.customers.requests import PENDING, Browser, fields_of, header


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Nobody has signed in."""
    house = House(tmp_path / "as.sqlite3")
    with closing(house.connection):
        yield house


def test_password(house: House) -> None:
    """Who knows the password is signed in, without any claim about a second factor."""
    browser = Browser()
    assert_goes_on(house.password(browser))
    assert house.signed_in(browser) == SignedIn(
        sub=TY,
        auth_time=int(house.network.clock()),
        acr=None,
        made_for=name_of_request(PENDING.request_uri),
    )
    assert house.page(browser) is None


def test_second_factor(house: House) -> None:
    """
    Only after the code is the second factor claimed, and then no page is due; the time
    is that of the password (OpenID Connect Core section 2, `auth_time`).
    """
    browser = Browser()
    house.password(browser)
    signed_in = house.signed_in(browser)
    assert signed_in is not None
    house.network.reactor.advance(7)
    assert_goes_on(house.second_factor(browser))
    assert house.signed_in(browser) == replace(signed_in, acr=SCA)
    assert signed_in.auth_time == int(house.network.clock()) - 7
    assert house.page(browser, second_factor=True) is None


def test_a_code_does_not_stretch_a_session(house: House) -> None:
    """The session ends when it would have, whatever is proved in between."""
    browser = Browser()
    house.password(browser)
    house.network.reactor.advance(LIFETIME - 1)
    house.second_factor(browser)
    assert house.signed_in(browser) is not None
    house.network.reactor.advance(1)
    assert house.signed_in(browser) is None


@pytest.mark.parametrize("asked", [{"anew": True}, {"max_age": 9}, {"max_age": 0}])
def test_a_code_alone_is_no_new_sign_in(house: House, asked: dict[str, Any]) -> None:
    """
    OpenID Connect Core section 3.1.2.1: `prompt=login` and `max_age` want the whole of
    it, and a form of one's own making does not walk around the page.
    """
    browser = Browser()
    house.password(browser)
    house.network.reactor.advance(10)
    strict = replace(
        PENDING,
        request_uri="urn:ietf:params:oauth:request_uri:two",
        asked=replace(
            PENDING.asked,
            authentication=replace(
                PENDING.asked.authentication, second_factor=True, **asked
            ),
        ),
    )
    house.push(strict)
    page = house.page(browser, pending=strict)
    assert page is not None
    assert 'action="/sign-in"' in page
    visitor = house.network.run(house.sessions.visitor(browser.get()))
    own = {
        **fields_of(page, "/sign-in"),
        "csrf_token": csrf_token(visitor, "/second-factor", strict.request_uri),
        "totp": house.code(),
    }
    answer = house.answer(browser.post("/second-factor", own))
    assert answer.status == 303
    assert header(answer, "Set-Cookie") is None
    assert house.used == set()  # the code is still good
    # Nor with a second factor that another request asked for.
    assert_goes_on(house.second_factor(browser))
    page = house.page(browser, pending=strict)
    assert page is not None
    assert 'action="/sign-in"' in page
    # With her password, and then a code again, she is known as well as it wants.
    sent = house.send(browser, page, "/sign-in", username=TY, password=PASSWORD)
    assert sent.status == 303
    page = house.page(browser, pending=strict)
    assert page is not None
    sent = house.send(browser, page, "/second-factor", totp=house.code(1))
    assert sent.status == 303
    house.network.reactor.advance(60)
    assert house.page(browser, pending=strict) is None


def test_a_sign_in_for_another_request(house: House) -> None:
    """OpenID Connect Core section 3.1.2.1: `prompt=login` asks for one of its own."""
    anew = replace(PENDING.asked.authentication, anew=True)
    first, second = (
        replace(
            PENDING,
            request_uri=f"urn:ietf:params:oauth:request_uri:{name}",
            asked=replace(PENDING.asked, authentication=anew),
        )
        for name in ("two", "three")
    )
    browser = Browser()
    for each in (first, second):  # both pushed before she signs in for either
        house.push(each)
    for each in (first, second):
        page = house.page(browser, pending=each)
        assert page is not None
        house.send(browser, page, "/sign-in", username=TY, password=PASSWORD)
        assert house.page(browser, pending=each) is None


def test_the_journal_tells_what_was_proved(house: House) -> None:
    """The operator reads who signed in by what, and no secret."""
    browser = Browser()
    page = house.page(browser)
    assert page is not None
    request = browser.post(
        "/sign-in",
        {**fields_of(page, "/sign-in"), "username": TY, "password": PASSWORD},
    )
    house.answer(request)
    assert request.journal.facts == {"sub": TY}
    assert [each.check.title for each in request.journal.decisions] == [
        "the form was sent by the browser that was shown it",
        "she knows her password",
    ]
    assert PASSWORD not in str(request.journal)


@pytest.mark.check("sign-in.password")
@pytest.mark.parametrize(
    ("name", "password"),
    [
        (TY, "be-the-bell"),
        (TY, ""),
        ("nobody@example.com", PASSWORD),
        ("", PASSWORD),
        (TY, HASH),
    ],
    ids=["wrong", "empty", "nobody", "nothing", "the hash"],
)
def test_no_oracle(house: House, name: str, password: str) -> None:
    """A wrong password and an unknown name are answered alike."""
    browser = Browser()
    response = house.password(browser, name, password)
    assert_said(response, 403, "That name and password do not belong together.")
    assert house.signed_in(browser) is None


def pressed(page: str, path: str, button: str) -> dict[str, str]:
    """What a browser sends by the *button* of a form that is filled in already."""
    (form,) = (
        each
        for each in re.findall(r'<form class="filled-in".*?</form>', page, re.DOTALL)
        if f">{button}</button>" in each
    )
    plain = form.replace(' class="filled-in"', "")
    return fields_of(plain, path)


def test_a_test_bank_types_for_her(house: House) -> None:
    """One press signs her in, by what she would have typed, and confirms it."""
    browser = Browser()
    page = house.page(browser)
    assert page is not None
    form = pressed(page, "/sign-in", "Sign in as Ty Webb")
    answer = house.answer(browser.post("/sign-in", form))
    assert_goes_on(answer)
    browser.shown(answer)
    page = house.page(browser, second_factor=True)
    assert page is not None
    form = pressed(page, "/second-factor", "Confirm with this code")
    answer = house.answer(browser.post("/second-factor", form))
    assert_goes_on(answer)
    browser.shown(answer)
    signed_in = house.signed_in(browser)
    assert signed_in is not None
    assert (signed_in.sub, signed_in.acr) == (TY, SCA)


@pytest.mark.check("sign-in.password")
def test_nobody_types_for_her_elsewhere(house: House) -> None:
    """
    Without `shown_password` no form is filled in with a password or a code, and one
    that leaves out what the customer knows is refused like any other.
    """
    browser = Browser()
    page = house.page(browser)
    assert page is not None
    assert "Sign in as Al" not in page
    form = pressed(page, "/sign-in", "Sign in as Ty Webb") | {"username": AL}
    for password in ("", "x"):
        sent = browser.post("/sign-in", {**form, "password": password})
        assert_said(house.answer(sent), 403, "That name and password do not belong")
    house.password(browser, AL)
    page = house.page(browser, second_factor=True)
    assert page is not None
    assert 'class="filled-in"' not in page
    assert_said(house.second_factor(browser, ""), 403, "That is not the right code.")


def test_the_name_stays_and_the_password_does_not(house: House) -> None:
    """What was typed wrongly need not be typed again, but for the password."""
    page = house.password(Browser(), TY, "a-secret-typed-wrongly").body.decode()
    assert fields_of(page, "/sign-in")["username"] == TY
    assert "a-secret-typed-wrongly" not in page


def test_a_second_try(house: House) -> None:
    """The page that says what was wrong is one to sign in with."""
    browser = Browser()
    page = house.password(browser, TY, "wrong").body.decode()
    response = house.send(browser, page, "/sign-in", username=TY, password=PASSWORD)
    assert_goes_on(response)


def test_guessing_is_slowed_down(house: House) -> None:
    """After five failures even the right password has to wait, as the page says."""
    browser = Browser()
    for _ in range(5):
        assert house.password(browser, TY, "wrong").status == 403
    response = house.password(browser)
    assert_said(response, 429, "Too many attempts. Please wait 30 seconds")
    assert house.signed_in(browser) is None
    house.network.reactor.advance(30)
    assert_goes_on(house.password(browser))


def test_signing_in_is_not_slowed_down(house: House) -> None:
    """Who signs in often, and rightly each time, is no attacker."""
    for _ in range(35):
        assert_goes_on(house.password(Browser()))


def test_no_second_factor_without_the_first(house: House) -> None:
    """The code alone signs nobody in."""
    browser = Browser()
    house.password(browser)
    page = house.page(browser, second_factor=True)
    assert page is not None
    house.network.reactor.advance(LIFETIME)
    response = house.send(browser, page, "/second-factor", totp=house.code())
    assert_goes_on(response)
    assert house.signed_in(browser) is None


@pytest.mark.check("sign-in.second-factor")
def test_a_wrong_code(house: House) -> None:
    """A wrong code leaves the customer where she was, and claims nothing."""
    browser = Browser()
    house.password(browser)
    response = house.second_factor(browser, "000000")
    assert_said(response, 403, "That is not the right code.")
    signed_in = house.signed_in(browser)
    assert signed_in is not None
    assert signed_in.acr is None


@pytest.mark.check("sign-in.second-factor")
def test_a_code_seen_by_somebody_else(house: House) -> None:
    """RFC 6238 section 5.2: a code that was used is refused, and the next one works."""
    browser, thief = Browser(), Browser()
    house.password(browser)
    house.password(thief)
    seen = house.code()
    assert_goes_on(house.second_factor(browser, seen))
    response = house.second_factor(thief, seen)
    assert_said(response, 403, "That code was used already.")
    assert_goes_on(house.second_factor(thief, house.code(1)))


@pytest.mark.parametrize("path", ["/sign-in", "/second-factor"])
@pytest.mark.parametrize("cookie", ["dropped", "taken"])
def test_the_same_form_twice(house: House, path: str, cookie: str) -> None:
    """
    A double click is one step: the second form is answered as the first was.

    The browser drops the first answer before or after it has taken the cookie from it.
    """
    browser = Browser()
    form = _filled_in(house, browser, path)
    asked_from = browser.cookie
    first = house.answer(browser.post(path, form))
    assert_goes_on(first)
    if cookie == "taken":
        browser.shown(first)
    assert (browser.cookie == asked_from) is (cookie == "dropped")
    again = house.answer(browser.post(path, form))
    assert again == first
    browser.shown(again)
    signed_in = house.signed_in(browser)
    assert signed_in is not None
    assert signed_in.acr == (SCA if path == "/second-factor" else None)


@pytest.mark.parametrize("path", ["/sign-in", "/second-factor"])
def test_the_same_form_from_elsewhere(house: House, path: str) -> None:
    """RFC 6749 section 10.12: nobody else is signed in by a form that was answered."""
    browser, victim = Browser(), Browser()
    form = _filled_in(house, browser, path)
    browser.shown(house.answer(browser.post(path, form)))
    house.page(victim)
    with pytest.raises(ForeignForm):
        house.answer(victim.post(path, form))
    with pytest.raises(ForeignForm):
        house.answer(browser.post(path, form, {"sec-fetch-site": "cross-site"}))


def test_the_same_code_later(house: House) -> None:
    """RFC 6238 section 5.2: a code is used once; ten seconds are no double click."""
    browser = Browser()
    form = _filled_in(house, browser, "/second-factor")
    assert_goes_on(house.answer(browser.post("/second-factor", form)))
    house.network.reactor.advance(10)
    later = house.answer(browser.post("/second-factor", form))
    assert_goes_on(later)
    assert header(later, "Set-Cookie") is None
    assert house.signed_in(browser) is None


def _filled_in(house: House, browser: Browser, path: str) -> dict[str, str]:
    """The form of this step, in a browser that has come so far."""
    if path == "/second-factor":
        house.password(browser)
    page = house.page(browser, second_factor=True)
    assert page is not None
    typed = {"username": TY, "password": PASSWORD, "totp": house.code()}
    fields = fields_of(page, path)
    return fields | {name: typed[name] for name in typed if name in fields}


@pytest.mark.check("sign-in.second-factor")
def test_another_customers_code(house: House) -> None:
    """Ty's code does not help whoever is signed in as Al; nor is Al's code shown."""
    browser = Browser()
    house.password(browser, "al@example.com")
    response = house.second_factor(browser)
    assert_said(response, 403, "That is not the right code.")
    assert "Your code" not in response.body.decode()


def test_guessing_codes_is_slowed_down(house: House) -> None:
    """After five wrong codes even the right one has to wait, in every browser."""
    for _ in range(5):
        browser = Browser()
        house.password(browser)
        assert house.second_factor(browser, "000000").status == 403
    browser = Browser("192.0.2.1:1")
    house.password(browser)
    assert_said(house.second_factor(browser), 429, "Too many attempts.")
    house.network.reactor.advance(30)
    assert_goes_on(house.second_factor(browser))


def test_not_you(house: House) -> None:
    """Whoever says it is not she is shown the first page, and her session has ended."""
    browser, copy = Browser(), Browser()
    house.password(browser)
    copy.cookie = browser.cookie
    page = house.page(browser, second_factor=True)
    assert page is not None
    response = house.send(browser, page, "/not-you")
    assert_goes_on(response)
    assert header(response, "Set-Cookie") == (
        "__Host-bank-session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"
    )
    assert house.signed_in(copy) is None
    page = house.page(browser)
    assert page is not None
    assert 'action="/sign-in"' in page


@pytest.mark.check("csrf.same-origin")
def test_a_foreign_form_at_each_step(house: House) -> None:
    """RFC 6749 section 10.12: no step is done for a form without the right token."""
    browser = Browser()
    house.password(browser)
    form = {
        "client_id": PENDING.client.client_id,
        "request_uri": PENDING.request_uri,
        "username": TY,
        "password": PASSWORD,
        "totp": house.code(),
        "csrf_token": "0" * 64,
    }
    for path in ("/sign-in", "/second-factor", "/not-you"):
        with pytest.raises(ForeignForm):
            house.answer(browser.post(path, form))
    assert house.used == set()
    assert house.signed_in(browser) is not None


def test_signed_in_to_an_attackers_account(house: House) -> None:
    """An attacker's page cannot sign his victim in as himself."""
    attacker, victim = Browser(), Browser()
    page = house.page(attacker)
    assert page is not None
    house.page(victim)
    form = {**fields_of(page, "/sign-in"), "username": TY, "password": PASSWORD}
    with pytest.raises(ForeignForm):
        house.answer(victim.post("/sign-in", form))


def test_an_expired_request(house: House) -> None:
    """A form whose request is over ends on a page, and no password is looked at."""
    browser = Browser()
    page = house.page(browser)
    assert page is not None
    house.network.run(house.store.use_pushed_request(PENDING.request_uri))
    with pytest.raises(RequestNotUsable):
        house.send(browser, page, "/sign-in", username=TY, password=PASSWORD)
    assert house.signed_in(browser) is None


def test_an_old_page_of_another_tab(house: House) -> None:
    """Signing in makes the other tab's page out of date; it leads on from there."""
    other = replace(PENDING, request_uri="urn:ietf:params:oauth:request_uri:two")
    house.push(other)
    browser = Browser()
    house.page(browser)
    old = house.page(browser, pending=other)
    assert old is not None
    house.password(browser)
    with pytest.raises(ForeignForm) as refused:
        house.send(browser, old, "/sign-in", username=TY, password=PASSWORD)
    assert "request_uri%3Atwo" in refused.value.response().body.decode()
    assert house.page(browser, pending=other) is None


def test_two_tabs_keep_their_requests(house: House) -> None:
    """Each tab's form goes on with the request that the tab was opened for."""
    other = replace(PENDING, request_uri="urn:ietf:params:oauth:request_uri:two")
    house.push(other)
    browser = Browser()
    house.page(browser)
    page = house.page(browser, pending=other)
    assert page is not None
    response = house.send(browser, page, "/sign-in", username=TY, password=PASSWORD)
    location = header(response, "Location")
    assert location is not None
    assert location.endswith("two")


def test_a_form_sent_twice(house: House) -> None:
    """A form sent again at once, or a moment later: either answer is good."""
    browser = Browser()
    page = house.page(browser)
    assert page is not None
    form = {**fields_of(page, "/sign-in"), "username": TY, "password": PASSWORD}
    answers = [house.answer(browser.post("/sign-in", form)) for _ in range(2)]
    for answer in answers:
        assert_goes_on(answer)
        browser.shown(answer)
        assert house.signed_in(browser) is not None


def test_a_customer_who_is_no_longer_one(house: House) -> None:
    """A session of somebody the configuration no longer knows signs nobody in."""
    browser = Browser()
    visitor = house.network.run(house.sessions.visitor(browser.get()))
    gone = SignedIn(sub="gone@example.com", auth_time=1)
    known = house.network.run(house.sessions.begin(visitor, gone))
    asking = asking_for_two_factors(PENDING)
    response = house.customers.customer_or_page(asking, known)
    assert isinstance(response, Response)
    assert b'action="/sign-in"' in response.body
