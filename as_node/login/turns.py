"""
Whose turn it is to have a password hashed, and who has to come again later.

Hashing is dear on purpose, so what asks for it can only be few at a time; how many may
wait is bounded, or a flood of guesses would keep everybody waiting until nobody waits
any more. Browsers that a customer signed in at before have a queue of their own, which
goes first. In either, nobody has more than a few places.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from twisted.internet.defer import Deferred

AT_ONCE = 2
"""Passwords hashed at the same time, each with 19 MiB; the others wait."""

STRANGERS = 64
"""Who may wait: at 30 ms a hash, two seconds on one core."""

OF_ONE_ADDRESS = 4
"""Places of one address, or of one IPv6 network: a household, or a small office."""

KNOWN_BROWSERS = 64
"""Who may wait and goes first: two seconds more for strangers, at the very most."""

OF_ONE_BROWSER = 2
"""Places of one known browser: a form that was sent twice."""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants a turn: *name* is of an address, or of a browser that is *known*."""

    name: str
    known: bool


class TooBusy(Exception):
    """
    There is no place to wait in. Nothing was looked at.

    The text says for the operator's log how many wait, and how many may.
    """


class Turns:
    """At most `AT_ONCE` have a turn; the others wait in two queues, or not at all."""

    def __init__(self) -> None:
        self._free = AT_ONCE
        self._known = _Queue(KNOWN_BROWSERS, OF_ONE_BROWSER)
        self._strangers = _Queue(STRANGERS, OF_ONE_ADDRESS)

    async def wait(self, asker: Asker) -> None:
        """
        Returns when it is the asker's turn, which has to end (`ending`).

        Raises:
            TooBusy: too many wait already, or too many of this asker's.
        """
        if self._free:
            self._free -= 1
            return
        queue = self._known if asker.known else self._strangers
        await queue.enter(asker.name)

    @contextmanager
    def ending(self) -> Iterator[None]:
        """The turn is over when this is left, and the next one's begins."""
        try:
            yield
        finally:
            if not (self._known.call_next() or self._strangers.call_next()):
                self._free += 1


class _Queue:
    """First come, first served, with *places*, of which nobody has more than *each*."""

    def __init__(self, places: int, each: int) -> None:
        self._places = places
        self._each = each
        self._waiting: list[tuple[str, Deferred[None]]] = []

    def enter(self, name: str) -> Deferred[None]:
        """Fires when *name* is called."""
        taken = Counter(each for each, _ in self._waiting)
        if taken[name] >= self._each:
            raise TooBusy(f"{taken[name]} of this peer, expected at most {self._each}")
        if len(self._waiting) >= self._places:
            self._make_room(taken)
        waiting: Deferred[None] = Deferred(lambda gone: self._leave(name, gone))
        self._waiting.append((name, waiting))
        return waiting

    def call_next(self) -> bool:
        """Whether there was somebody."""
        if not self._waiting:
            return False
        _, waiting = self._waiting.pop(0)
        waiting.callback(None)
        return True

    def _make_room(self, taken: Counter[str]) -> None:
        """Whoever came last of those with the most places leaves, if it has several."""
        name, most = taken.most_common(1)[0]
        if most == 1:
            raise TooBusy(self._full())
        last = max(n for n, (each, _) in enumerate(self._waiting) if each == name)
        _, waiting = self._waiting.pop(last)
        waiting.errback(TooBusy(self._full()))

    def _full(self) -> str:
        return f"{self._places} wait, expected at most {self._places}"

    def _leave(self, name: str, waiting: Deferred[None]) -> None:
        """Nobody waits for it any more."""
        self._waiting.remove((name, waiting))
