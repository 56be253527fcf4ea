"""Connections that say nothing at all: as many as the limits allow, up to 10 000."""

import asyncio
import itertools
import resource
from contextlib import AsyncExitStack

from scripts.deployment.place import Place, port_of
from scripts.soak.floods.connecting import connected
from scripts.soak.floods.effort import Effort
from scripts.soak.floods.flood import Flood
from scripts.soak.floods.peers import ENDED

_MOST = 10_000
_RESERVE = 500  # descriptors that a process needs for other things
_OPENING = 32  # at a time: fewer than a listener's backlog


def allowed(descriptors: int) -> int:
    """How many connections a process with so many file descriptors may hold."""
    return max(0, min(_MOST, descriptors - _RESERVE))


def descriptors() -> int:
    """The hard limit, which a process may give itself (RLIMIT_NOFILE)."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return _MOST + _RESERVE if hard == resource.RLIM_INFINITY else hard


async def hold(ports: tuple[int, ...], effort: Effort) -> None:
    """Open what *effort* allows, in turn to each of *ports*, and keep all of it."""
    turn = itertools.cycle(ports)
    async with AsyncExitStack() as held:

        async def open_them() -> None:
            while effort.take():
                try:
                    await held.enter_async_context(connected(next(turn), None))
                except ENDED:
                    effort.refused += 1
                else:
                    effort.done += 1

        async with asyncio.TaskGroup() as group:
            for _ in range(_OPENING):
                group.create_task(open_them())
        effort.up.set()
        await asyncio.Event().wait()


async def _run(place: Place, effort: Effort) -> None:
    await hold((port_of(place.mtls), port_of(place.resource)), effort)


IDLE_CONNECTIONS = Flood(
    "idle",
    "connections that never say a word",
    connections=allowed(descriptors()),
    at_a_time=1,
    most=allowed(descriptors()),
    run=_run,
)
