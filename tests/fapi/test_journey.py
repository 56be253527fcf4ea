"""
A customer connects her bank: the three nodes together, from first click to last.

Nothing is in the middle but the network, which is in memory. Where a process is killed
here it closes nothing, answers nobody any more, and is started again on what lies on
its disk. Her browser is `tests.customers.person`; what a real one does with the pages
is tested elsewhere.
"""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from as_node.browser.pending_requests import PendingRequests
from as_node.tokens.access_tokens import AccessTokens
from as_node.tokens.authorizations import Authorizations
from pki.http.answers import Answer, NoAnswer
from pki.http.messages import Fields
from pki.issuing.hierarchy import load_authorities
from pki.issuing.parties import BANKING_CLIENT
from rs_node.consents.store import ConsentStore
from scripts.headless.page import Page
from tests.as_node.pushing import claims
from tests.customers.person import Browser, Person
from tests.fapi.open_banking import ONE, WEB, OpenBanking, TheBank, data_of
from tests.in_memory.authorization_server import CONVENTIONAL, assert_refused, members

LACEY = {
    "username": "lacey.underall@example.com",
    "password": "well-we-are-waiting",
}


@pytest.fixture
def bank(open_the_bank: Callable[..., TheBank]) -> TheBank:
    """With the banking client's web application."""
    bank = open_the_bank()
    bank.start_web_application()
    return bank


def at_a_browser(bank: TheBank, **who: str) -> Person:
    """A person whose browser goes to the bank and to the web application."""

    def send(method: str, url: str, headers: Fields, body: bytes) -> Answer:
        return bank.authorization_server.request(
            method, url, headers=headers, body=body
        )

    return Person(Browser(send, (CONVENTIONAL, WEB)), **who)


@pytest.fixture
def person(bank: TheBank) -> Person:
    """Ty Webb."""
    return at_a_browser(bank)


def asked(person: Person) -> Page:
    """The page on which the bank asks her, on her way from the web application."""
    home = person.browser.open(f"{WEB}/")
    page = person.sign_in(person.browser.submit(home, "/connect"))
    assert "/consent" in page.forms, page.text
    return page


def connected(person: Person, count: int = 2) -> Page:
    """Her accounts in the web application; she shares the first *count*."""
    page = asked(person)
    boxes = [name.partition(":")[2] for name in page.forms["/consent"].boxes]
    accounts = person.approve(page, boxes[:count])
    assert accounts.url == f"{WEB}/accounts", (accounts.url, accounts.text)
    assert accounts.status == 200
    return accounts


def account_paths(page: Page) -> list[str]:
    """Where the pages of the accounts are that a page lists."""
    return re.findall(r'href="(/accounts/[^"]+)"', page.text)


def kept_tokens(bank: TheBank) -> list[dict[str, Any]]:
    """What the web application keeps, as it lies on its disk."""
    with closing(sqlite3.connect(bank.file("state/client.sqlite3"))) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute("SELECT * FROM connection").fetchall()
        return [dict(row) for row in rows]


def is_active(bank: TheBank, token: str) -> bool:
    """What the resource server is told about a token."""
    found = members(bank.authorization_server.introspect(token), 200)
    return found["active"] is True


# As it should be.


def test_from_the_first_click_to_the_last(bank: TheBank, person: Person) -> None:
    """Consent, sign-in, second factor, approval, accounts, balances, disconnection."""
    home = person.browser.open(f"{WEB}/")
    page = person.browser.submit(home, "/connect")
    assert page.url.startswith(f"{CONVENTIONAL}/authorize?client_id={ONE}&request_uri=")
    assert "Example Banking Client" in page.text
    page = person.browser.submit(
        page, "/sign-in", username=person.username, password=person.password
    )
    assert "/second-factor" in page.forms
    page = person.sign_in(page)
    boxes = [name.partition(":")[2] for name in page.forms["/consent"].boxes]
    assert len(boxes) > 2
    accounts = person.approve(page, boxes[:2])
    assert accounts.url == f"{WEB}/accounts"
    paths = account_paths(accounts)
    assert len(paths) == 2
    for path in paths:
        account = person.browser.open(f"{WEB}{path}")
        assert account.status == 200
        assert "<svg" in account.text
        assert 'class="amount large"' in account.text
    assert person.browser.open(f"{WEB}/accounts/{boxes[2]}").status == 404
    (kept,) = kept_tokens(bank)
    assert is_active(bank, kept["access_token"])
    consents = person.browser.open(f"{WEB}/consents")
    assert "In force, as your bank says." in consents.text
    ended = person.browser.submit(consents, "/disconnect")
    assert ended.url == f"{WEB}/consents?ended=yes"
    assert kept_tokens(bank) == []
    assert not is_active(bank, kept["access_token"])
    refreshed = OpenBanking(bank).refresh(kept["refresh_token"])
    assert_refused(refreshed, 400, "invalid_grant")
    assert account_paths(person.browser.open(f"{WEB}/accounts")) == []


