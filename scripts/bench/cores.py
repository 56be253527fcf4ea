"""
Which core does what, and how long: Linux's affinity, and its `/proc`.

The load and its preparation are on one core, every process of the servers on the
other. A process that a server starts inherits its core, and its session tells whose it
is.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.deployment import memory

_TICKS = os.sysconf("SC_CLK_TCK")
# Of what follows the name in proc(5)'s stat; the last two are of children that ended.
_SESSION, _TIMES = 3, slice(11, 15)


class TooFewCores(Exception):
    """There is one, so server and load would measure each other."""


def two_cores() -> tuple[int, int]:
    """
    The server's core and the load's, of those that this process may use.

    Raises:
        TooFewCores: it may use one.
    """
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise TooFewCores("two processor cores are needed, for server and load")
    return cores[0], cores[1]


@contextmanager
def on_core(core: int) -> Iterator[None]:
    """What is started here runs on *core*, with all that it starts itself."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def processes(sessions: Iterable[int]) -> list[int]:
    """Every process of these sessions."""
    wanted = set(sessions)
    return [
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if (stat := _stat(folder)) and int(stat[_SESSION]) in wanted
    ]


def seconds_used(sessions: Iterable[int]) -> float:
    """Processor time of these sessions so far, in steps of a hundredth of a second."""
    ticks = 0
    for pid in processes(sessions):
        stat = _stat(Path(f"/proc/{pid}"))
        if stat:
            ticks += sum(map(int, stat[_TIMES]))
    return ticks / _TICKS


def resident(sessions: Iterable[int]) -> int:
    """Bytes of memory of these sessions."""
    return sum(memory.resident(pid) or 0 for pid in processes(sessions))


def _stat(folder: Path) -> list[str]:
    """The fields behind the name, which may hold anything; none if it has gone."""
    try:
        text = (folder / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()
