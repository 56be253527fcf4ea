"""Peers that drip: a handshake, header fields or a body, an octet at a time."""

import asyncio
import itertools
from contextlib import AsyncExitStack

from scripts.soak.floods.connecting import Peer, connected
from scripts.soak.floods.effort import Effort
from scripts.soak.floods.flood import Flood
from scripts.soak.floods.peers import keep_at_it
from scripts.soak.place import Place, port_of

_PEERS = 300
_OPENING = 8  # of them at a time
_BETWEEN_OCTETS = 0.5  # seconds

# What each kind sends at once before it drips. The first is the beginning of a
# ClientHello that announces 512 octets (RFC 8446 sections 4.1.2 and 5.1).
_HELLO = bytes.fromhex("1603010200010001fc0303")
_FIELDS = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
_BODY = (
    b"POST /token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\n\r\n"
)


async def _run(place: Place, effort: Effort) -> None:
    tls = place.tls(None)
    kinds = ((None, _HELLO), (tls, _FIELDS), (tls, _BODY))
    ports = (port_of(place.mtls), port_of(place.resource))
    opening = asyncio.Semaphore(_OPENING)
    opened = itertools.count(1)

    async def attempt(number: int) -> None:
        context, beginning = kinds[number % len(kinds)]
        async with AsyncExitStack() as stack:
            async with opening:
                connecting = connected(ports[number % 2], context)
                peer = await stack.enter_async_context(connecting)
                await peer.send(beginning)
            if next(opened) >= _PEERS:
                effort.up.set()
            await _until_ended(peer, effort)

    await keep_at_it(_PEERS, effort, attempt)


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
