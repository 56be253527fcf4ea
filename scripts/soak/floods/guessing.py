"""
Guesses at names and passwords, from as many addresses as are wanted.

All of 127.0.0.0/8 is at hand on Linux, as many addresses are to whoever has a botnet.
Elsewhere they have to be given to the loopback interface first.
"""

import asyncio
import itertools
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pki.http.answers import Answer
from pki.http.messages import Fields
from scripts.deployment.place import Place, port_of
from scripts.headless.browser import Browser, Send
from scripts.headless.page import Page
from scripts.soak.asking import Asking
from scripts.soak.floods.connecting import Peer, connected, request
from scripts.soak.sign_in import CLIENT, PATH, push

_ADDRESSES = 200 * 200 * 200


@dataclass
class Guesses:
    """Each is at another name, by the form of a *page* that *browser* was given."""

    place: Place
    browser: Browser
    page: Page
    tls: ssl.SSLContext
    _names: Iterator[int] = field(default_factory=itertools.count)
    _addresses: Iterator[int] = field(default_factory=itertools.count)

    @asynccontextmanager
    async def somewhere(self) -> AsyncIterator[Peer]:
        """A connection from an address that has not guessed yet."""
        source, port = address(next(self._addresses)), port_of(self.place.issuer)
        async with connected(port, self.tls, source=source) as peer:
            yield peer

    async def guess(self, peer: Peer) -> int:
        """The status of what is answered."""
        await self.ask(peer)
        return await peer.answer()

    async def ask(self, peer: Peer) -> None:
        """Only ask, and leave open what is answered."""

        async def send(method: str, url: str, fields: Fields, body: bytes) -> Answer:
            lines = (f"{name}: {value}" for name, value in fields)
            await peer.send(request(method, url, *lines, body=body))
            return Answer(0, {}, b"")

        guessing = Browser(send, cookies=self.browser.cookies)
        filled_in = {"username": f"customer-{next(self._names)}", "password": "guess"}
        await guessing.send_form(self.page, PATH, filled_in)


async def guesses(place: Place) -> Guesses:
    """Pushes a request and opens the bank's sign-in page."""
    with Asking(place.tls(CLIENT)) as pushing, Asking(place.tls(None)) as asking:
        browser = Browser(_in_thread(asking))
        page = await browser.open(push(pushing, place))
    return Guesses(place, browser, page, place.tls(None))


def address(number: int) -> str:
    """One of many addresses of loopback, from 127.1.1.1 on."""
    number %= _ADDRESSES
    return f"127.{number // 40_000 + 1}.{number // 200 % 200 + 1}.{number % 200 + 1}"


def _in_thread(asking: Asking) -> Send:
    async def send(method: str, url: str, fields: Fields, body: bytes) -> Answer:
        return await asyncio.to_thread(asking.ask, method, url, fields, body)

    return send
