"""Shared work: done once, by nobody's leave but its own."""

import pytest
from twisted.internet.defer import CancelledError, Deferred

from pki.node.single_flight import SingleFlight


class Work:
    """Work that ends when it is told to."""

    def __init__(self) -> None:
        self.begun = 0
        self.ends: Deferred[str] = Deferred()

    async def __call__(self) -> str:
        self.begun += 1
        return await self.ends


@pytest.fixture
def flight() -> SingleFlight[str]:
    """No work yet."""
    return SingleFlight()


def joined(flight: SingleFlight[str], work: Work, name: str = "a") -> Deferred[str]:
    """Somebody who waits."""
    return Deferred.fromCoroutine(flight.join(name, work))


def test_all_who_wait_get_the_outcome(flight: SingleFlight[str]) -> None:
    """Three wait for one piece of work."""
    work = Work()
    waiting = [joined(flight, work) for _ in range(3)]
    assert flight.is_under_way("a")
    work.ends.callback("done")
    assert [each.result for each in waiting] == ["done"] * 3
    assert work.begun == 1
    assert not flight.is_under_way("a")


def test_a_second_flight(flight: SingleFlight[str]) -> None:
    """What is finished is not kept: who comes later has it done again."""
    for outcome in ("one", "two"):
        work = Work()
        waiting = joined(flight, work)
        work.ends.callback(outcome)
        assert waiting.result == outcome


def test_names_are_apart(flight: SingleFlight[str]) -> None:
    """Work of another name is other work."""
    one, two = Work(), Work()
    joined(flight, one, "a")
    joined(flight, two, "b")
    assert (one.begun, two.begun) == (1, 1)


def test_failures_are_shared(flight: SingleFlight[str]) -> None:
    """All who wait hear why it failed."""
    work = Work()
    waiting = [joined(flight, work) for _ in range(2)]
    work.ends.errback(ValueError("why"))
    for each in waiting:
        assert each.addErrback(lambda f: f.getErrorMessage()).result == "why"


def test_one_goes_away(flight: SingleFlight[str]) -> None:
    """A client that disconnects takes nothing from those who wait on."""
    work = Work()
    first, second = joined(flight, work), joined(flight, work)
    first.cancel()
    assert first.addErrback(lambda f: f.type).result is CancelledError
    work.ends.callback("done")
    assert second.result == "done"


def test_all_go_away(flight: SingleFlight[str]) -> None:
    """The work is done to its end all the same: a code that was redeemed is kept."""
    done: list[str] = []
    ends: Deferred[str] = Deferred()

    async def work() -> str:
        done.append(await ends)
        return done[0]

    gone = Deferred.fromCoroutine(flight.join("a", work))
    gone.addErrback(lambda failure: failure.trap(CancelledError))
    gone.cancel()
    ends.callback("done")
    assert done == ["done"]
    assert not flight.is_under_way("a")


def test_nobody_waits(flight: SingleFlight[str]) -> None:
    """Work can be begun for nobody, joined later, and fail without a word."""
    work = Work()
    flight.begin("a", work)
    flight.begin("a", work)
    later = joined(flight, work)
    work.ends.callback("done")
    assert later.result == "done"
    assert work.begun == 1
    failing = Work()
    flight.begin("a", failing)
    failing.ends.errback(ValueError("dropped"))
    assert not flight.is_under_way("a")
