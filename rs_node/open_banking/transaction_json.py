"""A transaction as it is shown: `OBTransaction6`."""

from collections.abc import Mapping

from rs_node.bank_data.customer_accounts import CustomerAccount, Kind
from rs_node.bank_data.drafts import Draft, Exchange
from rs_node.bank_data.ledger import Booking
from rs_node.open_banking.account_json import BANK, identification, money
from rs_node.open_banking.date_times import written


def transaction_json(
    account: CustomerAccount,
    booking: Booking,
    own: Mapping[Kind, CustomerAccount],
    *,
    in_detail: bool,
) -> dict[str, object]:
    """
    One booking on *account*. What may tell of others is shown *in_detail* only.

    *own* are all the customer's accounts, one of which may be the other side.
    """
    draft = booking.draft
    moment = written(booking.booked)
    basic: dict[str, object] = {
        "AccountId": account.account_id,
        "TransactionId": booking.transaction_id,
        "StatementReference": [],
        **money(draft.amount, account.product.currency),
        "Status": "BOOK",
        "BookingDateTime": moment,
        "ValueDateTime": moment,
        "BankTransactionCode": {
            "Code": draft.code.family,
            "SubCode": draft.code.sub_family,
        },
        "ProprietaryBankTransactionCode": {"Code": draft.code.words, "Issuer": BANK},
        "ExtendedProprietaryBankTransactionCodes": [],
    }
    if draft.exchange is not None:
        basic["CurrencyExchange"] = _exchange(draft.exchange)
    return {**basic, **_detail(account, booking, own)} if in_detail else basic


def _exchange(exchange: Exchange) -> dict[str, object]:
    return {
        "SourceCurrency": exchange.source,
        "TargetCurrency": exchange.target,
        "UnitCurrency": exchange.source,
        "ExchangeRate": float(exchange.rate),
    }


def _detail(
    account: CustomerAccount, booking: Booking, own: Mapping[Kind, CustomerAccount]
) -> dict[str, object]:
    draft = booking.draft
    detail: dict[str, object] = {
        "TransactionInformation": draft.text,
        "Balance": {
            **money(booking.balance, account.product.currency),
            "Type": "ITBD",
        },
    }
    if draft.merchant is not None:
        detail["MerchantDetails"] = {
            "MerchantName": draft.merchant.name,
            "MerchantCategoryCode": draft.merchant.category,
        }
    other = _other_side(draft, own)
    if other is not None:
        detail["CreditorAccount" if draft.amount < 0 else "DebtorAccount"] = other
    return detail


def _other_side(
    draft: Draft, own: Mapping[Kind, CustomerAccount]
) -> dict[str, str] | None:
    if draft.own is not None:
        return identification(own[draft.own])
    return None if draft.other is None else {"Name": draft.other}
