"""
The permissions of Open Banking in words that a person understands.

After the clusters of the Open Banking Customer Experience Guidelines, "Account
Information Consents": the customer is shown groups of data, never codes.
"""

from collections.abc import Iterable

_DETAILS = "Your account details"
_REGULAR = "Your regular payments"
_TRANSACTIONS = "Your transactions"
_STATEMENTS = "Your statements"
_FEATURES = "The features of your accounts"
_PEOPLE = "Who holds the account"

_IN_WORDS = {
    "ReadAccountsBasic": (_DETAILS, "the name, kind and currency of each account"),
    "ReadAccountsDetail": (_DETAILS, "account names, numbers and sort codes"),
    "ReadBalances": (_DETAILS, "how much money is in each account"),
    "ReadPAN": (_DETAILS, "your card numbers in full"),
    "ReadBeneficiariesBasic": (_REGULAR, "the names of people you pay"),
    "ReadBeneficiariesDetail": (_REGULAR, "people you pay, and their accounts"),
    "ReadStandingOrdersBasic": (_REGULAR, "your standing orders"),
    "ReadStandingOrdersDetail": (_REGULAR, "your standing orders, and to whom"),
    "ReadDirectDebits": (_REGULAR, "your direct debits"),
    "ReadScheduledPaymentsBasic": (_REGULAR, "payments you have scheduled"),
    "ReadScheduledPaymentsDetail": (_REGULAR, "payments you scheduled, and to whom"),
    "ReadTransactionsBasic": (_TRANSACTIONS, "dates and amounts of payments"),
    "ReadTransactionsDetail": (
        _TRANSACTIONS,
        "dates and amounts of payments, and with whom",
    ),
    "ReadTransactionsCredits": (_TRANSACTIONS, "money that comes in"),
    "ReadTransactionsDebits": (_TRANSACTIONS, "money that goes out"),
    "ReadStatementsBasic": (_STATEMENTS, "which statements there are"),
    "ReadStatementsDetail": (_STATEMENTS, "what your statements say"),
    "ReadProducts": (_FEATURES, "the kind of account, its fees and rates"),
    "ReadOffers": (_FEATURES, "offers made to you"),
    "ReadParty": (_PEOPLE, "names and addresses of its holders"),
    "ReadPartyPSU": (_PEOPLE, "your name, address and telephone number"),
}

# Asked for together, the second says everything the first does.
_MORE = {code: code.replace("Basic", "Detail") for code in _IN_WORDS}


def permissions_in_words(permissions: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """
    What the permissions allow to read: groups of data, and the data of each.

    A code that has no words here is shown as it is: the customer must see that
    something more was asked for.
    """
    codes = list(dict.fromkeys(permissions))
    groups: dict[str, list[str]] = {}
    for code in sorted(codes, key=_order):
        if _MORE.get(code, code) != code and _MORE[code] in codes:
            continue
        group, words = _IN_WORDS.get(code, ("Also", code))
        groups.setdefault(group, []).append(words)
    return {group: tuple(words) for group, words in groups.items()}


def _order(code: str) -> int:
    return list(_IN_WORDS).index(code) if code in _IN_WORDS else len(_IN_WORDS)