def test_two_customers(bank: TheBank, person: Person) -> None:
    """Each sees her own accounts, in her own browser."""
    lacey = at_a_browser(bank, **LACEY)
    ours, hers = connected(person), connected(lacey)
    assert not set(account_paths(ours)) & set(account_paths(hers))
    for path in account_paths(hers):
        assert person.browser.open(f"{WEB}{path}").status == 404


def test_she_refuses(bank: TheBank, person: Person) -> None:
    """She is told in words that nothing was shared, and can change her mind."""
    told = person.refuse(asked(person))
    assert told.status == 403
    assert "Nothing was shared" in told.text
    assert "/connect" in told.forms
    assert kept_tokens(bank) == []
    assert account_paths(connected(person))


def test_the_access_token_ends(bank: TheBank, person: Person) -> None:
    """RFC 6749 section 6: refreshed without her, and she sees nothing of it."""
    connected(person)
    (before,) = kept_tokens(bank)
    bank.wait(301)
    accounts = person.browser.open(f"{WEB}/accounts")
    assert len(account_paths(accounts)) == 2
    (after,) = kept_tokens(bank)
    assert after["access_token"] != before["access_token"]
    assert after["refresh_token"] == before["refresh_token"]


def test_a_certificate_is_renewed(bank: TheBank, person: Person) -> None:
    """RFC 8705 section 6.3: picked up without a restart, and she sees nothing of it."""
    connected(person)
    (before,) = kept_tokens(bank)
    issuer = load_authorities(bank.issued).client_intermediate
    for each in (bank.issued.certificate(ONE), bank.issued.key(ONE)):
        each.unlink()
    bank.issued.write(
        ONE, issuer.issue_client(BANKING_CLIENT.subject, now=bank.network.clock())
    )
    accounts = person.browser.open(f"{WEB}/accounts")
    assert len(account_paths(accounts)) == 2
    (after,) = kept_tokens(bank)
    assert after["access_token"] != before["access_token"]
    bank.authorization_server.hold("renewed", bank.issued.load(ONE))
    open_banking = OpenBanking(bank)
    assert data_of(open_banking.ask("renewed", after["access_token"]))
    assert open_banking.ask("renewed", before["access_token"]).status == 401
    consents = person.browser.open(f"{WEB}/consents")
    ended = person.browser.submit(consents, "/disconnect")
    assert ended.url == f"{WEB}/consents?ended=yes"


def test_she_renews_access(open_the_bank: Callable[..., TheBank]) -> None:
    """Open Banking, re-authentication: the same consent goes on, with new tokens."""
    lifetime = "refresh_token_lifetime = "
    bank = open_the_bank((f"{lifetime}7776000", f"{lifetime}600"))
    bank.start_web_application()
    person = at_a_browser(bank)
    paths = account_paths(connected(person))
    (before,) = kept_tokens(bank)
    bank.wait(601)
    ended = person.browser.open(f"{WEB}/accounts")
    assert "wants you to sign in there again" in ended.text
    page = person.sign_in(person.browser.submit(ended, "/renew"))
    assert "Go on sharing your accounts with" in page.text
    renewed = person.browser.submit(page, "/consent", decision="approved")
    assert renewed.url == f"{WEB}/accounts"
    assert account_paths(renewed) == paths
    (after,) = kept_tokens(bank)
    assert after["consent_id"] == before["consent_id"]
    assert after["refresh_token"] != before["refresh_token"]
    assert after["auth_time"] > before["auth_time"]
    open_banking = OpenBanking(bank)
    refreshed = open_banking.refresh(before["refresh_token"])
    assert_refused(refreshed, 400, "invalid_grant")
    assert members(open_banking.refresh(after["refresh_token"]), 200)


