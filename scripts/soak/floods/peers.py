"""Many peers at once, each trying again as soon as its last attempt is over."""

import asyncio
from collections.abc import Awaitable, Callable

from scripts.soak.floods.effort import Effort

Attempt = Callable[[int], Awaitable[None]]
"""One attempt of the peer of this number."""

ENDED = (OSError, EOFError, asyncio.LimitOverrunError)
"""What an attempt meets where the node ends it: TLS alerts are `OSError` too."""


async def keep_at_it(count: int, effort: Effort, attempt: Attempt) -> None:
    """
    *count* peers, until *effort* is used up.

    What is done is counted by *attempt*, what the node ends here.
    """
    async with asyncio.TaskGroup() as group:
        for number in range(count):
            group.create_task(_keep_at_it(number, effort, attempt))


async def _keep_at_it(number: int, effort: Effort, attempt: Attempt) -> None:
    while effort.take():
        try:
            await attempt(number)
        except ENDED:
            effort.refused += 1
            await asyncio.sleep(0)  # others too, where it fails at once
