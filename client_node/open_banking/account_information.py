"""Accounts, balances and transactions: UK Open Banking, account information."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode, urlsplit

from client_node.oauth.requests.errors import UnusableAnswer
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.json_answers import optional, required
from client_node.open_banking.consent_request import read_time
from client_node.open_banking.customer_presence import CustomerPresence
from client_node.open_banking.money import Money, read_money
from client_node.open_banking.open_banking_request import (
    BASE_PATH,
    judge_document,
    request_open_banking,
)
from pki.http.answers import Answer

BOOKED = frozenset({"BOOK", "Booked"})
"""The statuses of a transaction that counts, by version 4 and by version 3."""


@dataclass(frozen=True, slots=True)
class Account:
    """
    An account of the customer's.

    *numbers* are scheme and identification, for example a sort code with the
    account number; empty where the consent does not cover them.
    """

    account_id: str
    name: str
    currency: str
    numbers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """One of an account's balances; *kind* is the bank's code, for example `ITBD`."""

    kind: str
    money: Money
    at: float


@dataclass(frozen=True, slots=True)
class Transaction:
    """What came or went; *at* is when it was booked, in seconds since the epoch."""

    money: Money
    at: float
    is_booked: bool
    text: str


@dataclass(frozen=True, slots=True)
class TransactionsPage:
    """Some transactions, and where the next ones are."""

    transactions: tuple[Transaction, ...]
    next_url: str | None


def accounts_url(resource: str) -> str:
    """Where the customer's accounts are."""
    return f"{resource.rstrip('/')}{BASE_PATH}/accounts"


def balances_url(resource: str, account_id: str) -> str:
    """Where the balances of one account are."""
    return f"{accounts_url(resource)}/{quote(account_id, safe='')}/balances"


def transactions_url(resource: str, account_id: str, since: float) -> str:
    """
    Where the transactions of one account since then are.

    The standard's filter is a time without a zone; it is given in UTC here.
    """
    begin = datetime.fromtimestamp(int(since), UTC).replace(tzinfo=None)
    query = urlencode({"fromBookingDateTime": begin.isoformat()})
    account = f"{accounts_url(resource)}/{quote(account_id, safe='')}"
    return f"{account}/transactions?{query}"


async def request_account_information(
    identity: Identity, url: str, access_token: str, presence: CustomerPresence
) -> Answer:
    """
    Ask for one of the above with a token the customer's consent stands behind.

    *presence* is hers: nothing is asked for here while she is away.
    """
    return await request_open_banking(
        identity, "GET", url, access_token, more=presence.fields()
    )


def judge_accounts(answer: Answer) -> tuple[Account, ...]:
    """
    The accounts the customer shares.

    Raises:
        OpenBankingRefused: the bank refused.
        UnusableAnswer: the answer is not as the standard has it.
    """
    data = judge_document(answer, "accounts").data
    return tuple(_account(record) for record in _records(data, "Account", "accounts"))


def judge_balances(answer: Answer) -> tuple[Balance, ...]:
    """
    The balances of one account.

    Raises:
        OpenBankingRefused: the bank refused.
        UnusableAnswer: the answer is not as the standard has it.
    """
    data = judge_document(answer, "balances").data
    return tuple(_balance(record) for record in _records(data, "Balance", "balances"))


def judge_transactions(answer: Answer, asked: str) -> TransactionsPage:
    """
    The transactions in the answer to the URL *asked*.

    The next page must be at the same path of the same server: the token goes
    where the customer's consent is, and not where an answer sends it.

    Raises:
        OpenBankingRefused: the bank refused.
        UnusableAnswer: the answer is not as the standard has it.
    """
    what = "transactions"
    document = judge_document(answer, what)
    if document.next_url is not None and not _same_place(document.next_url, asked):
        raise UnusableAnswer(f"{what}: the next page is elsewhere")
    records = _records(document.data, "Transaction", what)
    return TransactionsPage(
        tuple(_transaction(record) for record in records), document.next_url
    )


def _same_place(url: str, asked: str) -> bool:
    return url.isascii() and urlsplit(url)[:3] == urlsplit(asked)[:3]


def _records(
    data: Mapping[str, object], name: str, what: str
) -> list[dict[str, object]]:
    records = optional(dict(data), name, list, what) or []
    if not all(isinstance(record, dict) for record in records):
        raise UnusableAnswer(f"{what}: {name!r} is not an array of objects")
    return records


def _account(record: dict[str, object]) -> Account:
    what = "accounts"
    account_id = required(record, "AccountId", str, what)
    return Account(
        account_id=account_id,
        name=_first_text(record, "Nickname", "Description", "AccountTypeCode")
        or account_id,
        currency=required(record, "Currency", str, what),
        numbers=tuple(
            (
                required(number, "SchemeName", str, what),
                required(number, "Identification", str, what),
            )
            for number in _records(record, "Account", what)
        ),
    )


def _balance(record: dict[str, object]) -> Balance:
    what = "balances"
    return Balance(
        kind=required(record, "Type", str, what),
        money=read_money(record, what),
        at=read_time(required(record, "DateTime", str, what), what),
    )


def _transaction(record: dict[str, object]) -> Transaction:
    what = "transactions"
    return Transaction(
        money=read_money(record, what),
        at=read_time(required(record, "BookingDateTime", str, what), what),
        is_booked=required(record, "Status", str, what) in BOOKED,
        text=_first_text(record, "TransactionInformation")
        or _first_text(record.get("MerchantDetails"), "MerchantName")
        or _first_text(record.get("ProprietaryBankTransactionCode"), "Code"),
    )


def _first_text(record: object, *names: str) -> str:
    """The first of the members that is there and says something."""
    for name in names:
        value = record.get(name) if isinstance(record, dict) else None
        if isinstance(value, str) and value.strip():
            return value.strip()
    return ""
