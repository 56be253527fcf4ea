"""What a connected customer sees, whatever her bank and her browser do."""

import re
import sqlite3
from collections.abc import Iterator

import pytest

from client_node.config import Config
from client_node.web.pages.account_page import read_shown
from client_node.web.pages.transactions_table import ON_A_PAGE
from client_node.web.store.store import SESSION_LIFETIME
from pki.http.messages import Response, json_response
from pki.node.process import Node
from tests.client_node.in_memory.bank import (
    always,
)
from tests.client_node.in_memory.open_bank import AISP, Browser, OpenBank, callback
from tests.client_node.in_memory.web import served


@pytest.fixture
def customer(open_bank: OpenBank, browser: Browser) -> Browser:
    """Her bank is connected."""
    return browser.connected(open_bank)


def advance(open_bank: OpenBank, seconds: float) -> None:
    """Time passes."""
    open_bank.bank.network.reactor.advance(seconds)


def test_the_account(customer: Browser) -> None:
    """A picture with its words, and the transactions by day."""
    customer.get("/accounts")
    (path,) = re.findall(r'href="(/accounts/[^"]+)"', customer.text)
    customer.get(path)
    assert customer.status == 200
    for expected in (
        "Household",
        '<svg role="img"',
        '<title id="chart-title">Balance from ',
        "the highest £1,247.00 on ",
        "Golf balls",
        "\N{MINUS SIGN}£12.50",
        "£900.00",
    ):
        assert expected in customer.text
    assert "style=" not in customer.text
    assert "<script" not in customer.text


def test_the_account_by_its_bare_address(customer: Browser) -> None:
    """Whichever connection covers it."""
    assert "Golf balls" in customer.get("/accounts/22").text


def test_the_bank_is_somebody_else(open_bank: OpenBank, customer: Browser) -> None:
    """Whatever it sends is text; nothing of it is an element of ours."""
    open_bank.accounts[0]["Nickname"] = "<b onclick=x>"
    open_bank.transactions[0]["TransactionInformation"] = "</td><script>x</script>"
    for path in ("/accounts", "/accounts/22"):
        customer.get(path)
        assert customer.status == 200
        assert "<b onclick" not in customer.text
        assert "<script" not in customer.text


def test_pages_of_transactions(open_bank: OpenBank, customer: Browser) -> None:
    """All the bank's pages are read, and shown in pages of ours."""
    open_bank.page_size = 25
    open_bank.transactions += [
        open_bank.transaction("1.00", "Debit", 2, f"Coffee {number}")
        for number in range(ON_A_PAGE)
    ]
    customer.get("/accounts/22")
    assert customer.text.count("Coffee") == ON_A_PAGE - 1
    assert "Page 1 of 2" in customer.text
    (older,) = re.findall(r'href="([^"]+)">Older', customer.text)
    customer.get(older.replace("&amp;", "&"))
    assert customer.text.count("Coffee") == 1
    assert "Salary" in customer.text
    assert ">Newer<" in customer.text
    assert ">Older<" not in customer.text


def test_more_than_is_read(open_bank: OpenBank, customer: Browser) -> None:
    """A picture that would be wrong is not drawn."""
    open_bank.page_size = 1
    open_bank.transactions *= 40
    customer.get("/accounts/22")
    assert "There are more transactions" in customer.text
    assert "<svg" not in customer.text


@pytest.mark.parametrize(
    "link",
    [
        f"https://evil.example{AISP}/accounts/22/transactions?page=1",
        f"https://localhost:9445{AISP}/accounts/23/transactions",
        f"http://localhost:9445{AISP}/accounts/22/transactions",
    ],
)
def test_a_next_page_elsewhere(
    open_bank: OpenBank, customer: Browser, link: str
) -> None:
    """The customer's token goes where her consent is, and nowhere an answer says."""
    members = {"Data": {"Transaction": []}, "Links": {"Next": link}}
    path = f"{AISP}/accounts/22/transactions"
    open_bank.bank.resource.answers[path] = always(200, members)
    assert customer.get("/accounts/22").status == 502


