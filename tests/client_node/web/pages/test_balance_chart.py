"""The picture of the balance over time."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from client_node.open_banking.account_information import Transaction
from client_node.open_banking.money import Money
from client_node.web.pages.balance_chart import balance_chart, scale
from client_node.web.pages.balance_history import EndOfDay, end_of_days
from pki.html.document import flattened

TODAY = date(2026, 11, 23)


def booked(amount: str, day: int, *, is_booked: bool = True) -> Transaction:
    """On a day of this month, at its last second."""
    at = datetime(2026, 11, day, 23, 59, 59, tzinfo=UTC).timestamp()
    return Transaction(Money(Decimal(amount), "GBP"), at, is_booked, "")


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
