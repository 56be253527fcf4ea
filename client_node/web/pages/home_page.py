"""The first page: what this is, and the banks that are connected."""

from dataclasses import dataclass

from client_node.web.journey.browser_session import (
    BrowserSession,
    find_session,
    new_session,
)
from client_node.web.pages.error_page import explained
from client_node.web.pages.formatting import spoken_time
from client_node.web.pages.layout import Site
from client_node.web.pages.markup import Html, fill, joined
from client_node.web.store.records import Connection
from client_node.web.store.store import WebStore
from pki.http.messages import Request, Response
from pki.node.store_errors import StoreFailed


@dataclass(frozen=True, slots=True)
class HomePage:
    """*resource* is the bank's API, for those who want to look at it."""

    site: Site
    store: WebStore
    resource: str

    async def answer(self, request: Request) -> Response:
        """GET /."""
        if elsewhere := self.site.elsewhere(request):
            return elsewhere
        known = find_session(request)
        session = known or new_session()
        try:
            connections = await self._connections(known)
        except StoreFailed as error:
            raise explained(self.site, request, error) from error
        content = fill(
            "home",
            yours=self._yours(connections, session),
            bank=self.site.bank,
            issuer=self.site.issuer,
            resource=self.resource,
            origin=self.site.origin,
        )
        new = session if known is None else None
        return self.site.answer("Your accounts", content, current="/", session=new)

    async def _connections(self, known: BrowserSession | None) -> list[Connection]:
        return [] if known is None else await self.store.connections(known.sha256)

    def _yours(self, connections: list[Connection], session: BrowserSession) -> Html:
        if not connections:
            button = self.site.connect_form(session, f"Connect {self.site.bank}")
            return fill("home_connect", button=button)
        return fill(
            "home_connected",
            banks=joined(
                fill(
                    "home_bank",
                    bank=self.site.bank,
                    since=spoken_time(each.connected_at),
                    until=spoken_time(each.expires),
                )
                for each in connections
            ),
            button=self.site.connect_form(session, "Connect again"),
        )
