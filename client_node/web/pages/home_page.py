"""The first page: what this is, and the banks that are connected."""

from dataclasses import dataclass

from twisted.web.template import Flattenable, tags

from client_node.web.journey.browser_session import (
    BrowserSession,
    connections_of,
    current_session,
)
from client_node.web.pages.formatting import spoken_time
from client_node.web.pages.forms import connect_form, connect_panel
from client_node.web.pages.site import Site
from client_node.web.store.records import Connection
from client_node.web.store.store import WebStore
from pki.html.templates import filled, template
from pki.http.messages import Request, Response

_PAGE = template(__file__, "home")
_CONNECTED = template(__file__, "connected_banks")

_WHAT_WILL_HAPPEN = (
    "You will be taken to your bank, and brought back here. You can disconnect at any"
    " time. If your browser warned you of this page, it will warn you there once more:"
    " the bank's certificate, too, is this test bed's own."
)
_WHAT_IT_SHOWS = (
    " shows what they do while they do it: what crosses the wire, which certificate,"
    " which hash, which rule, and who decides. Keep it open beside this page."
)


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
        session = current_session(request)
        connections = await connections_of(session, self.store)
        content = filled(
            _PAGE,
            yours=self._yours(connections, session),
            issuer=self.site.issuer,
            resource=self.resource,
            origin=self.site.origin,
            walkthrough=self._walkthrough(),
        )
        return self.site.answer("Your accounts", content, current="/", session=session)

    def _walkthrough(self) -> Flattenable:
        url = self.site.walkthrough_url
        return [tags.a("The walk-through", href=url), _WHAT_IT_SHOWS] if url else ""

    def _yours(
        self, connections: list[Connection], session: BrowserSession
    ) -> Flattenable:
        if not connections:
            label = f"Connect {self.site.bank}"
            return connect_panel(session, label, _WHAT_WILL_HAPPEN)
        return filled(
            _CONNECTED,
            banks=[self._bank(each) for each in connections],
            button=connect_form(session, "Connect again"),
        )

    def _bank(self, connection: Connection) -> Flattenable:
        since = spoken_time(connection.connected_at)
        until = spoken_time(connection.expires)
        how_long = f"connected since {since}, until {until}"
        return tags.li(
            tags.strong(self.site.bank), " ", tags.span(how_long, class_="quiet")
        )
