"""
The permission codes of a consent, and which of them need which others.

UK Open Banking Read/Write v4.0, Account and Transaction API profile, Permissions
(OBInternalPermissions1Code).
"""

from collections.abc import Collection

from pki.http.checks import Check
from rs_node.open_banking.refusals import FieldInvalid

ACCOUNTS_BASIC = "ReadAccountsBasic"
ACCOUNTS_DETAIL = "ReadAccountsDetail"
BALANCES = "ReadBalances"
TRANSACTIONS_BASIC = "ReadTransactionsBasic"
TRANSACTIONS_DETAIL = "ReadTransactionsDetail"
TRANSACTIONS_CREDITS = "ReadTransactionsCredits"
TRANSACTIONS_DEBITS = "ReadTransactionsDebits"
PAN = "ReadPAN"

# Detail implies basic, so either opens the resource.
ACCOUNTS = frozenset({ACCOUNTS_BASIC, ACCOUNTS_DETAIL})
TRANSACTIONS = frozenset({TRANSACTIONS_BASIC, TRANSACTIONS_DETAIL})
_DIRECTIONS = frozenset({TRANSACTIONS_CREDITS, TRANSACTIONS_DEBITS})

SUPPORTED = ACCOUNTS | TRANSACTIONS | _DIRECTIONS | {BALANCES, PAN}
"""What is served here. The standard has a consent for anything else refused."""

ASKED_TOGETHER = Check(
    "consent-request.permissions",
    "these permissions are served here, and make sense together",
    "UK Open Banking Read/Write v4.0",
)

_PATH = "Data.Permissions"


def verify_permissions(permissions: Collection[str]) -> None:
    """
    A client may ask for these together. Naming one twice is no mistake.

    Raises:
        FieldInvalid: a code is not served here, or needs another beside it.
    """
    for number, code in enumerate(permissions):
        if code not in SUPPORTED:
            text = "there is no such permission, or nothing that it would open"
            path = f"{_PATH}[{number}]"
            presented = f"{code:.60}"
            raise FieldInvalid(text, ASKED_TOGETHER, path=path, presented=presented)
    asked = frozenset(permissions)
    if not asked & ACCOUNTS:
        _refuse("one of ReadAccountsBasic and ReadAccountsDetail is needed", asked)
    if asked & TRANSACTIONS and not asked & _DIRECTIONS:
        _refuse("ReadTransactionsCredits or ReadTransactionsDebits is missing", asked)
    if asked & _DIRECTIONS and not asked & TRANSACTIONS:
        _refuse("ReadTransactionsBasic or ReadTransactionsDetail is missing", asked)


def _refuse(text: str, asked: frozenset[str]) -> None:
    presented = " ".join(sorted(asked))
    raise FieldInvalid(text, ASKED_TOGETHER, path=_PATH, presented=presented)
