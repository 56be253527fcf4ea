"""A customer's tokens go on working: refreshed, rotated, over new certificates."""

import sqlite3

import pytest

from client_node.config import Config
from client_node.web import wiring
from client_node.web.journey.browser_session import BrowserSession
from client_node.web.journey.customer_access import CustomerAccess
from client_node.web.store.database import open_database
from client_node.web.store.store import WebStore
from pki import pem
from pki.issuing.layout import Layout
from pki.issuing.profiles import subject
from pki.node.process import Surroundings
from tests.client_node.in_memory.bank import (
    Pki,
    always,
    always_challenge,
    silent_witness,
)
from tests.client_node.in_memory.open_bank import AISP, Browser, OpenBank


@pytest.fixture
def customer(open_bank: OpenBank, browser: Browser) -> Browser:
    """Her bank is connected."""
    return browser.connected(open_bank)


def refreshes(open_bank: OpenBank) -> list[str]:
    """The refresh tokens that were used."""
    forms = open_bank.bank.mutual_tls.forms()
    return [form["refresh_token"][0] for form in forms if "refresh_token" in form]


def advance(open_bank: OpenBank, seconds: float) -> None:
    """Time passes."""
    open_bank.bank.network.reactor.advance(seconds)


def test_a_token_is_refreshed_before_its_end(
    open_bank: OpenBank, customer: Browser
) -> None:
    """RFC 6749 section 6: the customer notices nothing."""
    customer.get("/accounts")
    assert refreshes(open_bank) == []
    advance(open_bank, 300)
    assert "Household" in customer.get("/accounts").text
    assert refreshes(open_bank) == ["refresh-1"]
    customer.get("/accounts")
    assert len(refreshes(open_bank)) == 1


def test_a_refused_token_is_refreshed_once(
    open_bank: OpenBank, customer: Browser
) -> None:
    """RFC 8705 section 6.3: 401 `invalid_token`, a new token, and no third try."""
    open_bank.refused_tokens |= set(open_bank.bound_to)
    assert "Household" in customer.get("/accounts").text
    assert len(refreshes(open_bank)) == 1
    refused = always_challenge(401, 'Bearer error="invalid_token"')
    open_bank.bank.resource.answers[f"{AISP}/accounts"] = refused
    customer.get("/accounts")
    assert "shares nothing with us any more" in customer.text
    assert "Connect your bank again" in customer.text
    assert len(refreshes(open_bank)) == 2


def test_a_rotated_refresh_token(open_bank: OpenBank, customer: Browser) -> None:
    """FAPI 2.0 section 5.3.3: rotation is supported where a server does it."""
    open_bank.token_changes = {"refresh_token": "refresh-2"}
    for _ in range(2):
        advance(open_bank, 300)
        customer.get("/accounts")
    assert refreshes(open_bank) == ["refresh-1", "refresh-2"]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("invalid_grant", "shares nothing with us any more"),
        ("invalid_client", "does not accept this application"),
    ],
)
def test_a_refresh_that_is_refused(
    open_bank: OpenBank, customer: Browser, error: str, words: str
) -> None:
    """The customer is told which of the two it is."""
    advance(open_bank, 300)
    open_bank.bank.mutual_tls.answers["/token"] = always(400, {"error": error})
    assert words in customer.get("/accounts").text


def test_without_a_refresh_token(open_bank: OpenBank, browser: Browser) -> None:
    """When the access token ends, so does the connection."""
    open_bank.token_changes = {"refresh_token": None}
    browser.connected(open_bank)
    assert "Household" in browser.get("/accounts").text
    advance(open_bank, 300)
    assert "Connect your bank again" in browser.get("/accounts").text


def test_a_consent_that_is_over(open_bank: OpenBank, customer: Browser) -> None:
    """Nothing is asked of the bank; the way on is a new consent."""
    advance(open_bank, 90 * 86400)
    asked = len(open_bank.bank.resource.asked)
    assert "Connect your bank again" in customer.get("/accounts").text
    assert "Its time is over" in customer.get("/consents").text
    assert len(open_bank.bank.resource.asked) == asked


