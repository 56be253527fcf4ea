"""The page of one account: its balance over time, and its transactions."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qsl, unquote

from twisted.web.template import Flattenable, tags

from client_node.oauth.requests.errors import ResourceRefused
from client_node.open_banking.account_information import Account, Balance
from client_node.web.journey.browser_session import connections_of, current_session
from client_node.web.journey.customer_access import (
    CustomerAccess,
    Statement,
    Visit,
)
from client_node.web.journey.error_messages import NO_SUCH_ACCOUNT
from client_node.web.pages.accounts_page import account_path, spoken_numbers
from client_node.web.pages.balance_chart import balance_chart
from client_node.web.pages.balance_history import booked_balance, day_of, end_of_days
from client_node.web.pages.error_page import Explained
from client_node.web.pages.links import link_item
from client_node.web.pages.site import Site
from client_node.web.pages.transactions_table import ON_A_PAGE, transactions_table
from client_node.web.store.store import WebStore
from pki.html.templates import filled, template
from pki.http.messages import Request, Response

_PAGE = template(__file__, "account")

PERIODS = (30, 90, 365)  # days
_DAY = 86400

_MORE_THAN_IS_READ = (
    "There are more transactions in this time than we read at once, so there is no"
    " picture of it. Choose a shorter time."
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shown:
    """What of an account is to be shown: the last *days*, and which page of them."""

    days: int
    page: int


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One account, asked for with each visit and not kept."""

    site: Site
    store: WebStore
    access: CustomerAccess
    clock: Callable[[], float]

    async def answer(self, request: Request, account_id: str) -> Response:
        """GET /accounts/{account_id}."""
        if elsewhere := self.site.elsewhere(request):
            return elsewhere
        query = dict(parse_qsl(request.query))
        found = await self._find(request, unquote(account_id), query.get("bank"))
        if found is None:
            raise Explained(self.site, request, NO_SUCH_ACCOUNT)
        content = await self._content(*found, read_shown(query))
        return self.site.answer(found[1].name, content, current="/accounts")

    async def _find(
        self, request: Request, account_id: str, connection_id: str | None
    ) -> tuple[Visit, Account] | None:
        """The account, if one of this browser's connections covers it."""
        session = current_session(request)
        for connection in await connections_of(session, self.store):
            wanted = connection_id in (None, connection.connection_id)
            if wanted and connection.is_whole:
                visit = Visit(connection, request.connection.client_address)
                for account in await self.access.accounts(visit):
                    if account.account_id == account_id:
                        return visit, account
        return None

    async def _content(
        self, visit: Visit, account: Account, shown: Shown
    ) -> Flattenable:
        access, account_id = self.access, account.account_id
        since = self.clock() - shown.days * _DAY
        balances = await _if_shared(access.balances(visit, account_id))
        statement = await _if_shared(access.transactions(visit, account_id, since))
        balance = booked_balance(balances or ())
        path = account_path(visit.connection, account_id)
        return filled(
            _PAGE,
            name=account.name,
            numbers=spoken_numbers(account.numbers),
            balance=_amount(balance),
            periods=_periods(path, shown),
            picture=self._picture(balance, statement, shown.days),
            transactions=_transactions(statement, shown.page),
            paging=_paging(path, shown, statement),
        )

    def _picture(
        self, balance: Balance | None, statement: Statement | None, days: int
    ) -> Flattenable:
        """The balance over time, where she shares what the picture is made of."""
        if statement is not None and not statement.is_complete:
            return tags.p(_MORE_THAN_IS_READ, class_="notice")
        if balance is None or statement is None:
            return ""
        held, currency = balance.money.amount, balance.money.currency
        today = day_of(self.clock())
        history = end_of_days(held, statement.transactions, today, days)
        return balance_chart(history, currency)


async def _if_shared(asked: Awaitable[T]) -> T | None:
    """What the bank tells; `None` where the consent does not cover it."""
    try:
        return await asked
    except ResourceRefused as refused:
        if refused.status != 403:
            raise
        return None


def read_shown(query: Mapping[str, str]) -> Shown:
    """What the address says; what it does not say, or says wrongly, is the usual."""
    days = _number(query.get("days"), 90)
    return Shown(days if days in PERIODS else 90, _number(query.get("page"), 1))


def _number(text: str | None, usual: int) -> int:
    if text is None or not text.isdecimal() or len(text) > 4:
        return usual
    return int(text)


def _amount(balance: Balance | None) -> Flattenable:
    return "" if balance is None else tags.p(str(balance.money), class_="amount large")


def _periods(path: str, shown: Shown) -> Flattenable:
    return [
        link_item(f"{path}&days={days}", f"{days} days", is_current=days == shown.days)
        for days in PERIODS
    ]


def _transactions(statement: Statement | None, page: int) -> Flattenable:
    if statement is None:
        return tags.p("You do not share the transactions of this account.")
    return transactions_table(statement.transactions, page)


def _paging(path: str, shown: Shown, statement: Statement | None) -> Flattenable:
    count = 0 if statement is None else len(statement.transactions)
    pages = -(-count // ON_A_PAGE)
    steps = (
        (shown.page - 1, "Newer"),
        (shown.page + 1, "Older"),
    )
    links = [
        link_item(f"{path}&days={shown.days}&page={page}", name)
        for page, name in steps
        if 1 <= page <= pages
    ]
    if not links:
        return ""
    where = tags.p(f"Page {min(shown.page, pages)} of {pages}")
    label = {"aria-label": "Pages of transactions"}
    return tags.nav(where, tags.ul(links), class_="paging", **label)
