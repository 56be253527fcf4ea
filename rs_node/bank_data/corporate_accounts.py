"""
The corporate accounts of a client: made up, and always the same ones.

Everything follows from the `client_id`, so nothing is stored, every registered
client has accounts, and no two have alike ones.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from random import Random

from rs_node.bank_data.account_numbers import iban, new_account_number, sort_code

MOST_CLIENTS = 1_000
"""Clients whose accounts are kept in memory: they can be made again at any time."""


@dataclass(frozen=True, slots=True)
class Account:
    """
    One account. *kind* is `operating`, `payroll` or `trading`: what it is used for.

    *usual_balance* is in whole units of *currency*, about what is left at the end
    of a month.
    """

    account_id: str
    kind: str
    nickname: str
    currency: str
    account_number: str
    usual_balance: int

    def to_json(self) -> dict[str, object]:
        """As a member of the answer at `/accounts`."""
        return {
            "account_id": self.account_id,
            "nickname": self.nickname,
            "account_type": "business",
            "account_sub_type": "current_account",
            "currency": self.currency,
            "sort_code": sort_code(),
            "account_number": self.account_number,
            "iban": iban(self.account_number),
            "status": "enabled",
        }


@lru_cache(maxsize=MOST_CLIENTS)
def accounts_of(client_id: str) -> tuple[Account, ...]:
    """The accounts of one client, which are nobody else's."""
    operating = _account(client_id, "operating", "Operating account", "GBP", 180_000)
    payroll = _account(client_id, "payroll", "Payroll", "GBP", 40_000)
    trading = _account(client_id, "trading", "Euro trading account", "EUR", 95_000)
    has_euros = made_from(client_id).random() < 0.7
    return (operating, payroll, trading) if has_euros else (operating, payroll)


def find_account(client_id: str, account_id: str) -> Account | None:
    """The account of this name, if it is this client's; nobody else's is found."""
    for account in accounts_of(client_id):
        if account.account_id == account_id:
            return account
    return None


def made_from(*seed: str) -> Random:
    """Choices that are the same for the same words, in every process."""
    return Random("\0".join(seed))  # noqa: S311 - made-up accounts, no secrets


def _account(
    client_id: str, kind: str, nickname: str, currency: str, about: int
) -> Account:
    choice = made_from(client_id, kind)
    return Account(
        account_id=sha256(f"{client_id}\0{kind}".encode()).hexdigest()[:20],
        kind=kind,
        nickname=nickname,
        currency=currency,
        account_number=new_account_number(choice),
        usual_balance=choice.randrange(about // 2, about * 2),
    )
