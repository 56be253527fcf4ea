"""
What the rounds of a run come to.

A machine is not the same from one minute to the next, so a ratio is taken of two
contenders within one round, where they were loaded one after the other, and what counts
is the median of the rounds' ratios.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scripts.bench.figures import Sample

Rounds = Sequence[Mapping[str, Sample]]
"""Of one case: in each round, each contender's sample by its name."""

DOUBTFUL = 0.25
"""The spread from which a median is to be doubted."""


@dataclass(frozen=True, slots=True)
class Median:
    """
    A median, with the least and the most.

    *spread* is their difference as a share of the median.
    """

    middle: float
    least: float
    most: float

    @property
    def spread(self) -> float:
        """0 where all were alike."""
        return (self.most - self.least) / self.middle if self.middle else 0.0

    @property
    def is_doubtful(self) -> bool:
        """Whether the rounds differed by so much that the median says little."""
        return self.spread > DOUBTFUL


def median(values: Sequence[float]) -> Median:
    """
    Of at least one value.

    Raises:
        ValueError: there is none.
    """
    if not values:
        raise ValueError("no round was gone through")
    return Median(statistics.median(values), min(values), max(values))


def of(rounds: Rounds, name: str, figure: Callable[[Sample], float]) -> Median:
    """
    The *figure* of *name*.

    Raises:
        ValueError: it was in no round.
    """
    return median([figure(each[name]) for each in rounds if name in each])


def ratio(
    rounds: Rounds, name: str, other: str, figure: Callable[[Sample], float]
) -> Median | None:
    """The *figure* of *name* by that of *other*, by rounds; None without a pair."""
    pairs = [
        (figure(each[name]), figure(each[other]))
        for each in rounds
        if name in each and other in each
    ]
    ratios = [own / others for own, others in pairs if others > 0]
    return median(ratios) if ratios else None
