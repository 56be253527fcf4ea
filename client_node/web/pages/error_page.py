"""A refusal that a customer reads: words, a way on, and no server's voice in it."""

from dataclasses import replace

from client_node.web.journey.browser_session import (
    BrowserSession,
    find_session,
    new_session,
)
from client_node.web.journey.error_messages import Words, words_for
from client_node.web.pages.layout import Site
from client_node.web.pages.markup import NOTHING, Html, fill
from pki.http.messages import Fields, Refusal, Request, Response


class Explained(Refusal):
    """
    A page of *words* instead of what was asked for.

    *detail* is for the operator's log; it may hold what a server wrote.
    """

    def __init__(
        self,
        site: Site,
        request: Request,
        words: Words,
        detail: str = "",
        headers: Fields = (),
    ) -> None:
        super().__init__(detail or words.heading)
        self._site = site
        self._session = find_session(request)
        self._words = words
        self._headers = headers

    def response(self) -> Response:
        """The page."""
        # The way on is a form, and a form needs a session: after a lost cookie too.
        session = self._session or new_session()
        content = fill(
            "explained",
            heading=self._words.heading,
            text=self._words.text,
            connect=way_on(self._site, session, self._words),
        )
        page = self._site.answer(
            self._words.heading,
            content,
            status=self._words.status,
            session=session if self._session is None else None,
        )
        return replace(page, headers=(*page.headers, *self._headers))


def explained(site: Site, request: Request, error: Exception) -> Explained:
    """The refusal for one of `bank_words.KNOWN`."""
    detail = f"{type(error).__name__}: {error}"
    return Explained(site, request, words_for(error), detail)


def way_on(site: Site, session: BrowserSession, words: Words) -> Html:
    """The button to connect again, where that is the way on."""
    if not words.connect_again:
        return NOTHING
    return site.connect_form(session, "Connect your bank again")
