"""Transactions: by permission, by period, and page by page."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest

from pki.pem import Credential
from rs_node.bank_data.ledger import RECORDS_BEGIN
from rs_node.open_banking.transaction_query import PAGE_SIZE
from tests.rs_node.bank import RESOURCE, Bank
from tests.rs_node.consented import (
    ACCOUNTS,
    AISP,
    CURRENT,
    EURO,
    SAVINGS,
    ask,
    body,
    data,
    given_consent,
    refused,
)

PATH = f"{ACCOUNTS}/{CURRENT.account_id}/transactions"
EVERY = (CURRENT, SAVINGS, EURO)
BOTH = ("ReadTransactionsCredits", "ReadTransactionsDebits")
OF_OTHERS = {
    "TransactionInformation",
    "Balance",
    "MerchantDetails",
    "CreditorAgent",
    "CreditorAccount",
    "UltimateCreditor",
    "DebtorAgent",
    "DebtorAccount",
    "UltimateDebtor",
}


def listed(
    bank: Bank, tpp: Credential, path: str = PATH, **changed: Any
) -> list[dict[str, Any]]:
    """The transactions on the first page."""
    found = data(ask(bank, tpp, path, EVERY, **changed))["Transaction"]
    assert isinstance(found, list)
    return found


def booked(transaction: dict[str, Any]) -> datetime:
    """When; the answer must say in which zone."""
    moment = datetime.fromisoformat(transaction["BookingDateTime"])
    assert moment.tzinfo is not None
    return moment


def all_pages(bank: Bank, tpp: Credential, path: str, **changed: Any) -> list[Any]:
    """All pages of what is at *path*, by the links."""
    token = bank.customers_jwt(tpp, given_consent(bank, EVERY, **changed))
    documents = [body(bank.get(tpp, token, path), 200)]
    while following := documents[-1]["Links"].get("Next"):
        assert following.startswith(f"{RESOURCE}{AISP}/")
        target = following.removeprefix(RESOURCE)
        documents.append(body(bank.get(tpp, token, target), 200))
    return documents


def test_detail(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: what, with whom, and the balance after it."""
    found = listed(bank, tpp)
    assert len(found) == PAGE_SIZE
    assert sorted(found, key=booked, reverse=True) == found
    for transaction in found:
        assert transaction["AccountId"] == CURRENT.account_id
        assert transaction["Status"] == "BOOK"
        assert transaction["Amount"]["Currency"] == "GBP"
        assert Decimal(transaction["Amount"]["Amount"]) > 0
        assert transaction["TransactionInformation"]
        assert transaction["Balance"]["Type"] == "ITBD"
        assert len(transaction["BankTransactionCode"]["Code"]) == 4
    for name in ("MerchantDetails", "CreditorAccount", "DebtorAccount"):
        assert any(name in transaction for transaction in found), name


