"""Amounts, as the Open Banking API writes them."""

from decimal import Decimal

import pytest

from client_node.oauth.requests.errors import UnusableAnswer
from client_node.open_banking.money import read_money


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