def renew(pki: Pki, config: Config, network_clock: float) -> None:
    """A new certificate and key for the same subject take the place of the old."""
    renewed = pki.client_authority.issue_client(
        subject("banking-client", "Test"), now=network_clock
    )
    layout = Layout(config.credentials)
    key = layout.key("banking-client")
    key.write_bytes(pem.private_key_to_pem(renewed.private_key))
    incoming = layout.certificate("banking-client").with_suffix(".new")
    incoming.write_bytes(pem.certificates_to_pem(renewed.chain))
    incoming.replace(layout.certificate("banking-client"))


def test_a_renewed_certificate_costs_the_customer_nothing(
    open_bank: OpenBank, customer: Browser, config: Config, pki: Pki
) -> None:
    """RFC 8705 section 6.3: without a restart, by the refresh token."""
    before = set(open_bank.bound_to.values())
    renew(pki, config, open_bank.bank.network.clock())
    assert "Household" in customer.get("/accounts").text
    assert refreshes(open_bank) == ["refresh-1"]
    assert len(set(open_bank.bound_to.values()) - before) == 1
    refused = [r for r in open_bank.bank.resource.asked if r.path == f"{AISP}/accounts"]
    assert len(refused) == 1  # the old token was not even tried


def test_a_certificate_half_renewed(
    open_bank: OpenBank, customer: Browser, config: Config, pki: Pki
) -> None:
    """The new key lies there, its certificate does not yet: all stays as it was."""
    other = pki.client_authority.issue_client(
        subject("banking-client", "Test"), now=open_bank.bank.network.clock()
    )
    layout = Layout(config.credentials)
    certificate = layout.certificate("banking-client")
    certificate.write_bytes(pem.certificates_to_pem(other.chain))
    assert "Household" in customer.get("/accounts").text
    certificate.unlink()
    assert "Household" in customer.get("/accounts").text
    assert refreshes(open_bank) == []


def test_two_pages_at_once_refresh_once(open_bank: OpenBank, customer: Browser) -> None:
    """Two tabs: a server that rotates would take the second use for a theft."""
    open_bank.token_changes = {"refresh_token": "refresh-2"}
    advance(open_bank, 300)
    answers = customer.at_once("/accounts", "/accounts")
    assert [b"Household" in answer.body for answer in answers] == [True, True]
    assert refreshes(open_bank) == ["refresh-1"]


def test_tokens_of_another_issuer_go_nowhere(
    open_bank: OpenBank, customer: Browser, config: Config
) -> None:
    """FAPI 2.0, security considerations ("Cuckoo's token"): each to its own bank."""
    other = sqlite3.connect(config.web.database)
    other.execute("UPDATE connection SET issuer = 'https://localhost:1'")
    other.commit()
    other.close()
    asked = len(open_bank.bank.resource.asked)
    assert "Connect your bank again" in customer.get("/accounts").text
    assert len(open_bank.bank.resource.asked) == asked
    customer.get("/consents").send("/disconnect")
    assert customer.location == "/consents?ended=no"
    assert open_bank.revoked == []


def test_a_page_that_is_late_takes_what_another_refreshed(
    open_bank: OpenBank, customer: Browser, config: Config
) -> None:
    """It was refused with the old token; the new one is there already."""
    network = open_bank.bank.network
    surroundings = Surroundings(network.reactor, network.clock, silent_witness())
    bank = wiring._bank(config, surroundings, network.endpoint)
    store = WebStore(open_database(config.web.database), network.clock, network.clock)
    access = CustomerAccess(bank, store, network.clock)
    session = BrowserSession(customer.cookies["__Host-tpp-session"])
    (connection,) = network.run(store.connections(session.sha256))
    assert connection.tokens is not None
    identity = bank.identity.current()
    for _ in range(2):
        network.run(access._refreshed(connection, identity, connection.tokens))
    assert refreshes(open_bank) == ["refresh-1"]
    network.run(bank.identity.close())
    network.run(store.close())
