"""Wrong names and passwords at the bank's sign-in page, from many addresses."""

from scripts.deployment.place import Place
from scripts.soak.floods.effort import Effort
from scripts.soak.floods.flood import Flood
from scripts.soak.floods.guessing import guesses
from scripts.soak.floods.peers import keep_at_it

_PEERS = 200
_FROM_ONE_ADDRESS = 20  # guesses: fewer than what an address is let do at once


async def _run(place: Place, effort: Effort) -> None:
    guessing = await guesses(place)

    async def attempt(_: int) -> None:
        async with guessing.somewhere() as peer:
            for _ in range(_FROM_ONE_ADDRESS):
                if await guessing.guess(peer) == 403:  # looked at, and wrong
                    effort.done += 1
                else:
                    effort.refused += 1

    effort.up.set()
    await keep_at_it(_PEERS, effort, attempt)


WRONG_SIGN_INS = Flood(
    "sign-ins",
    "wrong names and passwords from many addresses",
    connections=_PEERS,
    # The others wait for a password to be hashed, in threads: the node is free.
    at_a_time=_PEERS // 2,
    most=5_000,
    run=_run,
)