def test_what_the_address_says_wrongly() -> None:
    """Is as if it said nothing."""
    usual = read_shown({})
    assert (usual.days, usual.page) == (90, 1)
    for wrong in ("-1", "x", "12345", "²"):
        assert read_shown({"days": wrong, "page": wrong}) == usual
    assert read_shown({"days": "365", "page": "3"}).days == 365


def test_what_is_not_shared(open_bank: OpenBank, customer: Browser) -> None:
    """403 for a part: the rest is shown, and it says what is not."""
    for what in ("balances", "transactions"):
        path = f"{AISP}/accounts/22/{what}"
        open_bank.bank.resource.answers[path] = always(403, {"Errors": []})
    assert "Household" in customer.get("/accounts").text
    customer.get("/accounts/22")
    assert customer.status == 200
    assert "You do not share the transactions" in customer.text
    assert "<svg" not in customer.text


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Response(503), "cannot be reached"),
        (Response(500), "was not as it should be"),
        (json_response(200, {"Data": []}), "was not as it should be"),
        (json_response(200, {"Data": {"Account": [1]}}), "was not as it should be"),
        (json_response(403, {}), "You have not shared this"),
        (json_response(429, {}), "cannot be reached"),
        (json_response(400, {"Errors": "x"}), "could not do this"),
    ],
)
def test_a_bank_that_answers_otherwise(
    open_bank: OpenBank, customer: Browser, answer: Response, words: str
) -> None:
    """In words, on a page that is otherwise whole."""
    open_bank.bank.resource.answers[f"{AISP}/accounts"] = lambda _request: answer
    customer.get("/accounts")
    assert customer.status == 200
    assert words in customer.text
    assert customer.get("/accounts/22").status >= 400


def test_an_account_of_nobodys(open_bank: OpenBank, customer: Browser) -> None:
    """404, whether it is not shared, of another connection, or of another browser."""
    assert customer.get("/accounts/23").status == 404
    assert customer.get("/accounts/22?bank=x").status == 404
    assert Browser(open_bank.bank).get("/accounts/22").status == 404


def test_a_session_that_is_over(open_bank: OpenBank, customer: Browser) -> None:
    """It outlives the consents it holds, and not by much."""
    advance(open_bank, SESSION_LIFETIME)
    assert "No bank is connected" in customer.get("/accounts").text


def test_another_browser_sees_nothing(open_bank: OpenBank, customer: Browser) -> None:
    """Also not one that makes up a cookie, or brings two."""
    value = customer.cookies["__Host-tpp-session"]
    for cookies in ({}, {"__Host-tpp-session": "x" * 43}, {"__Host-tpp-session": "x"}):
        other = Browser(open_bank.bank, dict(cookies))
        assert "No bank is connected" in other.get("/accounts").text
    two = {"__Host-tpp-session": f"{value}; __Host-tpp-session={value}"}
    other = Browser(open_bank.bank, two)
    assert "No bank is connected" in other.get("/accounts").text


def test_what_is_shared(open_bank: OpenBank, customer: Browser) -> None:
    """What, since when, until when, and how it stands by the bank's word."""
    customer.get("/consents")
    for expected in ("how much is in them", "consent-1", "In force", "Disconnect"):
        assert expected in customer.text
    open_bank.consents.clear()
    assert "could not be asked" in customer.get("/consents").text
    path = f"{AISP}/account-access-consents/consent-1"
    consent = {"ConsentId": "consent-1", "Status": "CANC", "Permissions": []}
    open_bank.bank.resource.answers[path] = always(200, {"Data": consent})
    assert "No longer in force" in customer.get("/consents").text


def test_a_restart(open_bank: OpenBank, browser: Browser, config: Config) -> None:
    """Sessions, attempts and tokens are there again: nothing is lost on the way."""
    browser.connected(open_bank)
    browser.get("/").send("/connect")
    second = served(open_bank.bank, config)
    assert "Household" in browser.get("/accounts").text
    assert browser.get(callback(open_bank)).location == "/accounts"

    async def close() -> None:
        await second.close()

    open_bank.bank.network.run(close())


