"""The balance at the end of each day, counted back from today's."""

from datetime import UTC, date, datetime
from decimal import Decimal

from client_node.open_banking.account_information import Balance, Transaction
from client_node.open_banking.money import Money
from client_node.web.pages.balance_history import EndOfDay, booked_balance, end_of_days

TODAY = date(2026, 11, 23)


def booked(amount: str, day: int, *, is_booked: bool = True) -> Transaction:
    """On a day of this month, at its last second."""
    at = datetime(2026, 11, day, 23, 59, 59, tzinfo=UTC).timestamp()
    return Transaction(Money(Decimal(amount), "GBP"), at, is_booked, "")


def balance(kind: str) -> Balance:
    """One of an account's balances."""
    return Balance(kind, Money(Decimal(1), "GBP"), 0)


def test_counted_back() -> None:
    """What was booked on a day was not there the day before; pending never was."""
    history = end_of_days(
        Decimal(100),
        [booked("-30", 22), booked("50", 21), booked("-5", 22, is_booked=False)],
        TODAY,
        4,
    )
    assert history == [
        EndOfDay(date(2026, 11, 20), Decimal(80)),
        EndOfDay(date(2026, 11, 21), Decimal(130)),
        EndOfDay(date(2026, 11, 22), Decimal(100)),
        EndOfDay(date(2026, 11, 23), Decimal(100)),
    ]


def test_which_balance() -> None:
    """The booked one, by its code or its name; any rather than none."""
    available = balance("ITAV")
    assert booked_balance([available, balance("ITBD")]) == balance("ITBD")
    named = balance("InterimBooked")
    assert booked_balance([available, named]) == named
    assert booked_balance([available]) == available
    assert booked_balance([]) is None
