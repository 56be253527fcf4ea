"""A customer signs in at her bank again, and her connection goes on as it was."""

import json

import pytest

from client_node.web.store.records import RENEWAL_IS_DUE
from pki.http.messages import Request
from tests.client_node.in_memory.bank import always
from tests.client_node.in_memory.open_bank import (
    AISP,
    SUB,
    Browser,
    OpenBank,
    callback,
    query_of,
)

ENDS = "http://openbanking.org.uk/refresh_token_expires_at"
DAY = 86400
ADDRESS, DATE = "x-fapi-customer-ip-address", "x-fapi-auth-date"


@pytest.fixture
def customer(open_bank: OpenBank, browser: Browser) -> Browser:
    """Her bank is connected, and wants her to sign in again after 30 days."""
    told = int(open_bank.bank.network.clock()) + 30 * DAY
    open_bank.id_token_changes = {ENDS: told}
    browser.connected(open_bank)
    open_bank.id_token_changes = {}
    return browser


def advance(open_bank: OpenBank, seconds: float) -> None:
    """Time passes."""
    open_bank.bank.network.reactor.advance(seconds)


def refused(open_bank: OpenBank, browser: Browser) -> str:
    """Her accounts, where the bank takes the refresh token no more."""
    answer = open_bank.bank.mutual_tls.answers["/token"]
    advance(open_bank, 300)
    open_bank.bank.mutual_tls.answers["/token"] = always(
        400, {"error": "invalid_grant"}
    )
    text = browser.get("/accounts").text
    open_bank.bank.mutual_tls.answers["/token"] = answer
    return text


def renewed(open_bank: OpenBank, browser: Browser) -> Browser:
    """All the way to the bank and back, from a page that offers it."""
    browser.send("/renew")
    assert browser.status == 303, browser.text
    return browser.get(callback(open_bank))


def test_it_is_offered_when_it_is_due(open_bank: OpenBank, customer: Browser) -> None:
    """A week before, and not earlier: there is nothing to be done about it."""
    assert "Renew access" not in customer.get("/consents").text
    advance(open_bank, 30 * DAY - RENEWAL_IS_DUE - 1)
    assert "Renew access" not in customer.get("/consents").text
    advance(open_bank, 1)
    text = customer.get("/consents").text
    assert "Renew access" in text
    assert "asks you to sign in there again by" in text
    advance(open_bank, RENEWAL_IS_DUE)
    assert "before it lets us see more" in customer.get("/consents").text


@pytest.mark.parametrize("days", [0, 89, 91])
def test_it_is_not_offered_where_it_cannot_help(
    open_bank: OpenBank, browser: Browser, days: int
) -> None:
    """The consent ends as soon; 0 says that the refresh token has no end."""
    told = int(open_bank.bank.network.clock()) + days * DAY if days else 0
    open_bank.id_token_changes = {ENDS: told}
    browser.connected(open_bank)
    advance(open_bank, 88 * DAY)
    offered = "Renew access" in browser.get("/consents").text
    assert offered == (days == 89)


def test_from_the_page_of_accounts(open_bank: OpenBank, customer: Browser) -> None:
    """The refresh token is refused before its time: she is told, and can go on."""
    text = refused(open_bank, customer)
    assert "renew access" in text
    assert "Connect your bank again" in text
    customer.get("/accounts")
    customer.get("/consents")
    assert "before it lets us see more" in customer.text
    assert renewed(open_bank, customer).location == "/accounts"
    assert "Household" in customer.get("/accounts").text
    assert "Renew access" not in customer.get("/consents").text


def test_the_same_consent(open_bank: OpenBank, customer: Browser) -> None:
    """Open Banking: no new one is made; she who gave it answers, by a new sign-in."""
    refused(open_bank, customer)
    before = len(open_bank.bank.resource.asked)
    customer.send("/renew")
    assert query_of(customer.location).keys() == {"client_id", "request_uri"}
    asked = [r.method for r in open_bank.bank.resource.asked[before:]]
    assert asked == ["GET"]
    claims = json.loads(open_bank.pushed["claims"])["id_token"]
    assert claims["openbanking_intent_id"]["value"] == "consent-1"
    assert claims["sub"] == {"value": SUB}
    assert open_bank.pushed["prompt"] == "login"
    customer.get(callback(open_bank))
    assert customer.get("/consents").text.count("consent-1") == 1


