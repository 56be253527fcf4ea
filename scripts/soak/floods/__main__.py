"""
One flood, in a process of its own: of `make soak`, and of nothing else.

Writes `up` when it floods and what it has done in the end, which comes when its
standard input does, or after the seconds it is given.
"""

import argparse
import asyncio
import json
import resource
import sys
from contextlib import suppress
from pathlib import Path

from scripts.deployment.place import Place
from scripts.soak.floods.effort import Effort
from scripts.soak.floods.flood import Flood
from scripts.soak.floods.kinds import FLOODS


def main() -> None:
    """Flood the nodes that the arguments name."""
    parser = argparse.ArgumentParser(prog="python -m scripts.soak.floods")
    parser.add_argument("name", choices=FLOODS)
    parser.add_argument("place", type=json.loads)
    parser.add_argument("longest", type=float, metavar="SECONDS")
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    place = Place(**{**options.place, "issued": Path(options.place["issued"])})
    asyncio.run(_flood(FLOODS[options.name], place, options.longest))


async def _flood(flood: Flood, place: Place, longest: float) -> None:
    effort = Effort(flood.most)
    with suppress(TimeoutError):
        async with asyncio.timeout(longest), asyncio.TaskGroup() as group:
            going = group.create_task(_all_of_it(flood, place, effort))
            saying = group.create_task(_say_when_up(effort))
            await _end_of_input()
            going.cancel()
            saying.cancel()
    with suppress(BrokenPipeError):  # nobody is left to be told
        print(json.dumps({"done": effort.done, "refused": effort.refused}), flush=True)


async def _all_of_it(flood: Flood, place: Place, effort: Effort) -> None:
    await flood.run(place, effort)
    effort.up.set()


async def _say_when_up(effort: Effort) -> None:
    await effort.up.wait()
    print("up", flush=True)


async def _end_of_input() -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    await reader.read()


if __name__ == "__main__":
    main()
