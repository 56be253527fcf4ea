"""The balance over time, and its picture."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from client_node.oauth.requests.errors import UnusableAnswer
from client_node.open_banking.account_information import Balance, Transaction
from client_node.open_banking.money import Money, read_money
from client_node.web.pages.balance_chart import balance_chart, scale
from client_node.web.pages.balance_history import EndOfDay, booked_balance, end_of_days
from client_node.web.pages.formatting import (
    spoken_day,
    spoken_number,
    spoken_permission,
    spoken_time,
)
from pki.html.document import flattened

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


@pytest.mark.parametrize(
    ("lowest", "highest", "bottom", "step"),
    [
        ("0", "0", "0", "1"),
        ("80", "130", "80", "20"),
        ("-2637.46", "1313.67", "-4000", "2000"),
        ("999999.99", "1000000.01", "999999", "1"),
    ],
)
def test_round_lines(lowest: str, highest: str, bottom: str, step: str) -> None:
    """Both ends are between the lowest line and the highest."""
    found = scale(Decimal(lowest), Decimal(highest))
    assert found == (Decimal(bottom), Decimal(step))


def test_the_picture_in_words() -> None:
    """Title and description say what the eye sees; no style stands in an element."""
    history = end_of_days(Decimal(100), [booked("130", 22)], TODAY, 4)
    text = flattened(balance_chart(history, "GBP")).decode()
    assert "Balance from 20 November 2026 to 23 November 2026" in text
    assert "It began at \N{MINUS SIGN}£30.00 and is £100.00 now." in text
    assert "The lowest was \N{MINUS SIGN}£30.00 on 20 November 2026" in text
    assert 'aria-labelledby="chart-title chart-desc"' in text
    assert "style=" not in text
    assert '<path class="line" d="M0 ' in text


def test_one_day() -> None:
    """Is a picture too."""
    chart = balance_chart([EndOfDay(TODAY, Decimal(0))], "GBP")
    assert b"M0 320" in flattened(chart)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("1234.5", "GBP", "£1,234.50"),
        ("-0.01", "EUR", "\N{MINUS SIGN}€0.01"),
        ("-1000000", "CHF", "\N{MINUS SIGN}1,000,000.00 CHF"),
    ],
)
def test_money_in_words(amount: str, currency: str, text: str) -> None:
    """As a person reads it."""
    assert str(Money(Decimal(amount), currency)) == text


def test_debit_is_negative() -> None:
    """Open Banking writes no signs."""
    record = {
        "Amount": {"Amount": "12.50", "Currency": "GBP"},
        "CreditDebitIndicator": "Debit",
    }
    assert read_money(record, "x").amount == Decimal("-12.50")


@pytest.mark.parametrize(
    "changes",
    [
        {"Amount": "12.50"},
        {"Amount": {"Amount": 12.5, "Currency": "GBP"}},
        {"Amount": {"Amount": "-12.50", "Currency": "GBP"}},
        {"Amount": {"Amount": "1e9", "Currency": "GBP"}},
        {"Amount": {"Amount": "²", "Currency": "GBP"}},
        {"Amount": {"Amount": "12.50", "Currency": "<b>"}},
        {"CreditDebitIndicator": "Both"},
    ],
)
def test_money_that_is_none(changes: dict[str, object]) -> None:
    """Is refused, and not guessed at."""
    record = {
        "Amount": {"Amount": "12.50", "Currency": "GBP"},
        "CreditDebitIndicator": "Debit",
        **changes,
    }
    with pytest.raises(UnusableAnswer):
        read_money(record, "x")


def test_words() -> None:
    """Codes of the standard in words; others as they are."""
    assert spoken_permission("ReadBalances") == "how much is in them"
    assert spoken_permission("ReadTeaLeaves") == "ReadTeaLeaves"
    assert spoken_day(TODAY, with_year=False) == "23 November"
    assert spoken_time(None) == "you end it"
    sort_code = spoken_number("UK.OBIE.SortCodeAccountNumber", "20000012345678")
    assert sort_code == "20-00-00  12345678"
    assert spoken_number("UK.OBIE.SortCodeAccountNumber", "x").endswith(" x")
    assert spoken_number("Own", "1") == "Own 1"
