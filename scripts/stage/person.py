"""
A person at a browser, without the screen: follows, reads pages, fills in forms.

She knows pages by what is on them, and nothing of the servers' code.
"""

import re
from collections.abc import Mapping

from client_node.oauth.requests.identity import Identity
from pki.http.answers import Answer
from pki.http.messages import Fields
from scripts.headless.browser import Browser, Send, origin_of
from scripts.headless.page import NotOnThePage, Page

_SHOWN_CODE = re.compile(r"\b(\d{3}) (\d{3})\b")
_NEXT_CODE = re.compile(r"The next one comes within (\d+) seconds")


class Person:
    """
    Who she is to the network is an *identity* without a certificate.

    A redirect is followed only within an origin, so the one that leads back to the
    client is what she ends with.
    """

    def __init__(self, identity: Identity) -> None:
        self._browser = Browser(_as_the_story_has_it(identity))
        self._page: Page | None = None

    @property
    def page(self) -> Page:
        """
        Where she is.

        Raises:
            NotOnThePage: nowhere yet.
        """
        if self._page is None:
            raise NotOnThePage("no page is open")
        return self._page

    async def open(self, url: str) -> Answer:
        """Go there; the answer as it comes, a redirect not followed."""
        return self._arrive(await self._browser.get(url))

    async def follow(self) -> Answer:
        """Follow redirects as far as they stay within the origin."""
        return self._arrive(await self._browser.follow(self.page))

    async def submit(
        self, path: str, values: Mapping[str, str], *, tick_all: bool = False
    ) -> Answer:
        """
        Fill in the form that goes to *path*, and send it; no redirect is followed.

        Raises:
            NotOnThePage: there is none.
        """
        ticked = self.page.form(path).boxes if tick_all else {}
        filled_in = {**ticked, **values}
        return self._arrive(await self._browser.send_form(self.page, path, filled_in))

    @property
    def leads_to(self) -> str | None:
        """Where the last answer redirects to."""
        return self.page.leads_to

    def sees_form(self, path: str) -> bool:
        """Whether there is a form that goes to *path*."""
        return path in self.page.forms

    def find_shown_code(self) -> str | None:
        """The code that a test bank shows beside the field for it, if it shows one."""
        found = _SHOWN_CODE.search(self.page.text)
        return None if found is None else found[1] + found[2]

    def seconds_to_the_next_code(self) -> int:
        """
        How long it takes where all codes of this moment are used.

        Raises:
            NotOnThePage: the page does not say.
        """
        found = _NEXT_CODE.search(self.page.text)
        if found is None:
            raise NotOnThePage("no code, and none is announced")
        return int(found[1])

    def _arrive(self, page: Page) -> Answer:
        self._page = page
        return page.answer


def _as_the_story_has_it(identity: Identity) -> Send:
    """Each request names the bank's origin, and says no more of the page before it."""

    async def send(method: str, url: str, fields: Fields, body: bytes) -> Answer:
        hidden = {"Origin", "Sec-Fetch-Site"}
        accept, *others = [each for each in fields if each[0] not in hidden]
        told = (accept, ("Origin", origin_of(url)), *others)
        return await identity.send(method, url, told, body)

    return send
