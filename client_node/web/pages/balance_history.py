"""What an account held at the end of each day, from what it holds now."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from client_node.open_banking.account_information import Balance, Transaction

# Booked before available: transactions that are pending are not counted back.
# ISO 20022 codes (version 4), then version 3's names.
_PREFERRED = ("ITBD", "CLBD", "InterimBooked", "ClosingBooked", "XPCD", "Expected")


@dataclass(frozen=True, slots=True)
class EndOfDay:
    """What the account held when the day was over."""

    day: date
    amount: Decimal


def booked_balance(balances: Sequence[Balance]) -> Balance | None:
    """Of an account's balances the one that all that is booked adds up to."""
    for kind in _PREFERRED:
        for balance in balances:
            if balance.kind == kind:
                return balance
    return balances[0] if balances else None


def day_of(seconds: float) -> date:
    """The day of a time, in UTC: the bank says no other place."""
    return datetime.fromtimestamp(seconds, UTC).date()


def end_of_days(
    now_held: Decimal, transactions: Sequence[Transaction], today: date, days: int
) -> list[EndOfDay]:
    """
    The last *days* days, the oldest first.

    Counted back from *now_held*: what was booked on a day was not there the day
    before. *transactions* are all of those days, in any order; pending ones do
    not count.
    """
    booked: defaultdict[date, Decimal] = defaultdict(Decimal)
    for transaction in transactions:
        if transaction.is_booked:
            booked[day_of(transaction.at)] += transaction.money.amount
    history = []
    held = now_held
    for back in range(days):
        day = today - timedelta(days=back)
        history.append(EndOfDay(day, held))
        held -= booked[day]
    return history[::-1]
