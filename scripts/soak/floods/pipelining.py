"""Requests without end on one connection, whose answers are never read."""

import asyncio

from scripts.deployment.place import Place, port_of
from scripts.soak.floods.connecting import connected, request
from scripts.soak.floods.effort import Effort
from scripts.soak.floods.flood import Flood
from scripts.soak.floods.peers import keep_at_it

_PEERS = 30
_IN_ONE_PIECE = 500  # requests: more than fit into one read of the node
_GIVES_UP = 3_600  # seconds: whoever reads nothing is in no hurry


async def _run(place: Place, effort: Effort) -> None:
    urls = (
        f"{place.issuer}/.well-known/oauth-authorization-server",
        f"{place.mtls}/.well-known/oauth-authorization-server",
        f"{place.resource}/.well-known/oauth-protected-resource",
        f"{place.client}/",
    )
    tls = place.tls(None)

    async def attempt(number: int) -> None:
        url = urls[number % len(urls)]
        octets = request("GET", url) * _IN_ONE_PIECE
        async with connected(port_of(url), tls) as peer:
            while effort.take():
                await peer.send(octets)
                effort.done += _IN_ONE_PIECE
            await asyncio.sleep(_GIVES_UP)

    effort.up.set()
    await keep_at_it(_PEERS, effort, attempt)


PIPELINING = Flood(
    "pipelining",
    "requests one behind the other, answers never read",
    connections=_PEERS,
    at_a_time=_PEERS // 2,
    most=20_000,
    run=_run,
)
