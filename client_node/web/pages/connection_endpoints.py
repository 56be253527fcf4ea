"""To the bank and back, and the end: what changes something, and shows no page."""

from dataclasses import dataclass

from client_node.oauth.authorization.authorization_response import (
    RESPONSE_ISSUER,
    judge_authorization_response,
)
from client_node.oauth.authorization.id_token import ID_TOKEN, verify_id_token
from client_node.web.journey.browser_session import (
    BrowserSession,
    find_own_form,
    find_session,
)
from client_node.web.journey.connecting import Connecting
from client_node.web.journey.disconnecting import Disconnecting
from client_node.web.journey.error_messages import (
    NO_COOKIE,
    NO_SUCH_CONNECTION,
    NOT_OUR_FORM,
)
from client_node.web.pages.error_page import Explained
from client_node.web.pages.site import Site
from client_node.web.store.records import Connection
from client_node.web.store.store import WebStore
from pki.http.messages import NO_STORE, Fields, Request, Response


@dataclass(frozen=True, slots=True)
class ConnectionEndpoints:
    """Each answers with 303: a reload does nothing twice."""

    site: Site
    store: WebStore
    connecting: Connecting
    disconnecting: Disconnecting

    async def connect(self, request: Request) -> Response:
        """POST /connect: on to the bank, with `client_id` and `request_uri` only."""
        session, _ = self._own_form(request)
        url = await self.connecting.begin(session)
        return _see_other(url, (session.cookie,))

    async def renew(self, request: Request) -> Response:
        """POST /renew: on to the bank, to sign in again for the same consent."""
        session, connection = await self._own_connection(request)
        url = await self.connecting.renew(session, connection)
        return _see_other(url, (session.cookie,))

    async def callback(self, request: Request) -> Response:
        """GET /callback: the way back, whatever the browser brings."""
        session = find_session(request)
        if session is None:
            raise Explained(self.site, request, NO_COOKIE)
        connection = await self.connecting.complete(session, request.query)
        _say_what_was_accepted(request, connection)
        return _see_other("/accounts", (session.cookie,))

    async def disconnect(self, request: Request) -> Response:
        """POST /disconnect: what is shared ends, as far as the bank can be reached."""
        _, connection = await self._own_connection(request)
        outcome = await self.disconnecting.end(connection)
        return _see_other(f"/consents?ended={outcome.ended}")

    async def _own_connection(
        self, request: Request
    ) -> tuple[BrowserSession, Connection]:
        """
        The session, and the connection of it that the form names.

        Raises:
            Explained: it is no form of ours, or names none.
        """
        session, connection_id = self._own_form(request)
        connection = await self.store.find_connection(session.sha256, connection_id)
        if connection is None:
            raise Explained(self.site, request, NO_SUCH_CONNECTION)
        request.journal.about(consent=connection.consent_id)
        return session, connection

    def _own_form(self, request: Request) -> tuple[BrowserSession, str]:
        """
        The session, and the connection the form names, if any.

        Raises:
            Explained: it is no form of ours.
        """
        session = find_session(request)
        form = find_own_form(request, session, self.site.origin)
        if session is None or form is None:
            raise Explained(self.site, request, NOT_OUR_FORM)
        return session, form.get("connection", "")


def _say_what_was_accepted(request: Request, connection: Connection) -> None:
    """What `Connecting.complete` verified, for the log and the recording."""
    issuer, consent_id = connection.issuer, connection.consent_id
    request.journal.about(issuer=issuer, consent=consent_id)
    request.journal.accepted(
        RESPONSE_ISSUER,
        judge_authorization_response,
        expected=issuer,
        presented=issuer,
    )
    request.journal.accepted(
        ID_TOKEN,
        verify_id_token,
        expected=consent_id,
        presented=consent_id,
    )


def _see_other(location: str, more: Fields = ()) -> Response:
    """RFC 9700 section 4.12: 303, so that no form is sent on."""
    return Response(303, (("Location", location), *NO_STORE, *more))