def test_the_home_page_knows_the_bank(customer: Browser) -> None:
    """And still leads to the walk-through."""
    customer.get("/")
    walkthrough = "https://127.0.0.1:9447"
    for expected in ("Your banks", "Example Bank", "See your accounts", walkthrough):
        assert expected in customer.text


def test_pages_that_are_not_there(browser: Browser) -> None:
    """A person is told in words, with a way on; a program in JSON."""
    assert browser.get("/nothing").status == 404
    assert "There is no such page" in browser.text
    answer = browser.get("/connect").answer
    assert answer is not None
    assert answer.status == 405
    assert answer.header("allow") == "POST"


@pytest.fixture
def broken_store(config: Config, node: Node) -> Iterator[None]:
    """The database cannot be written, nor read."""
    other = sqlite3.connect(config.web.database, isolation_level=None)
    for table in ("attempt", "connection"):
        other.execute(f"ALTER TABLE {table} RENAME TO {table}_gone")
    yield
    other.close()


@pytest.mark.usefixtures("broken_store")
def test_a_store_that_fails(open_bank: OpenBank, browser: Browser) -> None:
    """503 in words; nobody is sent to the bank with what was not kept."""
    browser.get("/").send("/connect")
    assert browser.status == 503
    assert "make a note" in browser.text
    assert open_bank.pushed == {}
    for path in ("/", "/accounts", "/consents", "/accounts/22"):
        assert browser.get(path).status == 503
        assert browser.answer is not None
        assert browser.answer.header("retry-after") == "5"


def test_the_way_back_twice_at_once(open_bank: OpenBank, browser: Browser) -> None:
    """An impatient browser: one token request, and both arrive."""
    browser.get("/").send("/connect")
    path = callback(open_bank)
    answers = browser.at_once(path, path)
    assert {answer.header("location") for answer in answers} == {"/accounts"}
    forms = open_bank.bank.mutual_tls.forms()
    assert len([form for form in forms if "code" in form]) == 1


def test_who_reads_the_file_cannot_be_the_customer(
    open_bank: OpenBank, browser: Browser, config: Config
) -> None:
    """Session ids and states are there as hashes; the tokens are there as they are."""
    browser.connected(open_bank).get("/").send("/connect")
    database = config.web.database
    written = b"".join(
        path.read_bytes() for path in database.parent.glob(f"{database.name}*")
    )
    assert b"refresh-1" in written
    assert browser.cookies["__Host-tpp-session"].encode() not in written
    assert open_bank.pushed["state"].encode() not in written


def test_an_account_without_transactions(
    open_bank: OpenBank, customer: Browser
) -> None:
    """Is said so, and the picture is a line."""
    open_bank.transactions.clear()
    customer.get("/accounts/22")
    assert "Nothing was booked" in customer.text
    assert "<svg" in customer.text


def test_a_customer_who_shares_no_account(
    open_bank: OpenBank, customer: Browser
) -> None:
    """Is told so."""
    open_bank.accounts.clear()
    assert "You share no account" in customer.get("/accounts").text


def test_an_account_without_a_balance(open_bank: OpenBank, customer: Browser) -> None:
    """Is shown without one, and without a picture."""
    path = f"{AISP}/accounts/22/balances"
    open_bank.bank.resource.answers[path] = always(200, {"Data": {"Balance": []}})
    assert "Household" in customer.get("/accounts").text
    customer.get("/accounts/22")
    assert "Golf balls" in customer.text
    assert "<svg" not in customer.text


def test_a_balance_that_is_refused(open_bank: OpenBank, customer: Browser) -> None:
    """Otherwise than for want of consent: the bank's section says so."""
    path = f"{AISP}/accounts/22/balances"
    open_bank.bank.resource.answers[path] = always(400, {})
    assert "could not do this" in customer.get("/accounts").text
    assert customer.get("/accounts/22").status == 502
