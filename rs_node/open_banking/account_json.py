"""Accounts and balances as they are shown: `OBAccount6`, `OBReadBalance1`."""

from datetime import UTC, datetime, time
from decimal import Decimal

from rs_node.bank_data.account_numbers import bic, iban, masked, sort_code_and
from rs_node.bank_data.customer_accounts import CustomerAccount
from rs_node.open_banking.date_times import written

BANK = "Example Bank plc"

_CARD_LIMIT = Decimal("4000.00")


def account_json(
    account: CustomerAccount, *, in_detail: bool, with_card_number: bool
) -> dict[str, object]:
    """
    One account. Its numbers, and who keeps it, are shown *in_detail* only.

    *with_card_number* shows a card's whole number, and not only its ends.
    """
    product = account.product
    basic: dict[str, object] = {
        "AccountId": account.account_id,
        "Status": "Enabled",
        "StatusUpdateDateTime": written(datetime.combine(account.opened, time(), UTC)),
        "Currency": product.currency,
        "AccountCategory": "Personal",
        "AccountTypeCode": product.type_code,
        "Description": product.description,
        "Nickname": product.nickname,
        "OpeningDate": written(datetime.combine(account.opened, time(), UTC)),
    }
    if not in_detail:
        return basic
    return {
        **basic,
        "StatementFrequencyAndFormat": [],
        "Account": _identifications(account, with_card_number=with_card_number),
        "Servicer": {
            "SchemeName": "UK.OBIE.BICFI",
            "Identification": bic(),
            "Name": BANK,
        },
    }


def identification(account: CustomerAccount) -> dict[str, str]:
    """The account as the other side of a transfer; of a card only its ends."""
    return _identifications(account, with_card_number=False)[0]


def balance_json(
    account: CustomerAccount, balance: Decimal, moment: datetime
) -> dict[str, object]:
    """The booked balance of an account at one *moment*."""
    shown = {
        "AccountId": account.account_id,
        **money(balance, account.product.currency),
        "Type": "ITBD",
        "DateTime": written(moment),
    }
    if account.kind != "card":
        return {**shown, "CreditLine": []}
    limit = {"Included": False, "Type": "Credit", **_amount(_CARD_LIMIT, "GBP")}
    return {**shown, "CreditLine": [limit]}


def money(amount: Decimal, currency: str) -> dict[str, object]:
    """
    An amount and which way it goes; nothing at all is a credit.

    Money is text: a JSON number would be read as binary fractions.
    """
    direction = "Debit" if amount < 0 else "Credit"
    return {**_amount(amount, currency), "CreditDebitIndicator": direction}


def _amount(amount: Decimal, currency: str) -> dict[str, object]:
    return {"Amount": {"Amount": f"{abs(amount):.2f}", "Currency": currency}}


def _identifications(
    account: CustomerAccount, *, with_card_number: bool
) -> list[dict[str, str]]:
    number = account.number
    if account.kind == "card":
        shown = number if with_card_number else masked(number)
        return [_identified("UK.OBIE.PAN", shown, account)]
    local = _identified("UK.OBIE.SortCodeAccountNumber", sort_code_and(number), account)
    return [local, _identified("UK.OBIE.IBAN", iban(number), account)]


def _identified(
    scheme: str, identified_by: str, account: CustomerAccount
) -> dict[str, str]:
    return {
        "SchemeName": scheme,
        "Identification": identified_by,
        "Name": account.holder,
    }
