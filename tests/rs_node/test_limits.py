"""
Each bound of the resource server, one step beyond it: the answer, and the line in the
log that says what was expected and what came.
"""

import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from pki.http.answers import Answer
from pki.http.interaction_id import INTERACTION_ID, LONGEST_ID
from pki.http.strict_json import DEEPEST
from pki.pem import Credential
from rs_node.access.token_cache import MOST_TOKENS, TokenCache
from rs_node.authorization_server.requests import DEADLINE
from rs_node.authorization_server.status_list import LARGEST_LIST
from rs_node.authorization_server.status_lists import MOST_LISTS
from rs_node.backchannel.decision_request import LONGEST_TEXT, MOST_ACCOUNTS
from rs_node.bank_data import (
    corporate_accounts,
    customer_accounts,
    household,
    ledger,
    statement,
)
from rs_node.bank_data.limits import BOUNDS
from rs_node.consents.awaiting import MOST_OF_A_CLIENT, MOST_OF_ALL
from rs_node.consents.consent import AUTHORISATION_SECONDS
from rs_node.open_banking.consent_request import MOST_PERMISSIONS
from rs_node.open_banking.transaction_query import PAGE_SIZE
from tests.rs_node.backchannel.test_backchannel import APPROVED, WAITING, report
from tests.rs_node.bank import RESOURCE, Bank
from tests.rs_node.consented import AISP, data, given_consent
from tests.rs_node.consented import refused as open_banking_error
from tests.rs_node.fake_authorization_server import ISSUER
from tests.rs_node.open_banking.test_consents_endpoint import get, post


def assert_told(bank: Bank, answer: Answer, status: int, *words: str) -> None:
    """The status, and a warning with these words."""
    assert answer.status == status, answer
    line = bank.logged().splitlines()[-1]
    assert " warning " in line
    assert f" {status} " in line
    assert [each for each in words if each not in line] == []


@pytest.mark.bound("decision.text")
@pytest.mark.parametrize("name", ["customer", "client_id", "decision_id"])
def test_a_text_of_a_decision(bank: Bank, back_office: Credential, name: str) -> None:
    """RFC 9110 section 15.5.1: even of our own server, for it would be kept."""
    consent = given_consent(bank, **WAITING)
    decision = {**APPROVED, name: "x" * (LONGEST_TEXT + 1)}
    answer = report(bank, back_office, consent, decision)
    words = (f"1 to {LONGEST_TEXT} characters", f"of {LONGEST_TEXT + 1} characters")
    assert_told(bank, answer, 400, name, *words)


@pytest.mark.bound("decision.accounts")
def test_the_accounts_of_a_decision(bank: Bank, back_office: Credential) -> None:
    """RFC 9110 section 15.5.1: an approval of more accounts than anybody has."""
    accounts = [f"{number}" for number in range(MOST_ACCOUNTS + 1)]
    consent = given_consent(bank, **WAITING)
    answer = report(bank, back_office, consent, {**APPROVED, "account_ids": accounts})
    words = (f"at most {MOST_ACCOUNTS}", f"list of {MOST_ACCOUNTS + 1}")
    assert_told(bank, answer, 400, *words)


def waiting(bank: Bank, number: int) -> None:
    """Makes of the one consent that there is so many."""
    bank.store()._connection.execute(
        "WITH RECURSIVE number (n) AS"
        " (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?)"
        " INSERT INTO consent SELECT consent_id || n, client_id, permissions,"
        " expiration, transaction_from, transaction_to, created, status,"
        " status_updated, customer, account_ids, decision_id FROM consent, number",
        (number - 1,),
    )


@pytest.mark.bound("consents.of-a-client", "consents.of-all")
@pytest.mark.parametrize(
    ("most", "of_all", "refused"),
    [(MOST_OF_A_CLIENT, False, 429), (MOST_OF_ALL, True, 503)],
)
def test_consents_that_wait(
    bank: Bank, tpp: Credential, most: int, refused: int, *, of_all: bool
) -> None:
    """RFC 6585 section 4: too many of one client, or of all together."""
    assert post(bank, tpp).status == 201
    waiting(bank, most - 1)
    if of_all:
        bank.store()._connection.execute("UPDATE consent SET client_id = consent_id")
    assert post(bank, tpp).status == 201
    answer = post(bank, tpp)
    open_banking_error(answer, refused, "U000")
    assert answer.header("retry-after") == "60"
    assert_told(bank, answer, refused, f"at most {most}", "one more, of tpp")


@pytest.mark.bound("consents.awaiting")
def test_a_consent_that_waits_too_long(
    bank: Bank, tpp: Credential, back_office: Credential
) -> None:
    """UK Open Banking: it is rejected, and nobody approves it any more."""
    consent = given_consent(bank, **WAITING)
    bank.network.reactor.advance(AUTHORISATION_SECONDS)
    assert data(get(bank, tpp, consent))["Status"] == "RJCT"
    answer = report(bank, back_office, consent)
    assert_told(bank, answer, 409, "AWAU", "RJCT")


