"""One booking before it has a name and a balance: what kind it is, and with whom."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from rs_node.bank_data.customer_accounts import Kind
from rs_node.bank_data.merchants import Merchant


@dataclass(frozen=True, slots=True)
class BankCode:
    """
    What kind of booking it is, by ISO 20022 (family and sub-family) and in words.
    """

    family: str
    sub_family: str
    words: str


SALARY = BankCode("RCDT", "SALA", "Salary")
STANDING_ORDER = BankCode("ICDT", "STDO", "StandingOrder")
DIRECT_DEBIT = BankCode("RDDT", "PMDD", "DirectDebit")
DEBIT_CARD_PAYMENT = BankCode("CCRD", "POSD", "CardPayment")
CREDIT_CARD_PAYMENT = BankCode("CCRD", "POSC", "CardPayment")
CASH = BankCode("CCRD", "CWDL", "CashWithdrawal")
TRANSFER_OUT = BankCode("ICDT", "BOOK", "Transfer")
TRANSFER_IN = BankCode("RCDT", "BOOK", "Transfer")
INTEREST = BankCode("MCOP", "INTR", "Interest")


@dataclass(frozen=True, slots=True)
class Exchange:
    """Money changed from *source* to *target*: one *source* is so many *target*."""

    source: str
    target: str
    rate: Decimal


@dataclass(frozen=True, slots=True)
class Draft:
    """
    One booking on the account of one *kind*, negative where money left it.

    *other* is the other side: a person or company by name, or, where *own* is set,
    another account of the customer's.
    """

    kind: Kind
    booked: datetime
    amount: Decimal
    code: BankCode
    text: str
    merchant: Merchant | None = None
    other: str | None = None
    own: Kind | None = None
    exchange: Exchange | None = None
