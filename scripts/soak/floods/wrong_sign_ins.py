"""
Wrong names and passwords at the bank's sign-in page, from many addresses.

Each guess is at another name and each peer changes its address before it is slowed
down: all of 127.0.0.0/8 is at hand on Linux, as many addresses are to who has a
botnet. Elsewhere they have to be given to the loopback interface first.
"""

import asyncio
import itertools
from functools import partial

from pki.http.answers import Answer
from pki.http.messages import Fields
from scripts.headless.browser import Browser
from scripts.headless.page import Page
from scripts.soak.asking import Asking
from scripts.soak.floods.connecting import Peer, connected, request
from scripts.soak.floods.effort import Effort
from scripts.soak.floods.flood import Flood
from scripts.soak.floods.peers import keep_at_it
from scripts.soak.place import Place, port_of
from scripts.soak.sign_in import PATH, push

_PEERS = 200
_FROM_ONE_ADDRESS = 20  # guesses: fewer than what an address is let do at once
_ADDRESSES = 200 * 200 * 200


async def _run(place: Place, effort: Effort) -> None:
    browser, page = await _sign_in_page(place)
    tls = place.tls(None)
    addresses, names = itertools.count(), itertools.count()

    async def attempt(_: int) -> None:
        source = address(next(addresses))
        async with connected(port_of(place.issuer), tls, source=source) as peer:
            guessing = Browser(partial(_sent, peer), cookies=browser.cookies)
            for _ in range(_FROM_ONE_ADDRESS):
                guess = {"username": f"customer-{next(names)}", "password": "guess"}
                answer = await guessing.send_form(page, PATH, guess)
                if answer.status in {429, 503}:
                    effort.refused += 1
                else:
                    effort.done += 1

    effort.up.set()
    await keep_at_it(_PEERS, effort, attempt)


async def _sign_in_page(place: Place) -> tuple[Browser, Page]:
    """The page whose form all of them send, and the browser that has it."""
    with Asking(place.tls("other-tpp")) as pushing, Asking(place.tls(None)) as asking:

        async def send(method: str, url: str, fields: Fields, body: bytes) -> Answer:
            return await asyncio.to_thread(asking.ask, method, url, fields, body)

        browser = Browser(send)
        return browser, await browser.open(push(pushing, place))


async def _sent(
    peer: Peer, method: str, url: str, fields: Fields, body: bytes
) -> Answer:
    """The status of what is answered; no more is looked at."""
    lines = (f"{name}: {value}" for name, value in fields)
    await peer.send(request(method, PATH, *lines, body=body))
    answer = await peer.answer()
    return Answer(int(answer.split(b" ", 2)[1]), {}, b"")


def address(number: int) -> str:
    """One of many addresses of loopback, from 127.1.1.1 on."""
    number %= _ADDRESSES
    return f"127.{number // 40_000 + 1}.{number // 200 % 200 + 1}.{number % 200 + 1}"


WRONG_SIGN_INS = Flood(
    "sign-ins",
    "wrong names and passwords from many addresses",
    connections=_PEERS,
    at_a_time=_PEERS,
    most=50_000,
    run=_run,
)