def test_somebody_else_does_not_renew_it(bank: TheBank, person: Person) -> None:
    """Lacey signs in for what Ty shares: nothing is hers, and his goes on."""
    open_banking = OpenBanking(bank)
    consent = open_banking.consent()
    tokens = open_banking.tokens(claims=claims(consent))
    lacey = open_banking.person(**LACEY)
    page = open_banking.visit(lacey, open_banking.pushed(claims=claims(consent)))
    assert lacey.sign_in(page).sent_back()["error"] == "login_required"
    assert is_active(bank, tokens["access_token"])
    assert data_of(open_banking.ask(ONE, tokens["access_token"]))["Account"]


# What people do.


def test_a_double_click(bank: TheBank, person: Person) -> None:
    """The second is answered like the first, and one connection comes of both."""
    page = asked(person)
    person.approve(page)
    again = person.approve(page)
    assert "This way back from your bank is closed" in again.text
    assert len(kept_tokens(bank)) == 1
    (kept,) = kept_tokens(bank)
    assert is_active(bank, kept["access_token"])
    assert account_paths(person.browser.open(f"{WEB}/accounts"))


def test_two_tabs(bank: TheBank, person: Person) -> None:
    """Two requests in one browser: each has an answer of its own."""
    first = asked(person)
    bank.wait(31)  # for a new code of the second factor, if it is asked for again
    second = asked(person)
    for page in (first, second):
        assert account_paths(person.approve(page))
    assert len(kept_tokens(bank)) == 2


def test_a_request_that_waits_too_long(bank: TheBank, person: Person) -> None:
    """She comes back from lunch to the page: it says so, and a new start helps."""
    page = asked(person)
    bank.wait(301)
    assert "This link has expired" in person.approve(page).text
    assert kept_tokens(bank) == []
    assert account_paths(connected(person))


def test_the_answer_in_another_browser(bank: TheBank, person: Person) -> None:
    """RFC 9700 section 4.7: who is sent somebody else's answer gets nothing of it."""
    page = asked(person)
    person.browser.goes_to((CONVENTIONAL,))
    link = person.approve(page).location
    assert link is not None
    thief = at_a_browser(bank, **LACEY)
    thief.browser.open(f"{WEB}/")
    assert "This way back from your bank is closed" in thief.browser.open(link).text
    assert kept_tokens(bank) == []
    person.browser.goes_to((CONVENTIONAL, WEB))
    assert account_paths(person.browser.open(link))


# Processes that are killed.


async def _never(*_others: object, **_more: object) -> Any:
    """What does not happen any more, as the process is killed before."""
    await Deferred()


def killed_at(
    monkeypatch: pytest.MonkeyPatch,
    killed: tuple[type, str],
    action: Callable[[], object],
) -> None:
    """Do it, while nobody comes back from what *killed* names."""
    with monkeypatch.context() as patch:
        patch.setattr(*killed, _never)
        with pytest.raises(AssertionError, match="an answer that never comes"):
            action()


@pytest.mark.parametrize(
    "killed",
    [
        pytest.param((Authorizations, "issue_code"), id="between decision and code"),
        pytest.param((PendingRequests, "use"), id="between code and answer"),
    ],
)
def test_the_authorization_server_is_killed(
    bank: TheBank,
    person: Person,
    monkeypatch: pytest.MonkeyPatch,
    killed: tuple[type, str],
) -> None:
    """The decision stands, nobody has a code; she presses the button once more."""
    page = asked(person)
    killed_at(monkeypatch, killed, lambda: person.approve(page))
    bank.kill("as")
    assert kept_tokens(bank) == []
    bank.start_authorization_server()
    assert account_paths(person.approve(page))
    assert len(kept_tokens(bank)) == 1


