"""
Wrong names and passwords by peers that are gone before there is an answer.

What is worked out for nobody has to be given up, or to count until it is at its end:
else hanging up is how to have more hashed at the same time than is allowed.
"""

from scripts.deployment.place import Place
from scripts.soak.floods.effort import Effort
from scripts.soak.floods.flood import Flood
from scripts.soak.floods.guessing import guesses
from scripts.soak.floods.peers import keep_at_it

_PEERS = 32


async def _run(place: Place, effort: Effort) -> None:
    guessing = await guesses(place)

    async def attempt(_: int) -> None:
        async with guessing.somewhere() as peer:
            await guessing.ask(peer)
        effort.done += 1

    effort.up.set()
    await keep_at_it(_PEERS, effort, attempt)


HUNG_UP_SIGN_INS = Flood(
    "hang-ups",
    "wrong names and passwords, by peers that do not wait for an answer",
    connections=_PEERS,
    at_a_time=_PEERS,
    most=50_000,
    run=_run,
)
