"""Who asks what: a caller has doors of its own and knows what comes after an answer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import NamedTuple, Protocol

from scripts.bench.load.answers import Answer
from scripts.bench.load.tls import Door


class WrongAnswer(Exception):
    """The server's answer is not the one that is measured; the text says which."""


class Spent(Exception):
    """The caller has nothing more to ask."""


class Step(NamedTuple):
    """A request's *octets*, for one of the caller's doors."""

    door: int
    octets: bytes


class Caller(Protocol):
    """One of many."""

    doors: Sequence[Door]

    def begin(self) -> Step:
        """
        The first request of the next piece of work.

        Raises:
            Spent: there is none.
        """

    def heard(self, answer: Answer) -> Step | None:
        """
        What is asked next, None where the piece of work is done.

        Raises:
            WrongAnswer: so it cannot be done.
        """


@dataclass
class Repeating:
    """
    Asks one request after the other, and from the beginning again.

    Every one of them has to be answered with 200.
    """

    door: Door
    requests: Sequence[bytes]
    doors: Sequence[Door] = field(init=False)
    _next: Iterator[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.doors = (self.door,)
        self._next = cycle(self.requests)

    def begin(self) -> Step:
        """The next of them."""
        return Step(0, next(self._next))

    def heard(self, answer: Answer) -> None:
        """It was all of it."""
        verify_success(answer)


@dataclass
class Once:
    """
    Asks each request once; *listener*, if any, is told each answer's body.

    Its doors are opened before the first, and the work ends with the last.
    """

    door: Door
    requests: Sequence[bytes]
    listener: Callable[[bytes], None] | None = None
    doors: Sequence[Door] = field(init=False)
    _next: Iterator[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.doors = (self.door,)
        self._next = iter(self.requests)

    def begin(self) -> Step:
        """The next one."""
        for octets in self._next:
            return Step(0, octets)
        raise Spent

    def heard(self, answer: Answer) -> None:
        """It was all of it."""
        verify_success(answer)
        if self.listener is not None:
            self.listener(answer.body)


def verify_success(answer: Answer, status: int = 200) -> None:
    """
    It is the *status* that is measured.

    Raises:
        WrongAnswer: it is another.
    """
    if answer.status != status:
        raise WrongAnswer(f"{answer.status}: {answer.body[:200]!r}")
