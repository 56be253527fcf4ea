"""A refusal that a customer reads: words, a way on, and no server's voice in it."""

from dataclasses import replace

from twisted.web.template import Flattenable

from client_node.web.journey.browser_session import (
    BrowserSession,
    current_session,
)
from client_node.web.journey.customer_access import AccessEnded
from client_node.web.journey.error_messages import Words, words_for
from client_node.web.pages.forms import connect_form, renew_form
from client_node.web.pages.site import Site
from pki.html.templates import filled, template
from pki.http.messages import Fields, Refusal, Request, Response
from pki.node.store_away import RETRY_AFTER

_PAGE = template(__file__, "explained")


class Explained(Refusal):
    """
    A page of *words* instead of what was asked for.

    *detail* is for the operator's log; it may hold what a server wrote. *ended* is
    the connection that may be renewed, if it is about one.
    """

    def __init__(
        self,
        site: Site,
        request: Request,
        words: Words,
        detail: str = "",
        headers: Fields = (),
        *,
        ended: str = "",
    ) -> None:
        super().__init__(detail or words.heading)
        self._site = site
        # The way on is a form, and a form needs a session: after a lost cookie too.
        self._session = current_session(request)
        self._words = words
        self._headers = headers
        self._ended = ended

    def response(self) -> Response:
        """The page."""
        content = filled(
            _PAGE,
            heading=self._words.heading,
            text=self._words.text,
            connect=way_on(self._session, self._words, self._ended),
        )
        page = self._site.answer(
            self._words.heading,
            content,
            status=self._words.status,
            session=self._session,
        )
        later = RETRY_AFTER if self._words.status == 503 else ()
        return replace(page, headers=(*page.headers, *self._headers, *later))


def explained(site: Site, request: Request, error: Exception) -> Explained:
    """The refusal for one of `error_messages.KNOWN`."""
    detail = f"{type(error).__name__}: {error}"
    return Explained(
        site, request, words_for(error), detail, ended=ended_connection(error)
    )


def ended_connection(error: Exception) -> str:
    """The connection that it may help to renew; empty where there is none."""
    return error.connection_id if isinstance(error, AccessEnded) else ""


def way_on(session: BrowserSession, words: Words, ended: str = "") -> Flattenable:
    """
    The button to connect again, where that is the way on.

    Above it one to renew the connection *ended*, if there is one: its consent may
    still be there, and then nothing has to be chosen anew.
    """
    renew = renew_form(session, ended) if ended else ""
    if not words.connect_again:
        return renew
    return [renew, connect_form(session, "Connect your bank again")]
