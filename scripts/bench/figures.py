"""What one contender came to in one round of one case."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

MICROSECONDS = 1e6
BOUND_BY_THE_LOAD = 0.9
"""The share of its core from which the load generator, not the server, is measured."""


@dataclass(frozen=True, slots=True)
class Sample:
    """
    *rate* is pieces of work per second; *p50* and *p99* are seconds from the sending of
    a request to its answer, and with a new connection from its beginning; *cpu* is the
    server's processor time for a piece of work, in seconds; *load* the share of its
    core that the generator needed. *memory* is the server's before and after, in bytes;
    *failures* how many pieces of work failed, and *failure* is the first.
    """

    rate: float
    p50: float
    p99: float
    cpu: float
    load: float
    memory: tuple[int, int]
    done: int
    failures: int
    failure: str = ""

    @property
    def is_bound_by_the_load(self) -> bool:
        """Whether *rate* is less than the server could do."""
        return self.load > BOUND_BY_THE_LOAD


def percentile(taken: Sequence[float], percent: float) -> float:
    """
    The least that is not exceeded by *percent* of a hundred; nearest rank.

    Infinite where nothing was taken.
    """
    if not taken:
        return math.inf
    rank = math.ceil(len(taken) * percent / 100)
    return sorted(taken)[max(rank, 1) - 1]
