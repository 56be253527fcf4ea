"""Certificate chains that are expensive to verify, from a few peers."""

import tempfile
from pathlib import Path

from scripts.deployment.place import Place, port_of
from scripts.soak.floods.chains import contexts
from scripts.soak.floods.connecting import connected, request
from scripts.soak.floods.effort import Effort
from scripts.soak.floods.flood import Flood
from scripts.soak.floods.peers import keep_at_it

_PEERS = 4
_FORM = "Content-Type: application/x-www-form-urlencoded"


async def _run(place: Place, effort: Effort) -> None:
    # As a name that is registered: one that is not is refused before its certificate.
    body = b"grant_type=client_credentials&client_id=banking-client&scope=accounts"
    octets = request("POST", f"{place.mtls}/token", _FORM, body=body)
    with tempfile.TemporaryDirectory(dir=place.issued) as folder:
        chains = contexts(Path(folder), place.issued / "server-roots.pem")

    async def attempt(number: int) -> None:
        tls = chains[number % len(chains)]
        async with connected(port_of(place.mtls), tls) as peer:
            await peer.send(octets)
            await peer.answer()
        effort.done += 1

    effort.up.set()
    await keep_at_it(_PEERS, effort, attempt)


HOSTILE_CHAINS = Flood(
    "chains",
    "client chains of RSA keys with public exponents as long as their moduli",
    connections=_PEERS,
    at_a_time=_PEERS,
    most=20_000,
    run=_run,
)
