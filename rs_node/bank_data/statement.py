"""
What happened on an account: months of transactions, and the balance they lead to.

A month follows from the account and the calendar alone. Its last day brings the
balance to what the month is to end with (companies do sweep their accounts so), and
therefore no month has to be known to make another.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from rs_node.bank_data.corporate_accounts import Account, made_from
from rs_node.bank_data.payments import PATTERNS, Pattern

MONTHS = 6
"""How many past months a statement shows, beside the current one."""

MOST_STATEMENTS = 2_000  # statements


@dataclass(frozen=True, slots=True)
class Transaction:
    """One booked transaction; *amount* is negative where money left the account."""

    transaction_id: str
    booked: date
    amount: Decimal
    counterparty: str
    reference: str


@dataclass(frozen=True, slots=True)
class Statement:
    """The transactions until one day, newest first, and the balance of that day."""

    transactions: tuple[Transaction, ...]
    balance: Decimal


def statement(account: Account, now: float) -> Statement:
    """The statement of today; *now* is in seconds since the epoch."""
    return _statement(account, datetime.fromtimestamp(now, UTC).date())


@lru_cache(maxsize=MOST_STATEMENTS)
def _statement(account: Account, today: date) -> Statement:
    firsts = [today.replace(day=1)]
    for _ in range(MONTHS):
        firsts.append(_previous(firsts[-1]))
    booked = [
        transaction
        for first in reversed(firsts)
        for transaction in month(account, first)
        if transaction.booked <= today
    ]
    balance = closing_balance(account, _previous(firsts[-1]))
    balance += sum(transaction.amount for transaction in booked)
    return Statement(tuple(reversed(booked)), balance)


def month(account: Account, first: date) -> tuple[Transaction, ...]:
    """All transactions of the month that begins on *first*, oldest first."""
    last = _next(first) - timedelta(days=1)
    drafts = sorted(_drafts(account, first, last))
    opening = closing_balance(account, _previous(first))
    rest = closing_balance(account, first) - opening - sum(d[1] for d in drafts)
    drafts.append((last, rest, "Group treasury", f"Month-end sweep {first:%b %Y}"))
    return tuple(
        Transaction(f"{first:%Y%m}-{at:03}", *draft) for at, draft in enumerate(drafts)
    )


def closing_balance(account: Account, first: date) -> Decimal:
    """What is on the account at the end of the month that begins on *first*."""
    choice = made_from(account.account_id, f"{first:%Y-%m}", "closing")
    usual = account.usual_balance * 100
    return _money(choice.randrange(usual * 8 // 10, usual * 12 // 10))


def _drafts(
    account: Account, first: date, last: date
) -> Iterator[tuple[date, Decimal, str, str]]:
    """Date, amount, counterparty and reference of what is not yet swept."""
    choice = made_from(account.account_id, f"{first:%Y-%m}")
    for pattern in PATTERNS[account.kind]:
        for _ in range(choice.randint(*pattern.times)):
            day = choice.randint(*pattern.days)
            cents = choice.randint(pattern.least * 100, pattern.most * 100)
            yield (
                first.replace(day=min(day, last.day)),
                _money(pattern.direction * cents),
                choice.choice(pattern.counterparties),
                _reference(pattern, first, choice.randrange(1_000, 10_000)),
            )


def _reference(pattern: Pattern, first: date, number: int) -> str:
    return pattern.reference.format(number=number, month=f"{first:%b %Y}")


def _money(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _previous(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
