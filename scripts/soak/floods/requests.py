"""
Good token requests as fast as they are answered, on kept connections.

No attack: what a busy neighbour does, beside which the other figures can be read.
"""

from scripts.deployment.place import Place, port_of
from scripts.soak.floods.connecting import connected, request
from scripts.soak.floods.effort import Effort
from scripts.soak.floods.flood import Flood
from scripts.soak.floods.peers import keep_at_it

_PEERS = 8
_CLIENT = "other-tpp"
_FORM = "Content-Type: application/x-www-form-urlencoded"
_ON_ONE_CONNECTION = 100


async def _run(place: Place, effort: Effort) -> None:
    tls = place.tls(_CLIENT)
    body = f"grant_type=client_credentials&client_id={_CLIENT}&scope=accounts"
    octets = request("POST", f"{place.mtls}/token", _FORM, body=body.encode())

    async def attempt(_: int) -> None:
        async with connected(port_of(place.mtls), tls) as peer:
            for _ in range(_ON_ONE_CONNECTION):
                await peer.send(octets)
                if await peer.answer() == 200:
                    effort.done += 1
                else:
                    effort.refused += 1

    effort.up.set()
    await keep_at_it(_PEERS, effort, attempt)


REQUESTS = Flood(
    "requests",
    f"good token requests, {_ON_ONE_CONNECTION} on a connection (no attack)",
    connections=_PEERS,
    at_a_time=_PEERS,
    most=5_000,
    run=_run,
)