def test_basic(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: with ReadTransactionsBasic nothing that tells of others."""
    permissions = ("ReadAccountsBasic", "ReadTransactionsBasic", *BOTH)
    basic = listed(bank, tpp, permissions=permissions)
    detail = listed(bank, tpp)
    for one, other in zip(basic, detail, strict=True):
        assert not one.keys() & OF_OTHERS
        assert one == {k: v for k, v in other.items() if k not in OF_OTHERS}


@pytest.mark.parametrize("path", [PATH, f"{AISP}/transactions"])
@pytest.mark.parametrize("direction", ["Credit", "Debit"])
def test_direction(bank: Bank, tpp: Credential, path: str, direction: str) -> None:
    """Open Banking v4.0: who may read credits reads no debits, and the reverse."""
    permissions = ("ReadAccountsBasic", "ReadTransactionsBasic",
                   f"ReadTransactions{direction}s")  # fmt: skip
    found = listed(bank, tpp, path, permissions=permissions)
    assert {each["CreditDebitIndicator"] for each in found} == {direction}


def test_exchange(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: what was changed says at which rate, on both sides."""
    found = listed(bank, tpp, f"{ACCOUNTS}/{EURO.account_id}/transactions")
    changed = next(each for each in found if "CurrencyExchange" in each)
    rate = changed["CurrencyExchange"]
    assert (rate["SourceCurrency"], rate["TargetCurrency"]) == ("GBP", "EUR")
    assert changed["DebtorAccount"]["Identification"] == f"000142{CURRENT.number}"
    moment = changed["BookingDateTime"].removesuffix("+00:00")
    filters = f"?fromBookingDateTime={moment}&toBookingDateTime={moment}"
    [other] = listed(bank, tpp, PATH + filters)
    pounds = Decimal(other["Amount"]["Amount"])
    euros = Decimal(changed["Amount"]["Amount"])
    assert euros == round(pounds * Decimal(str(rate["ExchangeRate"])), 2)


def test_filters(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: both ends are included; a zone in the query is ignored."""
    whole = listed(bank, tpp)
    first, last = booked(whole[30]), booked(whole[10])
    for zone in ("", "Z", "+05:00", "%2B05:00"):
        path = (
            f"{PATH}?fromBookingDateTime={first:%Y-%m-%dT%H:%M:%S}{zone}"
            f"&toBookingDateTime={last:%Y-%m-%dT%H:%M:%S}{zone}"
        )
        assert listed(bank, tpp, path) == [
            each for each in whole if first <= booked(each) <= last
        ]


def test_a_day(bank: Bank, tpp: Credential) -> None:
    """A date alone is the whole day, from its first second to its last."""
    day = booked(listed(bank, tpp)[30]).date()
    path = f"{PATH}?fromBookingDateTime={day}&toBookingDateTime={day}"
    found = listed(bank, tpp, path)
    assert found
    assert {booked(each).date() for each in found} == {day}


@pytest.mark.parametrize(
    "query",
    [
        "toBookingDateTime=2001-01-01",
        "fromBookingDateTime=9999-12-31T23:59:59",
        "fromBookingDateTime=2026-02-01&toBookingDateTime=2026-01-01",
    ],
)
def test_nothing_in_a_period(bank: Bank, tpp: Credential, query: str) -> None:
    """Open Banking v4.0: a period without transactions is 200 and an empty array."""
    document = body(ask(bank, tpp, f"{PATH}?{query}"), 200)
    assert document["Data"] == {"Transaction": []}
    assert document["Meta"]["TotalPages"] == 1


@pytest.mark.parametrize(
    "query",
    ["", "?fromBookingDateTime=2001-01-01&toBookingDateTime=9999-12-31"],
)
@pytest.mark.parametrize("path", [PATH, f"{AISP}/transactions"])
def test_the_period_of_the_consent(
    bank: Bank, tpp: Credential, path: str, query: str
) -> None:
    """Open Banking v4.0: the consent's period bounds an answer that asks for more."""
    now = datetime.fromtimestamp(bank.network.clock(), UTC)
    first, last = now - timedelta(days=40), now - timedelta(days=20)
    period = {"transaction_from": first, "transaction_to": last}
    documents = all_pages(bank, tpp, path + query, **period)
    found = [each for page in documents for each in page["Data"]["Transaction"]]
    assert found
    assert all(first <= booked(each) <= last for each in found)
    meta = documents[0]["Meta"]
    assert datetime.fromisoformat(meta["FirstAvailableDateTime"]) == first
    assert datetime.fromisoformat(meta["LastAvailableDateTime"]) == last


def test_what_is_available(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: without a period, from the bank's first record to now."""
    meta = body(ask(bank, tpp, PATH), 200)["Meta"]
    first = datetime.fromisoformat(meta["FirstAvailableDateTime"])
    last = datetime.fromisoformat(meta["LastAvailableDateTime"])
    assert first == datetime(*RECORDS_BEGIN.timetuple()[:3], tzinfo=UTC)
    assert last.timestamp() == int(bank.network.clock())


@pytest.mark.parametrize("path", [PATH, f"{AISP}/transactions"])
def test_pages(bank: Bank, tpp: Credential, path: str) -> None:
    """Open Banking v4.0: the links lead through all of it, each once, in order."""
    documents = all_pages(bank, tpp, path)
    total = documents[0]["Meta"]["TotalPages"]
    assert len(documents) == total > 2
    names = [
        each["TransactionId"]
        for page in documents
        for each in page["Data"]["Transaction"]
    ]
    assert len(set(names)) == len(names)
    assert all(len(d["Data"]["Transaction"]) == PAGE_SIZE for d in documents[:-1])
    first, second, *_, last = (page["Links"] for page in documents)
    assert first.keys() == {"Self", "First", "Last", "Next"}
    assert second.keys() == {"Self", "First", "Last", "Next", "Prev"}
    assert last.keys() == {"Self", "First", "Last", "Prev"}
    assert second["Self"] == first["Next"]
    assert last["Self"] == first["Last"] == last["Last"]
    assert second["Prev"] == first["First"]


def test_a_single_page(bank: Bank, tpp: Credential) -> None:
    """Open Banking v4.0: what fits on one page has no links to others."""
    day = booked(listed(bank, tpp)[30]).date()
    document = body(ask(bank, tpp, f"{PATH}?fromBookingDateTime={day}"), 200)
    assert document["Links"] == {"Self": f"{RESOURCE}{PATH}?fromBookingDateTime={day}"}


def test_pages_stay_while_time_goes_on(bank: Bank, tpp: Credential) -> None:
    """What is booked in the meantime moves nothing from one page to the next."""
    token = bank.customers_jwt(
        tpp, given_consent(bank), exp=int(bank.network.clock()) + 90 * 86_400
    )
    links = body(bank.get(tpp, token, PATH), 200)["Links"]
    target = urlsplit(links["Next"])._replace(scheme="", netloc="").geturl()
    before = data(bank.get(tpp, token, target))
    bank.network.reactor.advance(30 * 86_400)
    assert data(bank.get(tpp, token, target)) == before
    newest = data(bank.get(tpp, token, PATH))["Transaction"][0]
    assert newest not in before["Transaction"]


@pytest.mark.check("transactions.query")
@pytest.mark.parametrize(
    ("query", "code", "path"),
    [
        ("fromBookingDateTime=yesterday", "U003", "fromBookingDateTime"),
        ("fromBookingDateTime=", "U003", "fromBookingDateTime"),
        ("toBookingDateTime=2026-02-30", "U003", "toBookingDateTime"),
        ("toBookingDateTime=2026-02-%FF", "U003", "toBookingDateTime"),
        ("page=1&page=1", "U002", "page"),
        ("page=0", "U002", "page"),
        ("page=-1", "U002", "page"),
        ("page=one", "U002", "page"),
        ("page=", "U002", "page"),
        ("page=%D9%A1", "U002", "page"),
        ("page=1000000", "U002", "page"),
        ("page=999", "U002", "page"),
        ("fromBookingDatetime=2026-01-01", "U005", "fromBookingDatetime"),
    ],
)
def test_queries_that_mean_nothing(
    bank: Bank, tpp: Credential, query: str, code: str, path: str
) -> None:
    """Open Banking v4.0: a malformed parameter is 400 and is named."""
    error = refused(ask(bank, tpp, f"{PATH}?{query}"), 400, code)
    assert error["Path"] == path


def test_permission_before_the_query(bank: Bank, tpp: Credential) -> None:
    """Who may not read transactions learns nothing of how to ask for them."""
    answer = ask(bank, tpp, f"{PATH}?page=0", permissions=("ReadAccountsBasic",))
    refused(answer, 403, "U042")
