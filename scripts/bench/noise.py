"""
How much of a core is ours: the same work, again and again.

On a machine that does nothing else the fastest and the median time of a piece of work
hardly differ. Where others work too, or the host of a virtual machine takes its
processors away, they do, and no figure is worth much.
"""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.bench.cores import on_core

BUSY = 0.15
"""The share of a core that may be lost before it is said: rounds differ by as much."""

_PIECES = 40
_LENGTH = 60_000  # turns of an empty loop: some milliseconds


@dataclass(frozen=True, slots=True)
class Noise:
    """*lost* is the share of each core that was not ours; *load* is uptime(1)'s."""

    lost: dict[int, float]
    load: float

    @property
    def is_busy(self) -> bool:
        """Whether figures that are taken now are to be doubted."""
        return any(share > BUSY for share in self.lost.values())


def measured(cores: Sequence[int]) -> Noise:
    """Some tenths of a second on each of *cores*."""
    lost = {}
    for core in cores:
        with on_core(core):
            lost[core] = share_lost([_piece() for _ in range(_PIECES)])
    return Noise(lost, float(Path("/proc/loadavg").read_text().split()[0]))


def share_lost(pieces: Sequence[tuple[float, float]]) -> float:
    """
    The share of the time that was not ours.

    *pieces* are pairs of how long a piece of work took, and how much processor time of
    ours that was. Another process shows as the difference of the two; a host that takes
    the processor away is not seen by this machine's clocks and shows as pieces that
    needed more than the fastest.
    """
    taken = sum(wall for wall, _ in pieces)
    fastest = min(wall for wall, _ in pieces)
    waited = 1 - sum(own for _, own in pieces) / taken
    slowed = 1 - fastest / statistics.median(wall for wall, _ in pieces)
    return max(0.0, waited, slowed)


def _piece() -> tuple[float, float]:
    wall, own = time.perf_counter(), time.process_time()
    for _ in range(_LENGTH):
        pass
    return time.perf_counter() - wall, time.process_time() - own
