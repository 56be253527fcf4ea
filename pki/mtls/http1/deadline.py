"""
A deadline that is cheap to move.

It is moved with each request, and rarely passes. Twisted searches the list of all
timers for one that is to ring sooner, and collects those that were cancelled. So one
timer is left alone, and looks when it rings whether it is time.
"""

from collections.abc import Callable

from twisted.internet.interfaces import IDelayedCall, IReactorTime


class Deadline:
    """Calls *passed* when the time that was set last has passed."""

    __slots__ = ("_clock", "_due", "_passed", "_rings", "_timer")

    def __init__(self, clock: IReactorTime, passed: Callable[[], None]) -> None:
        self._clock = clock
        self._passed = passed
        self._due: float | None = None
        self._timer: IDelayedCall | None = None
        self._rings = 0.0

    def set(self, seconds: float) -> None:
        """In so many seconds from now, and at no other time."""
        self._due = self._clock.seconds() + seconds
        if self._timer is not None and self._rings > self._due:
            self._timer.cancel()
            self._timer = None
        if self._timer is None:
            self._start(seconds)

    def clear(self) -> None:
        """Never, until it is set again."""
        self._due = None

    def stop(self) -> None:
        """Never, and no timer is left."""
        self._due = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start(self, seconds: float) -> None:
        self._rings = self._clock.seconds() + seconds
        self._timer = self._clock.callLater(seconds, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._due is None:
            return
        left = self._due - self._clock.seconds()
        if left > 0:
            self._start(left)
        else:
            self._due = None
            self._passed()