def test_she_goes_back_after_a_kill(
    bank: TheBank, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A consent without a code is no use to anybody, and she can start anew."""
    page = asked(person)
    killed_at(monkeypatch, (Authorizations, "issue_code"), lambda: person.approve(page))
    bank.kill("as")
    bank.start_authorization_server()
    told = person.browser.open(page.url)
    assert told.url.startswith(f"{WEB}/callback?error=")
    assert "nothing was shared" in told.text
    assert kept_tokens(bank) == []
    assert account_paths(connected(person))


@pytest.mark.parametrize("decision", ["approve", "refuse"])
def test_the_resource_server_is_killed_when_it_has_decided(
    bank: TheBank, person: Person, monkeypatch: pytest.MonkeyPatch, decision: str
) -> None:
    """It knows, and the answer was lost: told once more, it says the same."""
    page = asked(person)
    decide = ConsentStore.decide

    async def decide_and_die(*others: Any) -> Any:
        await decide(*others)
        await _never()

    with monkeypatch.context() as patch:
        patch.setattr(ConsentStore, "decide", decide_and_die)
        with pytest.raises(AssertionError, match="an answer that never comes"):
            getattr(person, decision)(page)
    bank.kill("rs")
    bank.start_resource_server()
    answer = getattr(person, decision)(page)
    if decision == "approve":
        assert account_paths(answer)
    else:
        assert "Nothing was shared" in answer.text


def test_the_resource_server_is_away(bank: TheBank, person: Person) -> None:
    """She is told that nothing was shared, and can go on when it is back."""
    page = asked(person)
    bank.kill("rs")
    told = person.approve(page)
    assert told.status == 503
    assert "Nothing was shared" in told.text
    bank.start_resource_server()
    assert account_paths(person.approve(page))


def test_all_are_restarted(bank: TheBank, person: Person) -> None:
    """What was acknowledged is on the disk: nobody has to connect again."""
    connected(person)
    (before,) = kept_tokens(bank)
    for name in ("client", "as", "rs"):
        bank.kill(name)
    bank.start_resource_server()
    bank.start_authorization_server()
    bank.start_web_application()
    assert len(account_paths(person.browser.open(f"{WEB}/accounts"))) == 2
    bank.wait(301)
    assert len(account_paths(person.browser.open(f"{WEB}/accounts"))) == 2
    (after,) = kept_tokens(bank)
    assert after["refresh_token"] == before["refresh_token"]


def test_a_token_answer_is_lost(bank: TheBank, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code is used and nobody has the tokens: the client asks the customer anew."""
    open_banking = OpenBanking(bank)
    intent_id = open_banking.consent()
    code = open_banking.code(claims=claims(intent_id))
    redeem = AccessTokens.redeem

    async def redeemed_and_killed(*asked: Any) -> Any:
        await redeem(*asked)
        await Deferred()

    with monkeypatch.context() as patch:
        patch.setattr(AccessTokens, "redeem", redeemed_and_killed)
        with pytest.raises(AssertionError, match="an answer that never comes"):
            open_banking.redeem(code)
    bank.kill("as")
    bank.start_authorization_server()
    assert_refused(open_banking.redeem(code), 400, "invalid_grant")
    assert data_of(open_banking.ask(ONE, open_banking.tokens()["access_token"]))


def test_killed_before_the_tokens_are_kept(
    bank: TheBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code is not used up by what was never issued: it is as good as before."""
    open_banking = OpenBanking(bank)
    code = open_banking.code(claims=claims(open_banking.consent()))
    killed_at(monkeypatch, (AccessTokens, "redeem"), lambda: open_banking.redeem(code))
    bank.kill("as")
    bank.start_authorization_server()
    tokens = members(open_banking.redeem(code), 200)
    assert data_of(open_banking.ask(ONE, tokens["access_token"]))


def test_nobody_listens_after_a_kill(bank: TheBank, person: Person) -> None:
    """These tests' own `kill`: it leaves nothing behind that could answer."""
    bank.kill("as")
    with pytest.raises(NoAnswer):
        person.browser.open(f"{CONVENTIONAL}/authorize")
    bank.start_authorization_server()
    assert person.browser.open(f"{CONVENTIONAL}/authorize").status == 400
