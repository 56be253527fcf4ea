"""Transactions as a table, day by day."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from twisted.web.template import Flattenable, tags

from client_node.open_banking.account_information import Transaction
from client_node.web.pages.balance_history import day_of
from client_node.web.pages.formatting import spoken_day
from pki.html.templates import filled, template

_TABLE = template(__file__, "transactions")

ON_A_PAGE = 50


def transactions_table(transactions: Sequence[Transaction], page: int) -> Flattenable:
    """The latest first, `ON_A_PAGE` of them; *page* counts from 1."""
    ordered = sorted(transactions, key=lambda each: each.at, reverse=True)
    begin = max(page - 1, 0) * ON_A_PAGE
    shown = ordered[begin : begin + ON_A_PAGE]
    if not shown:
        return tags.p("Nothing was booked in this time.")
    days = groupby(shown, key=lambda each: day_of(each.at))
    return filled(_TABLE, days=[_day(day, of_day) for day, of_day in days])


def _day(day: date, transactions: Iterable[Transaction]) -> Flattenable:
    heading = tags.th(spoken_day(day), colspan="2", scope="rowgroup")
    rows = [_row(each) for each in transactions]
    return tags.tbody(tags.tr(heading, class_="day"), rows)


def _row(transaction: Transaction) -> Flattenable:
    text = transaction.text or "(the bank says no more)"
    pending = [] if transaction.is_booked else [" ", tags.span("pending", class_="tag")]
    kind = "in" if transaction.money.amount > 0 else "out"
    amount = tags.td(str(transaction.money), class_=f"number {kind}")
    return tags.tr(tags.td(text, pending), amount)
