"""The months up to now, and the balance after each booking."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

from rs_node.bank_data.customer_accounts import CustomerAccount, Kind, customer_accounts
from rs_node.bank_data.drafts import Draft
from rs_node.bank_data.household import Household, household
from rs_node.bank_data.months import month, next_month

RECORDS_BEGIN = date(2025, 1, 1)
"""The bank has nothing older; balances of that day are made up."""

MOST_HISTORIES = 32  # of about a megabyte after two years


@dataclass(frozen=True, slots=True)
class Booking:
    """
    One booking: what it is, its name, and the *balance* of the account after it.
    """

    transaction_id: str
    draft: Draft
    balance: Decimal

    @property
    def booked(self) -> datetime:
        """When, in UTC."""
        return self.draft.booked


@dataclass(frozen=True, slots=True)
class Ledger:
    """The bookings of one account up to one moment, oldest first, and its balance."""

    bookings: tuple[Booking, ...]
    balance: Decimal


def ledger(sub: str, account: CustomerAccount, now: float) -> Ledger:
    """
    What has been booked on an account of *sub* until *now*.

    *now* is in seconds since the epoch. What was booked once is never different
    later: a month is made as a whole, and shown as far as it has come.
    """
    moment = datetime.fromtimestamp(now, UTC)
    all_bookings = _history(sub, moment.date().replace(day=1))[account.kind]
    shown = all_bookings[: bisect_right(all_bookings, moment, key=_when)]
    balance = shown[-1].balance if shown else _at_first(household(sub))[account.kind]
    return Ledger(shown, balance)


def _when(booking: Booking) -> datetime:
    return booking.booked


def _at_first(home: Household) -> dict[Kind, Decimal]:
    return {
        "current": home.usual_rest,
        "savings": home.savings_at_first,
        "card": Decimal("0.00"),
        "euro": home.euros_at_first,
    }


@lru_cache(maxsize=MOST_HISTORIES)
def _history(sub: str, until: date) -> Mapping[Kind, tuple[Booking, ...]]:
    """All bookings from the first month to the one that begins on *until*."""
    home, accounts = household(sub), customer_accounts(sub)
    balances = {account.kind: _at_first(home)[account.kind] for account in accounts}
    bookings: dict[Kind, list[Booking]] = {kind: [] for kind in balances}
    card_bill = Decimal(0)
    first = RECORDS_BEGIN
    while first <= until:
        drafts = month(home, first, balances, card_bill)
        for account in accounts:
            own = [draft for draft in drafts if draft.kind == account.kind]
            booked = _booked(account, first, own, balances[account.kind])
            bookings[account.kind] += booked
            balances[account.kind] += sum(draft.amount for draft in own)
        card_bill = _spent_by_card(drafts)
        first = next_month(first)
    return {kind: tuple(listed) for kind, listed in bookings.items()}


def _booked(
    account: CustomerAccount, first: date, drafts: list[Draft], balance: Decimal
) -> list[Booking]:
    """The month's bookings on one account, in their order, named and summed up."""
    bookings = []
    for number, draft in enumerate(sorted(drafts, key=lambda draft: draft.booked), 1):
        balance += draft.amount
        name = f"{account.account_id[:8]}-{first:%Y%m}-{number:03}"
        bookings.append(Booking(name, draft, balance))
    return bookings


def _spent_by_card(drafts: list[Draft]) -> Decimal:
    taken = (draft.amount for draft in drafts if draft.kind == "card")
    return -sum((amount for amount in taken if amount < 0), Decimal(0))
