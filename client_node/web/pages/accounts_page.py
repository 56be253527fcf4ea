"""The page of all accounts, bank by bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from twisted.web.template import Flattenable, tags

from client_node.oauth.requests.errors import ResourceRefused
from client_node.open_banking.account_information import Account
from client_node.web.journey.browser_session import (
    BrowserSession,
    connections_of,
    current_session,
)
from client_node.web.journey.customer_access import CustomerAccess, Visit
from client_node.web.journey.error_messages import KNOWN, words_for
from client_node.web.pages.balance_history import booked_balance
from client_node.web.pages.error_page import ended_connection, way_on
from client_node.web.pages.formatting import spoken_number, spoken_time
from client_node.web.pages.forms import connect_panel
from client_node.web.pages.site import Site
from client_node.web.store.records import Connection
from client_node.web.store.store import WebStore
from pki.http.messages import Request, Response

_WHAT_WILL_HAPPEN = "You will be taken to your bank, and brought back here."


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """What the customer's banks tell, asked for with each visit and not kept."""

    site: Site
    store: WebStore
    access: CustomerAccess

    async def answer(self, request: Request) -> Response:
        """GET /accounts."""
        if elsewhere := self.site.elsewhere(request):
            return elsewhere
        session = current_session(request)
        connections = await connections_of(session, self.store)
        address = request.connection.client_address
        sections = [
            await self._section(Visit(each, address), session)
            for each in connections
            if each.is_whole
        ]
        content = [
            tags.h1("Your accounts"),
            sections or self._nothing_connected(session),
        ]
        return self.site.answer(
            "Accounts", content, current="/accounts", session=session
        )

    def _nothing_connected(self, session: BrowserSession) -> Flattenable:
        words = "No bank is connected in this browser yet."
        label = f"Connect {self.site.bank}"
        panel = connect_panel(session, label, _WHAT_WILL_HAPPEN)
        return [tags.p(words, class_="lead"), panel]

    async def _section(self, visit: Visit, session: BrowserSession) -> Flattenable:
        """One bank; where it fails, its words, and the other banks are shown."""
        until = f"Shared with us until {spoken_time(visit.connection.expires)}. "
        consents = tags.a("What you share", href="/consents")
        return tags.section(
            tags.h2(self.site.bank),
            tags.p(until, consents, class_="quiet"),
            tags.div(await self._inside(visit, session), class_="cards"),
            class_="bank",
        )

    async def _inside(self, visit: Visit, session: BrowserSession) -> Flattenable:
        try:
            accounts = await self.access.accounts(visit)
            cards = [await self._card(visit, account) for account in accounts]
        except KNOWN as error:
            return _trouble(error, session)
        return cards or tags.p("You share no account under this consent.")

    async def _card(self, visit: Visit, account: Account) -> Flattenable:
        path = account_path(visit.connection, account.account_id)
        return tags.article(
            tags.h3(tags.a(account.name, href=path)),
            tags.p(spoken_numbers(account.numbers), class_="quiet"),
            tags.p(await self._balance(visit, account), class_="amount"),
            class_="card",
        )

    async def _balance(self, visit: Visit, account: Account) -> str:
        """Nothing where she does not share balances."""
        try:
            balances = await self.access.balances(visit, account.account_id)
        except ResourceRefused as refused:
            if refused.status != 403:
                raise
            return ""
        balance = booked_balance(balances)
        return "" if balance is None else str(balance.money)


def _trouble(error: Exception, session: BrowserSession) -> Flattenable:
    words = words_for(error)
    return tags.div(
        tags.h3(words.heading),
        tags.p(words.text),
        way_on(session, words, ended_connection(error)),
        class_="trouble",
        role="status",
    )


def account_path(connection: Connection, account_id: str) -> str:
    """Where the page of one account is."""
    return f"/accounts/{quote(account_id, safe='')}?bank={connection.connection_id}"


def spoken_numbers(numbers: Sequence[tuple[str, str]]) -> str:
    """The account's numbers, the one customers know it by first."""
    return " · ".join(spoken_number(*number) for number in numbers)
