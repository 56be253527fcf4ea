"""Which accounts a customer has, and how they are known to the world."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from rs_node.bank_data.account_numbers import (
    masked,
    new_account_number,
    new_card_number,
    sort_code,
)
from rs_node.bank_data.corporate_accounts import made_from

Kind = Literal["current", "savings", "card", "euro"]

MOST_CUSTOMERS = 1_000


@dataclass(frozen=True, slots=True)
class Product:
    """
    What accounts of one kind have in common.

    *type_code* is of ISO 20022's ExternalCashAccountType1Code, for example `CACC`.
    """

    nickname: str
    description: str
    type_code: str
    currency: str


_PRODUCTS: dict[Kind, Product] = {
    "current": Product("Everyday", "Current account", "CACC", "GBP"),
    "savings": Product("Rainy day", "Instant access savings", "SVGS", "GBP"),
    "card": Product("Credit card", "Credit card", "CARD", "GBP"),
    "euro": Product("Euro account", "Foreign currency account", "CACC", "EUR"),
}


@dataclass(frozen=True, slots=True)
class CustomerAccount:
    """
    One account of a person.

    *number* has the eight digits of an account number, or the sixteen of a card.
    """

    account_id: str
    kind: Kind
    holder: str
    number: str
    opened: date

    @property
    def product(self) -> Product:
        """What it has in common with others of its kind."""
        return _PRODUCTS[self.kind]

    @property
    def known_as(self) -> str:
        """How its owner knows it: sort code and number, or a card's last digits."""
        if self.kind == "card":
            return masked(self.number)
        return f"{sort_code()} {self.number}"


@lru_cache(maxsize=MOST_CUSTOMERS)
def customer_accounts(sub: str) -> tuple[CustomerAccount, ...]:
    """The accounts of one customer, which are nobody else's."""
    kinds: list[Kind] = ["current", "savings", "card"]
    if made_from("customer", sub, "abroad").random() < 0.5:
        kinds.append("euro")
    return tuple(_account(sub, kind) for kind in kinds)


def _account(sub: str, kind: Kind) -> CustomerAccount:
    choice = made_from("customer", sub, kind)
    number = new_card_number if kind == "card" else new_account_number
    return CustomerAccount(
        account_id=sha256(f"customer\0{sub}\0{kind}".encode()).hexdigest()[:20],
        kind=kind,
        holder=_name(sub),
        number=number(choice),
        opened=date(choice.randint(2012, 2023), choice.randint(1, 12), 9),
    )


def _name(sub: str) -> str:
    """`Ty Webb` of `ty.webb@example.com`."""
    return sub.partition("@")[0].replace(".", " ").title()
