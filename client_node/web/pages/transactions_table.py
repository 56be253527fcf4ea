"""Transactions as a table, day by day."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from client_node.open_banking.account_information import Transaction
from client_node.web.pages.balance_history import day_of
from client_node.web.pages.formatting import spoken_day
from client_node.web.pages.markup import Html, fill, joined

ON_A_PAGE = 50


def transactions_table(transactions: Sequence[Transaction], page: int) -> Html:
    """The latest first, `ON_A_PAGE` of them; *page* counts from 1."""
    ordered = sorted(transactions, key=lambda each: each.at, reverse=True)
    begin = max(page - 1, 0) * ON_A_PAGE
    shown = ordered[begin : begin + ON_A_PAGE]
    if not shown:
        return fill("no_transactions")
    days = groupby(shown, key=lambda each: day_of(each.at))
    return fill(
        "transactions",
        days=joined(
            fill("transactions_day", day=spoken_day(day), rows=_rows(of_day))
            for day, of_day in days
        ),
    )


def _rows(transactions: Iterable[Transaction]) -> Html:
    return joined(
        fill(
            "transaction_row",
            text=each.text or "(the bank says no more)",
            pending="" if each.is_booked else fill("pending"),
            kind="in" if each.money.amount > 0 else "out",
            amount=str(each.money),
        )
        for each in transactions
    )
