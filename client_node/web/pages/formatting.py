"""Days and permissions, in the words of the pages."""

from datetime import UTC, date, datetime

# What the bank's codes allow, as a customer would say it.
_PERMISSIONS = {
    "ReadAccountsBasic": "the names and kinds of your accounts",
    "ReadAccountsDetail": "the names, kinds and numbers of your accounts",
    "ReadBalances": "how much is in them",
    "ReadTransactionsBasic": "what was paid, and when",
    "ReadTransactionsDetail": "what was paid, when, and to whom",
    "ReadTransactionsCredits": "money that comes in",
    "ReadTransactionsDebits": "money that goes out",
    "ReadBeneficiariesBasic": "whom you pay",
    "ReadBeneficiariesDetail": "whom you pay, with their account numbers",
    "ReadDirectDebits": "your direct debits",
    "ReadStandingOrdersBasic": "your standing orders",
    "ReadStandingOrdersDetail": "your standing orders in detail",
    "ReadProducts": "what kind of product each account is",
    "ReadOffers": "what your bank offers you",
    "ReadPAN": "your card numbers in full",
    "ReadParty": "who the accounts belong to",
    "ReadPartyPSU": "who you are to your bank",
    "ReadScheduledPaymentsBasic": "your scheduled payments",
    "ReadScheduledPaymentsDetail": "your scheduled payments in detail",
    "ReadStatementsBasic": "your statements",
    "ReadStatementsDetail": "your statements in detail",
}

_SCHEMES = {
    "UK.OBIE.SortCodeAccountNumber": "Sort code and account number",
    "UK.OBIE.IBAN": "IBAN",
    "UK.OBIE.PAN": "Card",
    "UK.OBIE.BBAN": "Account number",
}

_SORT_CODE, _ACCOUNT_NUMBER = 6, 8  # digits


def spoken_permission(code: str) -> str:
    """What *code* allows; the code itself where it is not known."""
    return _PERMISSIONS.get(code, code)


def spoken_day(day: date, *, with_year: bool = True) -> str:
    """For example `21 February 2027`."""
    return f"{day.day} {day:%B %Y}" if with_year else f"{day.day} {day:%B}"


def spoken_time(seconds: float | None) -> str:
    """The day of a time, or that there is no end."""
    if seconds is None:
        return "you end it"
    return spoken_day(datetime.fromtimestamp(seconds, UTC).date())


def spoken_number(scheme: str, identification: str) -> str:
    """An account's number with the name of its scheme."""
    name = _SCHEMES.get(scheme, scheme)
    digits = identification
    if scheme == "UK.OBIE.SortCodeAccountNumber" and _is_uk_number(digits):
        sort_code = "-".join(digits[at : at + 2] for at in (0, 2, 4))
        return f"{sort_code}  {digits[_SORT_CODE:]}"
    return f"{name} {identification}"


def _is_uk_number(digits: str) -> bool:
    return digits.isdecimal() and len(digits) == _SORT_CODE + _ACCOUNT_NUMBER
