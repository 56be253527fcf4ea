"""The page of what was shared, and until when."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from twisted.web.template import Flattenable, tags

from client_node.open_banking.consent_request import AUTHORISED
from client_node.web.journey.bank import BANK_FAILURES, Bank
from client_node.web.journey.browser_session import (
    BrowserSession,
    connections_of,
    current_session,
)
from client_node.web.pages.formatting import spoken_permission, spoken_time
from client_node.web.pages.forms import connect_panel, hidden_fields, renew_form
from client_node.web.pages.site import Site
from client_node.web.store.records import Connection
from client_node.web.store.store import WebStore
from pki.html.templates import filled, template
from pki.http.messages import Request, Response

_CONSENT = template(__file__, "consent")
_DISCONNECT = template(__file__, "disconnect")

# After /disconnect; the address says which of these is shown, and nothing else.
_NOTICES = {
    "yes": "Disconnected. Your bank has deleted your consent, and the keys it gave us"
    " are void.",
    "no": "Your bank was away, so nothing could be ended yet. Please try again.",
    "partly": "Disconnected, as far as it could be done just now. What remains is said"
    " below.",
}


@dataclass(frozen=True, slots=True)
class ConsentsPage:
    """Each consent as it was given, and how it stands at the bank now."""

    site: Site
    store: WebStore
    bank: Bank
    clock: Callable[[], float]

    async def answer(self, request: Request) -> Response:
        """GET /consents."""
        if elsewhere := self.site.elsewhere(request):
            return elsewhere
        session = current_session(request)
        connections = await connections_of(session, self.store)
        cards = [await self._card(each, session) for each in connections]
        notice = _notice(dict(parse_qsl(request.query)).get("ended", ""))
        content = [
            tags.h1("What you share"),
            notice,
            cards or self._nothing_shared(session),
        ]
        return self.site.answer(
            "What you share", content, current="/consents", session=session
        )

    def _nothing_shared(self, session: BrowserSession) -> Flattenable:
        words = "You share nothing with us from this browser."
        panel = connect_panel(session, f"Connect {self.site.bank}")
        return [tags.p(words, class_="lead"), panel]

    async def _card(
        self, connection: Connection, session: BrowserSession
    ) -> Flattenable:
        whole, now = connection.is_whole, self.clock()
        permissions = map(spoken_permission, connection.permissions)
        return filled(
            _CONSENT,
            bank=self.site.bank,
            standing=await self._standing(connection) if whole else _rest(connection),
            permissions=[tags.li(each) for each in permissions],
            since=spoken_time(connection.connected_at),
            until=spoken_time(connection.expires),
            consent_id=connection.consent_id,
            renewal=_renewal(connection, session, now),
            ending=self._ending(connection, session),
        )

    def _ending(self, connection: Connection, session: BrowserSession) -> Flattenable:
        """
        The question before it ends, which the browser opens without a script or
        a request; what she has ended in part she is not asked about again.

        A browser that does not know `popover` shows the question where it stands.
        """
        if not connection.is_whole:
            return _disconnect_form(connection, session, "Try to end the rest")
        return filled(
            _DISCONNECT,
            id=f"end-{connection.connection_id}",
            name=self.site.bank,
            form=_disconnect_form(connection, session, "Yes, disconnect"),
        )

    async def _standing(self, connection: Connection) -> str:
        """How it stands, by the bank's word where it can be had."""
        if connection.expires is not None and connection.expires <= self.clock():
            return "Its time is over. Nothing is shared any more."
        try:
            consent = await self.bank.read_consent(connection.consent_id)
        except BANK_FAILURES:
            return "Your bank could not be asked just now how it stands there."
        if consent.status in AUTHORISED:
            return "In force, as your bank says."
        return "No longer in force at your bank. Nothing is shared any more."


def _disconnect_form(
    connection: Connection, session: BrowserSession, label: str
) -> Flattenable:
    return tags.form(
        hidden_fields(session, connection=connection.connection_id),
        tags.button(label, class_="action stop", type="submit"),
        method="post",
        action="/disconnect",
    )


def _notice(ended: str) -> Flattenable:
    """How a disconnection came out, for who was sent here by one."""
    text = _NOTICES.get(ended)
    return tags.p(text, class_="notice", role="status") if text else ""


def _renewal(
    connection: Connection, session: BrowserSession, now: float
) -> Flattenable:
    """That to sign in again is due, where it is, and the way to do it."""
    if not connection.needs_renewal(now):
        return ""
    ends = connection.access_ends
    words = (
        "Your bank wants you to sign in there again before it lets us see more."
        if ends is not None and ends <= now
        else f"Your bank asks you to sign in there again by {spoken_time(ends)}."
    )
    how = " Nothing changes in what you share, or for how long."
    return tags.div(
        tags.p(words, how),
        renew_form(session, connection.connection_id),
        class_="notice",
    )


def _rest(connection: Connection) -> str:
    """What could not be ended."""
    if connection.consent_deleted:
        return (
            "Your bank has deleted your consent, so nothing is shared any more. The"
            " keys it gave us could not be made void yet: its sign-in server was away."
        )
    return (
        "The keys your bank gave us are void, so we see nothing any more. Your consent"
        " is still in your bank's books until it ends: its account server was away."
    )
