"""
How often somebody may guess: it slows guessing down, and locks nobody out.

Each account of failures drains with time. Where it is full, the next attempt has to
wait until one failure has drained, and an attempt that was not let through adds
nothing: so the longest wait is one interval, whatever an attacker does.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter


@dataclass(frozen=True, slots=True)
class Rate:
    """*at_once* failures, and then one more every *interval* seconds."""

    at_once: int
    interval: float

    def __str__(self) -> str:
        return f"{self.at_once} at once, then one in {self.interval:g} seconds"


@dataclass(frozen=True, slots=True)
class Account:
    """What failures are counted for: *name* among those of one *rate*."""

    name: tuple[str, ...]
    rate: Rate


class TooManyAttempts(Exception):
    """
    Wait; *seconds* is how long, at least 1, by the *account* that says so.

    The text is for the operator's log; whom the account belongs to is not in it.
    """

    def __init__(self, seconds: int, account: Account) -> None:
        super().__init__(f"one more {account.name[0]}, {seconds} seconds too early")
        self.seconds = seconds
        self.rate = account.rate


LARGEST = 10_000
"""
Accounts remembered.

Of more than that those are forgotten whose failures would drain first. Were it those
that were used least recently, whoever guesses would have his own forgotten by trying
ten thousand names, at one failure each; so he would need as many failures for each of
them as he wants to have forgotten, and every failure costs a place to have a password
hashed (`as_node.login.turns`).
"""

_MADE_ROOM = 0.9  # of LARGEST stay, so that a sort is due once in a thousand


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
        self._drained: dict[tuple[str, ...], float] = {}

    def admit(self, accounts: Iterable[Account]) -> None:
        """
        Let one attempt through, and count it as failed until it is taken back.

        Counted before and not after: many at once would all be let through.

        Raises:
            TooManyAttempts: for one of the accounts; nothing is counted then.
        """
        now = self._clock()
        wanted = tuple(accounts)
        wait, account = max(
            ((self._wait(each, now), each) for each in wanted), key=itemgetter(0)
        )
        if wait > 0:
            raise TooManyAttempts(math.ceil(wait), account)
        for each in wanted:
            self._add(each, now)

    def take_back(self, accounts: Iterable[Account]) -> None:
        """
        The attempt was right, or nobody looked at it, and so no failure.

        What has no other failure is forgotten: an attempt that is sent away before
        anything was hashed costs its sender nothing, and so must leave nothing.
        """
        now = self._clock()
        for each in accounts:
            drained = self._drained.pop(each.name, now) - each.rate.interval
            if drained > now:
                self._drained[each.name] = drained

    def _wait(self, account: Account, now: float) -> float:
        rate = account.rate
        full = self._drained.get(account.name, now) - now
        return full - (rate.at_once - 1) * rate.interval

    def _add(self, account: Account, now: float) -> None:
        drained = max(self._drained.get(account.name, now), now)
        self._drained[account.name] = drained + account.rate.interval
        if len(self._drained) > self._largest:
            self._make_room()

    def _make_room(self) -> None:
        """What would be forgotten by itself first goes, some of it at a time."""
        by_end = sorted(self._drained.items(), key=itemgetter(1), reverse=True)
        self._drained = dict(by_end[: int(self._largest * _MADE_ROOM)])
