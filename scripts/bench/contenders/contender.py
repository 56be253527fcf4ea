"""What is measured: a server that runs, and what it can be asked for."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Protocol

from scripts.bench.contenders.site import Site
from scripts.bench.load.callers import Caller

Work = Callable[[], Sequence[Caller]]
"""Makes the callers of one measurement, with the tokens that they need before."""


class Skipped(Exception):
    """A contender cannot be here; the text says why, in a word."""


@dataclass(frozen=True, slots=True)
class Running:
    """
    A contender that runs.

    *sessions* are those of all its processes, *work* what it does, by the name that a
    case gives to it.
    """

    version: str
    sessions: Sequence[int]
    work: Mapping[str, Work]


class Contender(Protocol):
    """One that can be started."""

    name: str

    def start(self, site: Site, stack: ExitStack) -> Running:
        """
        Set it up and start it, to be stopped at the end of *stack*.

        It has done each of its works once by then, and was found to do what it should.

        Raises:
            Skipped: it cannot be here.
        """
