"""What customers do to a journey: press twice, go back, wait, use two tabs."""

import re
import sqlite3
import tomllib
from contextlib import closing

from playwright.sync_api import Page, Route, expect

from tests.browser.customer import PASSWORD, Customer
from tests.deployment.running import Running

EXPIRED = "This link has expired"
ANSWERED = "This request was answered already"
OUT_OF_DATE = "This page was out of date"
CLOSED = "This way back from your bank is closed"


def test_every_form_arrives_twice(customer: Customer) -> None:
    """She presses everything twice, and the second press shows what the first did."""
    page = customer.page
    page.route("**/*", _send_forms_twice)
    customer.connect()
    customer.sign_in()
    customer.confirm()
    customer.share()
    customer.sees_accounts(1)
    page.get_by_role("link", name="What you share").first.click()
    expect(page.get_by_role("button", name="Disconnect")).to_have_count(1)
    customer.disconnect()
    customer.sees("There is no such connection")
    expect(page.get_by_role("main")).to_contain_text("Nothing is shared under it.")


def _send_forms_twice(route: Route) -> None:
    """The first time beside the browser, with its cookies, which are kept as usual."""
    request = route.request
    if request.method == "POST":
        from_our_page = {**request.headers, "sec-fetch-site": "same-origin"}
        first = route.fetch(max_redirects=0, headers=from_our_page)
        assert first.status == 303
    route.continue_()


def _continue(customer: Customer) -> None:
    customer.sees(OUT_OF_DATE)
    customer.page.get_by_role("link", name="Continue").click()


def test_every_button_double_clicked(customer: Customer) -> None:
    """As people do who know it from icons; the browser helps a little."""
    page = customer.page
    page.goto(customer.home)
    _double_click(page, "Connect Example Bank")
    customer.sees("Sign in to your bank")
    page.get_by_label("Email address").fill(customer.person.email)
    page.get_by_label("Password").fill(PASSWORD)
    _double_click(page, "Sign in")
    customer.sees("Confirm it is you")
    page.get_by_label("Six-digit code").fill(customer.person.code())
    _double_click(page, "Confirm")
    customer.choose(1)
    _double_click(page, "Share these accounts")
    customer.sees_accounts(1)


def _double_click(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).dblclick()


def test_back_after_she_has_answered(customer: Customer) -> None:
    """The page she approved on is over, says so, and forward is where she was."""
    customer.arrive_at_consent()
    customer.share()
    customer.sees_accounts(1)
    customer.page.go_back()
    customer.sees(ANSWERED)
    customer.page.go_forward()
    customer.sees_accounts(1)


def test_back_to_the_sign_in_page(customer: Customer) -> None:
    """She is signed in: back shows the step that is due, not the one that is done."""
    customer.connect()
    customer.sign_in()
    customer.confirm()
    customer.sees("Share your accounts with Example Banking Client?")
    customer.page.go_back()
    customer.page.go_forward()
    customer.share()
    customer.sees_accounts(1)


def test_the_way_back_is_used_once(customer: Customer) -> None:
    """The address that brought her back is worth nothing in anybody's history."""
    page = customer.page
    callbacks: list[str] = []
    page.on("request", lambda request: callbacks.append(request.url))
    customer.arrive_at_consent()
    customer.share()
    customer.sees_accounts(1)
    (callback,) = (url for url in callbacks if "/callback?" in url)
    assert set(re.findall(r"[?&](\w+)=", callback)) == {"code", "state", "iss"}
    page.goto(callback)
    customer.sees(CLOSED)
    page.get_by_role("link", name="To your accounts").click()
    customer.sees_accounts(1)


def test_an_expired_request(customer: Customer, bank: Running) -> None:
    """She took too long: the bank says so, leads nowhere, and she can begin again."""
    customer.connect()
    _expire_requests(bank)
    customer.sign_in()
    customer.sees(EXPIRED)
    assert customer.page.url.startswith(f"{bank.issuer}/")
    expect(customer.page.get_by_role("link")).to_have_count(0)
    customer.connect()


def _expire_requests(bank: Running) -> None:
    """What five minutes do, for which nobody waits: the clock is the machine's."""
    server = bank.deployment.authorization_server
    path = server.parent / tomllib.loads(server.read_text())["database"]
    with closing(sqlite3.connect(path)) as database, database:
        changed = database.execute("UPDATE pushed_request SET exp = 0").rowcount
    assert changed > 0


def test_an_address_that_is_no_request(customer: Customer, bank: Running) -> None:
    """An invented or a mistyped link is a page of the bank, and leads nowhere."""
    page = customer.page
    incomplete, unknown = "This link is not complete", "We do not know this request"
    for query, says in (
        ("", incomplete),
        ("?client_id=banking-client", incomplete),
        ("?client_id=banking-client&request_uri=urn:example:invented", unknown),
        ("?client_id=banking-client&redirect_uri=https://thief.example/", incomplete),
    ):
        answer = page.goto(f"{bank.issuer}/authorize{query}")
        assert answer is not None
        assert answer.status == 400
        customer.sees(says)
        expect(page.get_by_role("link")).to_have_count(0)


def test_two_tabs(customer: Customer) -> None:
    """Two journeys in one browser: she signs in once, and each comes to its end."""
    other = Customer(customer.page.context.new_page(), customer.person, customer.home)
    customer.connect()
    other.connect()
    customer.sign_in()
    customer.confirm()
    other.sign_in()  # on a page from before she signed in
    _continue(other)
    other.share()
    other.sees_accounts(1)
    customer.share(accounts=2)
    customer.sees("Your accounts")
    customer.page.goto(f"{customer.home}/consents")
    expect(
        customer.page.get_by_role("button", name="Disconnect", exact=True)
    ).to_have_count(2)


def test_two_tabs_with_one_request(customer: Customer) -> None:
    """Answered in one tab, it is over in the other, and nothing is shared twice."""
    customer.arrive_at_consent()
    page = customer.page.context.new_page()
    page.goto(customer.page.url)
    other = Customer(page, customer.person, customer.home)
    other.choose(2)
    customer.share()
    customer.sees_accounts(1)
    other.press("Share these accounts")
    other.sees(ANSWERED)
