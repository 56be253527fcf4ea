"""
How often somebody may guess: it slows guessing down, and locks nobody out.

Each account of failures drains with time. Where it is full, the next attempt has to
wait until one failure has drained, and an attempt that was not let through adds
nothing: so the longest wait is one interval, whatever an attacker does.
"""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """*at_once* failures, and then one more every *interval* seconds."""

    at_once: int
    interval: float


@dataclass(frozen=True, slots=True)
class Account:
    """What failures are counted for: *name* among those of one *rate*."""

    name: tuple[str, ...]
    rate: Rate


class TooManyAttempts(Exception):
    """Wait; *seconds* is how long, at least 1."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds


LARGEST = 10_000
"""Accounts remembered: what the least recently used one knew is forgotten first."""


class Throttle:
    """
    The failures of the last minutes.

    *clock* gives seconds and is monotonic: were it set back, she would have to wait
    until it has caught up.
    """

    def __init__(self, clock: Callable[[], float], *, largest: int = LARGEST) -> None:
        self._clock = clock
        self._largest = largest
        # For each name, when all its failures will have drained.
        self._drained: OrderedDict[tuple[str, ...], float] = OrderedDict()

    def admit(self, accounts: Iterable[Account]) -> None:
        """
        Let one attempt through, and count it as failed until it is taken back.

        Counted before and not after: many at once would all be let through.

        Raises:
            TooManyAttempts: for one of the accounts; nothing is counted then.
        """
        now = self._clock()
        wanted = tuple(accounts)
        wait = max(self._wait(each, now) for each in wanted)
        if wait > 0:
            raise TooManyAttempts(math.ceil(wait))
        for each in wanted:
            self._add(each, now)

    def take_back(self, accounts: Iterable[Account]) -> None:
        """The attempt was right, and so no failure."""
        for each in accounts:
            if each.name in self._drained:
                self._drained[each.name] -= each.rate.interval

    def _wait(self, account: Account, now: float) -> float:
        rate = account.rate
        full = self._drained.get(account.name, now) - now
        return full - (rate.at_once - 1) * rate.interval

    def _add(self, account: Account, now: float) -> None:
        drained = max(self._drained.get(account.name, now), now)
        self._drained[account.name] = drained + account.rate.interval
        self._drained.move_to_end(account.name)
        while len(self._drained) > self._largest:
            self._drained.popitem(last=False)
