"""Peers that drip: a handshake, header fields or a body, an octet at a time."""

import asyncio
import itertools
from contextlib import AsyncExitStack

from scripts.deployment.place import Place, port_of
from scripts.soak.floods.connecting import Peer, connected, request
from scripts.soak.floods.effort import Effort
from scripts.soak.floods.flood import Flood
from scripts.soak.floods.peers import keep_at_it

_PEERS = 300
_OPENING = 8  # of them at a time
_BETWEEN_OCTETS = 0.5  # seconds

# What each kind sends at once before it drips. The first is the beginning of a
# ClientHello that announces 512 octets (RFC 8446 sections 4.1.2 and 5.1).
_HELLO = bytes.fromhex("1603010200010001fc0303")
_FORM = "Content-Type: application/x-www-form-urlencoded"


async def _run(place: Place, effort: Effort) -> None:
    tls = place.tls(None)
    nodes = (place.mtls, place.resource)
    opening = asyncio.Semaphore(_OPENING)
    opened = itertools.count(1)

    async def attempt(number: int) -> None:
        node = nodes[number % len(nodes)]
        kinds = ((None, _HELLO), (tls, _fields(node)), (tls, _body(node)))
        context, beginning = kinds[number % len(kinds)]
        async with AsyncExitStack() as stack:
            async with opening:
                connecting = connected(port_of(node), context)
                peer = await stack.enter_async_context(connecting)
                await peer.send(beginning)
            if next(opened) >= _PEERS:
                effort.up.set()
            await _until_ended(peer, effort)

    await keep_at_it(_PEERS, effort, attempt)


def _fields(node: str) -> bytes:
    """A request whose last field does not end."""
    return request("GET", f"{node}/", "X-Slow: ").removesuffix(b"\r\n\r\n")


def _body(node: str) -> bytes:
    """A request with a body of which nothing has come."""
    return request("POST", f"{node}/token", _FORM, "Content-Length: 60000")


async def _until_ended(peer: Peer, effort: Effort) -> None:
    """An octet now and then, until the node has enough."""
    while not peer.reader.at_eof():
        await peer.send(b"a")
        effort.done += 1
        await asyncio.sleep(_BETWEEN_OCTETS)


SLOW_PEERS = Flood(
    "slow",
    "peers that drip a handshake, header fields or a body, two octets a second",
    connections=_PEERS,
    at_a_time=1,
    most=10_000,
    run=_run,
)
