"""What an ordinary client has met in a period: how long, how often in vain."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field

KEPT, NEW, SIGN_IN = KINDS = ("kept", "new", "sign-in")
"""
A request on a kept connection; one with a connection of its own; a customer's name and
password.
"""

LEAST = 5
"""Of each kind, for a median that is not of one moment of the machine."""


@dataclass
class Figures:
    """Seconds of what succeeded, by kind, and why the others did not."""

    seconds: dict[str, list[float]] = field(
        default_factory=lambda: {kind: [] for kind in KINDS}
    )
    failures: list[str] = field(default_factory=list)

    @property
    def asked(self) -> int:
        """How many requests there were."""
        return sum(map(len, self.seconds.values())) + len(self.failures)

    @property
    def suffice(self) -> bool:
        """
        Whether they can be judged by: a median of one or two is chance.

        A failure is judged by itself, and need not be waited with for more.
        """
        enough = all(len(taken) >= LEAST for taken in self.seconds.values())
        return enough or bool(self.failures)

    def median(self, kind: str) -> float:
        """Infinite where nothing succeeded."""
        taken = self.seconds[kind]
        return statistics.median(taken) if taken else math.inf

    def p99(self, kind: str) -> float:
        """Infinite where nothing succeeded."""
        return percentile(self.seconds[kind], 99)


def percentile(taken: Sequence[float], percent: int) -> float:
    """The least that is not exceeded by *percent* of a hundred; nearest rank."""
    if not taken:
        return math.inf
    rank = math.ceil(len(taken) * percent / 100)
    return sorted(taken)[max(rank, 1) - 1]