def test_the_tokens_of_before_are_not_used(
    open_bank: OpenBank, customer: Browser
) -> None:
    """Open Banking: once it is renewed, and neither is given back to the bank."""
    refused(open_bank, customer)
    renewed(open_bank, customer)
    customer.get("/accounts")
    last = open_bank.bank.resource.asked[-1].header("authorization")
    assert last == f"Bearer authorization_code-{open_bank.issued}"
    assert open_bank.revoked == []


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        ("access_denied", 403, "Nothing was renewed"),
        ("login_required", 403, "Somebody else signed in"),
        ("temporarily_unavailable", 503, "cannot be reached just now"),
        ("invalid_request", 502, "could not renew this"),
    ],
)
def test_it_is_not_renewed(
    open_bank: OpenBank, customer: Browser, error: str, status: int, words: str
) -> None:
    """It is as it was, and she is told so; nothing is ended at the bank."""
    advance(open_bank, 25 * DAY)
    customer.get("/consents").send("/renew")
    customer.get(callback(open_bank, code=None, error=error))
    assert customer.status == status
    assert words in customer.text
    assert open_bank.consents.keys() == {"consent-1"}
    assert "Household" in customer.get("/accounts").text


@pytest.mark.parametrize(
    "changes", [{"sub": "lacey.underall@example.com"}, {"nonce": "another"}]
)
def test_another_answer_than_hers(
    open_bank: OpenBank, customer: Browser, changes: dict[str, str]
) -> None:
    """It is given back and not used; her consent is not ended for it."""
    advance(open_bank, 25 * DAY)
    customer.get("/consents").send("/renew")
    open_bank.id_token_changes = changes
    customer.get(callback(open_bank))
    assert customer.status in {410, 502}
    assert open_bank.revoked == ["refresh-1"]
    assert open_bank.consents.keys() == {"consent-1"}
    assert "Household" in customer.get("/accounts").text


def test_a_consent_that_is_gone(open_bank: OpenBank, customer: Browser) -> None:
    """Nobody is sent to the bank for what only a new consent can help with."""
    refused(open_bank, customer)
    page = customer.answer
    for status in ("RJCT", "CANC", None):
        path = f"{AISP}/account-access-consents/consent-1"
        consent = {**open_bank.consents["consent-1"], "Status": status}
        answer = always(200, {"Data": consent}) if status else always(400, {})
        open_bank.bank.resource.answers[path] = answer
        customer.answer = page
        customer.send("/renew")
        assert customer.status == 410
        assert "Connect your bank again" in customer.text
        assert "Renew access" not in customer.text


def test_disconnected_meanwhile(open_bank: OpenBank, customer: Browser) -> None:
    """In another tab: what she ended stays so, and the new tokens are given back."""
    advance(open_bank, 25 * DAY)
    customer.get("/consents").send("/renew")
    back = callback(open_bank)
    customer.get("/consents").send("/disconnect")
    revoked = len(open_bank.revoked)
    assert customer.get(back).status == 410
    assert len(open_bank.revoked) == revoked + 1
    assert "No bank is connected" in customer.get("/accounts").text


def test_another_browsers_connection(open_bank: OpenBank, customer: Browser) -> None:
    """Nobody renews what is not his."""
    advance(open_bank, 25 * DAY)
    (connection,) = [customer.get("/consents").hidden("/renew")["connection"]]
    other = Browser(open_bank.bank)
    other.get("/")
    csrf = other.hidden("/connect")["csrf"]
    other.send("/renew", csrf=csrf, connection=connection)
    assert other.status == 404
    customer.send("/renew", csrf="x")
    assert customer.status == 403


def presence(request: Request) -> tuple[str | None, str | None]:
    """What a request says of the customer."""
    return request.header(ADDRESS), request.header(DATE)


def test_she_is_present(open_bank: OpenBank, customer: Browser) -> None:
    """Open Banking: said with what she looks at, and since when by the bank's word."""
    customer.get("/accounts")
    customer.get("/accounts/22")
    paths = (f"{AISP}/accounts", f"{AISP}/accounts/22/balances")
    said = {presence(r) for r in open_bank.bank.resource.asked if r.path in paths}
    ((address, date),) = said
    assert address == "127.0.0.1"
    assert date is not None
    assert date.endswith(" GMT")
    customer.get("/consents")
    own = [r for r in open_bank.bank.resource.asked if "consents" in r.path]
    assert own
    assert {presence(r) for r in own} == {(None, None)}  # the client's own requests


def test_the_bank_does_not_tell_when(open_bank: OpenBank, browser: Browser) -> None:
    """No date is made up."""
    open_bank.id_token_changes = {"auth_time": None}
    browser.connected(open_bank).get("/accounts")
    (asked, *_) = [
        r for r in open_bank.bank.resource.asked if r.path == f"{AISP}/accounts"
    ]
    assert presence(asked) == ("127.0.0.1", None)


def test_signed_in_again(open_bank: OpenBank, customer: Browser) -> None:
    """The date is that of the last time."""
    customer.get("/accounts")
    before = presence(open_bank.bank.resource.asked[-1])
    refused(open_bank, customer)
    renewed(open_bank, customer)
    customer.get("/accounts")
    after = presence(open_bank.bank.resource.asked[-1])
    assert before != after