@pytest.mark.bound("consent.permissions")
def test_permissions(bank: Bank, tpp: Credential) -> None:
    """UK Open Banking: naming one twice is allowed, and not without end."""

    def asked_for(number: int) -> Answer:
        data = {"Permissions": ["ReadAccountsBasic"] * number}
        return post(bank, tpp, {"Data": data, "Risk": {}})

    assert asked_for(MOST_PERMISSIONS).status == 201
    answer = asked_for(MOST_PERMISSIONS + 1)
    words = (f"at most {MOST_PERMISSIONS}", f"presented={MOST_PERMISSIONS + 1}")
    assert_told(bank, answer, 400, *words)


@pytest.mark.bound("json.depth")
def test_levels(bank: Bank, tpp: Credential) -> None:
    """RFC 8259 section 9: a body that nobody needs."""
    body = b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1)
    answer = post(bank, tpp, body)
    assert_told(bank, answer, 400, f"nested deeper than {DEEPEST} levels")


@pytest.mark.bound("interaction-id")
def test_an_interaction_id(bank: Bank, tpp: Credential) -> None:
    """FAPI 1.0 part 1 section 6.2.1: another is used, here and in the log."""
    for length in (LONGEST_ID, LONGEST_ID + 1):
        sent = "i" * length
        answer = bank.get(tpp, bank.jwt(tpp), headers=((INTERACTION_ID, sent),))
        said = answer.header(INTERACTION_ID)
        assert (said == sent) is (length == LONGEST_ID)
        assert f"interaction={said}" in bank.logged().splitlines()[-1]


@pytest.mark.bound("transactions.page")
def test_a_page_of_transactions(bank: Bank, tpp: Credential) -> None:
    """UK Open Banking: the others are on the next page."""
    token = bank.customers_jwt(tpp, given_consent(bank))
    shown = data(bank.get(tpp, token, f"{AISP}/transactions"))["Transaction"]
    assert len(shown) == PAGE_SIZE


@pytest.mark.bound("status-list.size")
def test_a_status_list(bank: Bank, tpp: Credential) -> None:
    """Token Status List section 8.3: nobody can tell, so nobody is let in."""
    octets = zlib.compress(bytes(LARGEST_LIST + 1))
    lst = urlsafe_b64encode(octets).rstrip(b"=").decode()
    bank.authorization_server.status = {"status_list": {"bits": 1, "lst": lst}}
    answer = bank.get(tpp, bank.jwt(tpp))
    assert answer.header("retry-after") == "5"
    words = ("larger than is read", f"at most {LARGEST_LIST} octets", f"{len(lst)} ch")
    assert_told(bank, answer, 503, *words)


@pytest.mark.bound("status-lists.kept")
def test_status_lists(bank: Bank, tpp: Credential) -> None:
    """Token Status List section 8.1: a token has any of them read, and it is kept."""
    for number in (0, *range(1, MOST_LISTS + 1), 0):
        place = {"status_list": {"idx": 0, "uri": f"{ISSUER}/status/{number}"}}
        assert bank.get(tpp, bank.jwt(tpp, status=place)).status == 200
    assert bank.authorization_server.asked_at("/status/0") == 2
    assert bank.authorization_server.asked_at("/status/1") == 1


@pytest.mark.bound("authorization-server.deadline")
def test_the_wait_for_the_authorization_server(bank: Bank, tpp: Credential) -> None:
    """RFC 9110 section 15.6.4: it took the question, and says nothing."""
    bank.authorization_server.held = Deferred()
    fields = (("Authorization", f"Bearer {bank.opaque(tpp)}"),)
    asked = bank.client(tpp).request("GET", f"{RESOURCE}/accounts", headers=fields)
    answers: list[Answer] = []
    Deferred.fromCoroutine(asked).addCallback(answers.append)
    bank.network.flush()
    bank.network.reactor.advance(DEADLINE - 0.1)
    bank.network.flush()
    assert answers == []
    bank.network.reactor.advance(0.1)
    bank.network.flush()
    (answer,) = answers
    assert_told(bank, answer, 503, f"no whole answer within {DEADLINE:g} seconds")
    bank.authorization_server.held.callback(None)


@pytest.mark.bound("tokens.kept")
def test_tokens() -> None:
    """Whoever sends many tokens pushes out old ones, and fills no memory."""
    cache: TokenCache[int] = TokenCache()
    for number in range(MOST_TOKENS + 1):
        cache.keep(f"{number}", number)
    assert cache.find("0") is None
    assert cache.find("1") == 1


@pytest.mark.bound("bank-data.clients", "bank-data.customers", "bank-data.households")
@pytest.mark.bound("bank-data.histories", "bank-data.statements")
def test_what_is_made_up() -> None:
    """However many clients and customers there are, so much is kept of them."""
    kept: tuple[Callable[..., Any], ...] = (
        corporate_accounts.accounts_of,
        customer_accounts.customer_accounts,
        household.household,
        ledger._history,
        statement._statement,
    )
    assert [each.cache_info().maxsize for each in kept] == [b.most for b in BOUNDS]  # type: ignore[attr-defined] # functools
