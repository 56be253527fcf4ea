"""Money, dates and what the bank calls things, in words."""

from datetime import date
from decimal import Decimal

import pytest

from client_node.open_banking.money import Money
from client_node.web.pages.formatting import (
    spoken_day,
    spoken_number,
    spoken_permission,
    spoken_time,
)

TODAY = date(2026, 11, 23)


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
