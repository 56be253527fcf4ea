"""What the bank sends, as the rows of a table."""

from collections.abc import Mapping

from client_node.cli.printer import safe

# Heading and member, for tables that fit a terminal; `--json` has everything.
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "accounts": {
        "account": "account_id",
        "name": "nickname",
        "currency": "currency",
        "IBAN": "iban",
        "status": "status",
    },
    "balances": {
        "balance": "type",
        "amount": "amount.amount",
        "currency": "amount.currency",
        "kind": "credit_debit_indicator",
        "at": "date_time",
    },
    "transactions": {
        "booked": "booking_date",
        "amount": "amount.amount",
        "currency": "amount.currency",
        "kind": "credit_debit_indicator",
        "counterparty": "counterparty",
        "reference": "reference",
    },
}


def find_records(answer: Mapping[str, object]) -> list[Mapping[str, object]] | None:
    """
    The array of objects in *answer*, however deep, or `None` where there is none.

    Open Banking wraps it twice (`Data`, then `Account`), others once.
    """
    for value in answer.values():
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            return value
        if isinstance(value, dict) and (found := find_records(value)) is not None:
            return found
    return None


def as_table(
    records: list[Mapping[str, object]], columns: Mapping[str, str]
) -> tuple[list[str], list[list[str]]]:
    """
    Headings and rows; a member that only some records have is empty elsewhere.

    *columns* says which member stands under which heading. A bank that sends none
    of them is shown whole, under its own names.
    """
    flat = [_flattened(record) for record in records]
    present = dict.fromkeys(name for record in flat for name in record)
    shown = {head: name for head, name in columns.items() if name in present}
    shown = shown or {name: name for name in present}
    rows = [[record.get(name, "") for name in shown.values()] for record in flat]
    return list(shown), rows


def _flattened(record: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    """`{"Amount": {"Currency": "GBP"}}` as `{"Amount.Currency": "GBP"}`."""
    flat: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= _flattened(value, f"{prefix}{name}.")
        else:
            flat[safe(f"{prefix}{name}")] = safe(value)
    return flat
