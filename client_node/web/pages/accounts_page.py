"""The page of all accounts, bank by bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from client_node.oauth.requests.errors import ResourceRefused
from client_node.open_banking.account_information import Account
from client_node.web.journey.browser_session import (
    BrowserSession,
    find_session,
    new_session,
)
from client_node.web.journey.customer_access import CustomerAccess
from client_node.web.journey.error_messages import KNOWN, words_for
from client_node.web.pages.balance_history import booked_balance
from client_node.web.pages.error_page import explained, way_on
from client_node.web.pages.formatting import spoken_number, spoken_time
from client_node.web.pages.layout import Site
from client_node.web.pages.markup import Html, fill, joined
from client_node.web.store.records import Connection
from client_node.web.store.store import WebStore
from pki.http.messages import Request, Response


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
        known = find_session(request)
        session = known or new_session()
        try:
            connections = [] if known is None else await self._whole(known)
            sections = [await self._section(each, session) for each in connections]
        except KNOWN as error:  # the store's; a bank's are told in its section
            raise explained(self.site, request, error) from error
        nothing = fill(
            "accounts_none",
            button=self.site.connect_form(session, f"Connect {self.site.bank}"),
        )
        content = fill("accounts", sections=joined(sections) or nothing)
        return self.site.answer(
            "Accounts",
            content,
            current="/accounts",
            session=session if known is None else None,
        )

    async def _whole(self, session: BrowserSession) -> list[Connection]:
        connections = await self.store.connections(session.sha256)
        return [each for each in connections if each.is_whole]

    async def _section(self, connection: Connection, session: BrowserSession) -> Html:
        """One bank; where it fails, its words, and the other banks are shown."""
        try:
            accounts = await self.access.accounts(connection)
            cards = [await self._card(connection, account) for account in accounts]
        except KNOWN as error:
            words = words_for(error)
            inside = fill(
                "trouble",
                heading=words.heading,
                text=words.text,
                connect=way_on(self.site, session, words),
            )
        else:
            inside = joined(cards) or fill("no_accounts")
        return fill(
            "accounts_of_bank",
            bank=self.site.bank,
            until=spoken_time(connection.expires),
            inside=inside,
        )

    async def _card(self, connection: Connection, account: Account) -> Html:
        return fill(
            "account_card",
            path=account_path(connection, account.account_id),
            name=account.name,
            numbers=spoken_numbers(account.numbers),
            balance=await self._balance(connection, account),
        )

    async def _balance(self, connection: Connection, account: Account) -> str:
        """Nothing where she does not share balances."""
        try:
            balances = await self.access.balances(connection, account.account_id)
        except ResourceRefused as refused:
            if refused.status != 403:
                raise
            return ""
        balance = booked_balance(balances)
        return "" if balance is None else str(balance.money)


def account_path(connection: Connection, account_id: str) -> str:
    """Where the page of one account is."""
    return f"/accounts/{quote(account_id, safe='')}?bank={connection.connection_id}"


def spoken_numbers(numbers: Sequence[tuple[str, str]]) -> str:
    """The account's numbers, the one customers know it by first."""
    return " · ".join(spoken_number(*number) for number in numbers)
