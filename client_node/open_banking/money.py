"""Amounts of money, as the bank writes them and as a person reads them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from client_node.oauth.requests.errors import UnusableAnswer
from client_node.oauth.requests.json_answers import required

# OBActiveCurrencyAndAmount_SimpleType and ISO 4217.
_AMOUNT = re.compile(r"\d{1,13}(?:\.\d{1,5})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
_SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
_MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Money:
    """*amount* is negative for what is owed or was paid."""

    amount: Decimal
    currency: str

    def __str__(self) -> str:
        """For example `£1,234.50` or `1,234.50 CHF`, with a minus where it is owed."""
        minus = _MINUS if self.amount < 0 else ""
        digits = f"{abs(self.amount):,.2f}"
        if sign := _SIGNS.get(self.currency):
            return f"{minus}{sign}{digits}"
        return f"{minus}{digits} {self.currency}"


def read_money(record: Mapping[str, object], what: str) -> Money:
    """
    `Amount` and `CreditDebitIndicator` of *record* as one signed amount.

    Raises:
        UnusableAnswer: one of them is missing or not as the standard has it.
    """
    members = dict(record)
    written = required(members, "Amount", dict, what)
    amount = required(written, "Amount", str, what)
    currency = required(written, "Currency", str, what)
    if not _AMOUNT.fullmatch(amount) or not _CURRENCY.fullmatch(currency):
        raise UnusableAnswer(f"{what}: {amount!r:.40} {currency!r:.10} is no amount")
    indicator = required(members, "CreditDebitIndicator", str, what)
    if indicator not in ("Credit", "Debit"):
        raise UnusableAnswer(f"{what}: {indicator!r:.20} is neither Credit nor Debit")
    value = Decimal(amount)
    return Money(value if indicator == "Credit" else -value, currency)
