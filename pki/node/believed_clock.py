"""
The time of day, as far as it is safe to forget by it.

Clocks jump: a wrong one is set right, a right one wrong. What says "no" (an assertion
that was used, a token that was revoked) must not be forgotten because the clock was
ahead for a moment: when it is back, the assertion would be good again.
"""

from collections.abc import Callable

BELIEVED_AFTER = 600.0
"""
Seconds that a clock must have gone evenly before anything is forgotten by it.

Also those from the start of a process, of whose clock nothing is known yet. A machine
that sets its clock does so within minutes.
"""

FORGET_AFTER = 86_400.0
"""Seconds that what says "no" is kept beyond its end, for a clock wrong for longer."""

_EVENLY = 1.0  # seconds: a clock that is slewed, or two readings that are not one


class BelievedClock:
    """
    The time of day that *clock* has told for long enough, by *monotonic*.

    Both give seconds: *clock* since the epoch, *monotonic* since any moment, and never
    less than before.
    """

    def __init__(
        self, clock: Callable[[], float], monotonic: Callable[[], float]
    ) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._since = monotonic()
        self._ahead = clock() - self._since
        self._believed = float("-inf")

    def __call__(self) -> float:
        """
        Never later than *clock*, but for a second, nor than it was believed to be.

        Before any time is believed it is the beginning of all time.
        """
        now = self._monotonic()
        ahead = self._clock() - now
        if abs(ahead - self._ahead) > _EVENLY:  # it was set, forward or back
            self._ahead, self._since = ahead, now
            self._believed = min(self._believed, ahead)
        if now - self._since >= BELIEVED_AFTER:
            self._believed = self._ahead
        return now + self._believed
