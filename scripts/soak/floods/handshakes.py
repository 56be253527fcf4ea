"""Handshakes with a good certificate, one after another, and never a request."""

import asyncio

from scripts.deployment.place import Place, port_of
from scripts.soak.floods.connecting import connected
from scripts.soak.floods.effort import Effort
from scripts.soak.floods.flood import Flood
from scripts.soak.floods.peers import keep_at_it

_PEERS = 16
_AGREED_WITHIN = 5  # seconds to the node's close_notify


async def _run(place: Place, effort: Effort) -> None:
    tls = place.tls("other-tpp")
    ports = (port_of(place.mtls), port_of(place.resource))

    async def attempt(number: int) -> None:
        async with connected(ports[number % 2], tls) as peer:
            # Not before the node has read our certificate, which its answer shows.
            peer.writer.close()
            async with asyncio.timeout(_AGREED_WITHIN):
                await peer.writer.wait_closed()
        effort.done += 1

    effort.up.set()
    await keep_at_it(_PEERS, effort, attempt)


HANDSHAKES = Flood(
    "handshakes",
    "whole handshakes with a client certificate, without a request",
    connections=_PEERS,
    # Half of them at each of the two nodes; an ordinary request goes to either.
    at_a_time=_PEERS // 2,
    most=100_000,
    run=_run,
)
