"""A deadline that is moved often, and passes at its time and at no other."""

from twisted.internet.task import Clock

from pki.mtls.http1.deadline import Deadline


class Watched:
    """A deadline, and when it passed."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.passed: list[float] = []
        self.deadline = Deadline(self.clock, self._note)

    def _note(self) -> None:
        self.passed.append(self.clock.seconds())

    def wait(self, seconds: int) -> None:
        """Second by second."""
        self.clock.pump([1] * seconds)

    @property
    def timers(self) -> int:
        """Of them there is one at most."""
        return len(self.clock.getDelayedCalls())


def test_it_passes_once() -> None:
    """At its time."""
    watched = Watched()
    watched.deadline.set(20)
    watched.wait(100)
    assert watched.passed == [20]
    assert watched.timers == 0


def test_later() -> None:
    """The time that was set last counts, and the timer that runs is not touched."""
    watched = Watched()
    watched.deadline.set(20)
    timer = watched.clock.getDelayedCalls()[0]
    watched.wait(10)
    watched.deadline.set(60)
    assert watched.clock.getDelayedCalls() == [timer]
    watched.wait(100)
    assert watched.passed == [70]


def test_sooner() -> None:
    """Also where the timer would ring too late."""
    watched = Watched()
    watched.deadline.set(60)
    watched.wait(10)
    watched.deadline.set(20)
    assert watched.timers == 1
    watched.wait(100)
    assert watched.passed == [30]


def test_cleared() -> None:
    """It does not pass, until it is set again."""
    watched = Watched()
    watched.deadline.set(20)
    watched.deadline.clear()
    watched.wait(100)
    assert watched.passed == []
    assert watched.timers == 0
    watched.deadline.set(20)
    watched.wait(100)
    assert watched.passed == [120]


def test_stopped() -> None:
    """Nothing is left of it, whether it was set or not."""
    watched = Watched()
    watched.deadline.stop()
    watched.deadline.set(20)
    watched.deadline.stop()
    watched.deadline.stop()
    assert watched.timers == 0
    watched.wait(100)
    assert watched.passed == []
