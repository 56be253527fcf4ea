"""Between the browser and the two servers: cookies, certificates, addresses."""

from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Request

from scripts.walkthrough.recordings.recordings import Recordings
from tests.browser.customer import Customer
from tests.deployment.running import Running

BANK_COOKIE = "__Host-bank-session"
KNOWN_BROWSER_COOKIE = "__Host-bank-browser"
CLIENT_COOKIE = "__Host-tpp-session"

_PATHS = ("/", "/accounts", "/consents")  # of the client, without queries


def watched_journey(customer: Customer) -> list[Request]:
    """Every request of the browser, from connecting to disconnecting."""
    requests: list[Request] = []

    def seen(request: Request) -> None:
        requests.append(request)

    customer.page.on("request", seen)
    customer.arrive_at_consent()
    customer.share()
    customer.sees_accounts(1)
    customer.page.goto(f"{customer.home}/consents")
    customer.disconnect()
    customer.sees("What you share")
    return requests


def test_neither_server_sees_the_others_cookie(
    customer: Customer, bank: Running
) -> None:
    """Cookies ignore ports, so the two have names and hosts of their own."""
    requests = watched_journey(customer)
    # Also with both cookies there, at each of the two.
    for url in (f"{bank.issuer}/authorize", f"{bank.client}/"):
        answer = customer.page.goto(url)
        assert answer is not None
        requests.append(answer.request)
    assert _cookies(requests, bank.issuer) == {BANK_COOKIE, KNOWN_BROWSER_COOKIE}
    assert _cookies(requests, bank.client) == {CLIENT_COOKIE}


def _cookies(requests: Iterable[Request], origin: str) -> set[str]:
    """The names of all cookies that were sent to *origin*."""
    return {
        pair.partition("=")[0].strip()
        for request in requests
        if request.url.startswith(f"{origin}/")
        for pair in request.all_headers().get("cookie", "").split(";")
        if pair
    }


def test_no_script_and_no_other_site_can_have_the_cookies(
    customer: Customer, bank: Running
) -> None:
    """All are for their host alone, over TLS alone, out of the reach of scripts."""
    customer.arrive_at_consent()
    cookies = {each["name"]: each for each in customer.page.context.cookies()}
    expected = {
        BANK_COOKIE: (bank.issuer, "Lax"),
        KNOWN_BROWSER_COOKIE: (bank.issuer, "Strict"),
        CLIENT_COOKIE: (bank.client, "Lax"),
    }
    assert set(cookies) == set(expected)
    for name, (origin, same_site) in expected.items():
        cookie = cookies[name]
        assert cookie["domain"] == urlsplit(origin).hostname
        assert (cookie["path"], cookie["sameSite"]) == ("/", same_site)
        assert cookie["secure"]
        assert cookie["httpOnly"]
    assert customer.page.evaluate("document.cookie") == ""


def test_signing_in_changes_the_banks_cookie(customer: Customer) -> None:
    """What somebody planted before she signed in is worth nothing afterwards."""
    customer.connect()
    planted = _value(customer)
    customer.sign_in()
    customer.sees("Confirm it is you")
    with_password = _value(customer)
    customer.confirm()
    customer.sees("Share your accounts with Example Banking Client?")
    assert len({planted, with_password, _value(customer)}) == 3


def _value(customer: Customer) -> str:
    (value,) = (
        each["value"]
        for each in customer.page.context.cookies()
        if each["name"] == BANK_COOKIE
    )
    return value


def test_the_browser_speaks_with_the_two_websites_alone(
    customer: Customer, bank: Running
) -> None:
    """Nothing leads it to the mutual-TLS listener, to the accounts API or away."""
    origins = {
        "{0.scheme}://{0.netloc}".format(urlsplit(request.url))
        for request in watched_journey(customer)
        if not request.url.startswith("data:")
    }
    assert origins == {bank.issuer, bank.client}


def test_the_browser_is_never_asked_for_a_certificate(
    customer: Customer, bank: Running
) -> None:
    """RFC 8705 section 5: on the conventional port nobody is, in no handshake."""
    watched_journey(customer)
    recordings = Recordings(bank.deployment.build / "recordings")
    asked: dict[int, set[bool]] = {}
    for handshake in recordings.handshakes():
        if handshake["side"] == "server":
            port = int(handshake["local"].rpartition(":")[2])
            asked.setdefault(port, set()).add(handshake["certificate_requested"])
    assert asked == {
        urlsplit(bank.issuer).port: {False},
        urlsplit(bank.client).port: {False},
        urlsplit(bank.mtls).port: {True},
        urlsplit(bank.resource).port: {True},
    }


def test_a_reference_and_nothing_else_crosses_the_browser(
    customer: Customer, bank: Running
) -> None:
    """RFC 9126 section 4: to the bank go `client_id` and `request_uri` alone."""
    urls = [each.url for each in watched_journey(customer)]
    there = {u for u in urls if urlsplit(u).path == "/authorize"}
    back = {u for u in urls if urlsplit(u).path == "/callback"}
    assert {frozenset(parse_qs(urlsplit(url).query)) for url in there} == {
        frozenset({"client_id", "request_uri"})
    }
    (query,) = (parse_qs(urlsplit(url).query) for url in back)
    assert set(query) == {"code", "state", "iss"}
    assert query["iss"] == [bank.issuer]


def test_neither_website_learns_where_she_was_at_the_other(
    customer: Customer, bank: Running
) -> None:
    """RFC 9700 section 4.2.4: no code and no reference leaks in a `Referer`."""
    for request in watched_journey(customer):
        referer = request.all_headers().get("referer", "")
        if request.url.startswith(f"{bank.issuer}/"):
            assert referer == ""
        else:
            assert referer in {"", *(f"{bank.client}{path}" for path in _PATHS)}


@pytest.mark.parametrize("path", ["issuer", "client"])
def test_no_page_can_be_framed(browser: Browser, bank: Running, path: str) -> None:
    """RFC 9700 section 4.16: she would press what she does not see."""
    origin = bank.issuer if path == "issuer" else bank.client
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content("<iframe></iframe>")
        with page.expect_event("requestfailed") as failed:
            page.evaluate(
                "url => { document.querySelector('iframe').src = url }",
                f"{origin}/authorize",
            )
        assert failed.value.failure == "net::ERR_BLOCKED_BY_RESPONSE"
