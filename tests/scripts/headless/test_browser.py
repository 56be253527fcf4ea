"""A browser without a screen goes where a real one would, and nowhere else."""

from collections.abc import Collection

import pytest

from pki.http.answers import Answer
from pki.http.messages import Fields
from scripts.headless.browser import Browser, WouldNotGo
from scripts.headless.page import Page
from tests.customers.headless import now, sent_by

BANK = "https://bank.example"
TPP = "https://tpp.example"
FORM = '<form action="/consent"><input name="csrf" value="1"/><input name="x"/></form>'


def answer(status: int = 200, text: str = "", **headers: str) -> Answer:
    """What a server says."""
    fields = {name.replace("_", "-"): (value,) for name, value in headers.items()}
    return Answer(status, fields, text.encode())


class Site:
    """Says what it is told, to one request after the other."""

    def __init__(self, *answers: Answer) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, str, Fields, bytes]] = []

    def browser(self, origins: Collection[str] | None = None) -> Browser:
        """A browser that can reach it."""
        return Browser(sent_by(self._send), origins)

    def _send(self, method: str, url: str, headers: Fields, body: bytes) -> Answer:
        self.asked.append((method, url, headers, body))
        return self._answers.pop(0)


def test_it_follows_where_it_goes_by_itself() -> None:
    """To its own origin unless told more; the rest is shown as it is."""
    away = answer(303, location=f"{TPP}/callback?code=c")
    site = Site(answer(302, location="/on"), away)
    page = now(site.browser().open(f"{BANK}/"))
    assert [url for _, url, _, _ in site.asked] == [f"{BANK}/", f"{BANK}/on"]
    assert page == Page(f"{BANK}/on", away)
    site = Site(away, answer(text="welcome"))
    page = now(site.browser({BANK, TPP}).open(f"{BANK}/"))
    assert (page.url, page.text) == (f"{TPP}/callback?code=c", "welcome")


def test_cookies_go_along() -> None:
    """What one answer sets, the next request has."""
    site = Site(answer(303, location="/on", set_cookie="theme=dark"), answer())
    now(site.browser().open(f"{BANK}/"))
    fields = [fields for _, _, fields, _ in site.asked]
    assert fields == [
        (("Accept", "text/html"),),
        (("Accept", "text/html"), ("Cookie", "theme=dark")),
    ]


@pytest.mark.parametrize(
    ("policy", "origin"), [("no-referrer", "null"), ("same-origin", BANK)]
)
def test_a_form_says_where_it_was_sent_from(policy: str, origin: str) -> None:
    """Fetch section 3.1: its origin, hidden where the page's policy hides it."""
    site = Site(answer(text=FORM, referrer_policy=policy), answer())
    browser = site.browser()
    page = now(browser.open(f"{BANK}/authorize"))
    now(browser.submit(page, "/consent", {"x": None, "decision": "approved"}))
    method, url, fields, body = site.asked[-1]
    assert (method, url) == ("POST", f"{BANK}/consent")
    assert body == b"csrf=1&decision=approved"
    assert {("Origin", origin), ("Sec-Fetch-Site", "same-origin")} < set(fields)


@pytest.mark.parametrize("policy", ["form-action 'self'", "form-action 'none'"])
def test_a_policy_binds_the_redirect_after_a_form(policy: str) -> None:
    """CSP level 3 section 6.4.1: also where the browser would not have gone itself."""
    away = answer(303, location=f"{TPP}/callback")
    here = answer(text=FORM, content_security_policy=f"default-src 'none'; {policy}")
    browser = Site(here, away).browser()
    page = now(browser.open(f"{BANK}/authorize"))
    with pytest.raises(WouldNotGo, match="policy"):
        now(browser.submit(page, "/consent", {}))


@pytest.mark.parametrize("policy", ["", f"form-action 'self' {TPP};"])
def test_a_policy_that_lets_it_go(policy: str) -> None:
    """Each redirect on the way is looked at."""
    here = answer(text=FORM, content_security_policy=policy)
    on, away = answer(303, location="/on"), answer(303, location=f"{TPP}/callback")
    browser = Site(here, on, away).browser()
    page = now(browser.open(f"{BANK}/authorize"))
    there = now(browser.submit(page, "/consent", {}))
    assert there.location == f"{TPP}/callback"


def test_a_policy_holds_through_a_redirect() -> None:
    """The second redirect leads away, which the page with the form forbids."""
    here = answer(text=FORM, content_security_policy="form-action 'self'")
    on, away = answer(303, location="/on"), answer(303, location=f"{TPP}/callback")
    browser = Site(here, on, away).browser()
    page = now(browser.open(f"{BANK}/authorize"))
    with pytest.raises(WouldNotGo, match="policy"):
        now(browser.submit(page, "/consent", {}))


def test_it_does_not_go_in_circles() -> None:
    """Nor does a real one."""
    with pytest.raises(WouldNotGo, match="circles"):
        now(Site(*[answer(303, location="/")] * 11).browser().open(f"{BANK}/"))


def test_a_location_that_is_no_redirect() -> None:
    """A 200 leads nowhere, and should not say so."""
    with pytest.raises(WouldNotGo, match="status 200"):
        now(Site(answer(200, location="/on")).browser().open(f"{BANK}/"))
