"""Work that several requests wait for is done once, and to its end."""

from twisted.internet.defer import CancelledError, Deferred

from client_node.web.journey.single_flight import SingleFlight


def test_one_work_for_all_who_wait() -> None:
    """All get its outcome; the next one begins anew."""
    flight: SingleFlight[str] = SingleFlight()
    outcome: Deferred[str] = Deferred()
    begun: list[int] = []

    async def work() -> str:
        begun.append(1)
        return await outcome

    waiting = [Deferred.fromCoroutine(flight.join("a", work)) for _ in range(2)]
    outcome.callback("done")
    assert [each.result for each in waiting] == ["done", "done"]
    assert len(begun) == 1
    outcome = Deferred()
    Deferred.fromCoroutine(flight.join("a", work))
    assert len(begun) == 2


def test_one_who_goes_away_does_not_stop_it() -> None:
    """Nor do the others wait in vain."""
    flight: SingleFlight[str] = SingleFlight()
    outcome: Deferred[str] = Deferred()
    done: list[str] = []

    async def work() -> str:
        done.append(await outcome)
        return done[0]

    gone = Deferred.fromCoroutine(flight.join("a", work))
    gone.addErrback(lambda failure: failure.trap(CancelledError))
    gone.cancel()
    outcome.callback("done")
    assert done == ["done"]


def test_what_it_raises_all_are_told() -> None:
    """The same to each."""
    flight: SingleFlight[str] = SingleFlight()
    outcome: Deferred[str] = Deferred()

    async def work() -> str:
        return await outcome

    waiting = [Deferred.fromCoroutine(flight.join("a", work)) for _ in range(2)]
    outcome.errback(ValueError("no"))
    told: list[object] = []
    for each in waiting:
        each.addErrback(lambda failure: told.append(failure.value))
    assert [str(error) for error in told] == ["no", "no"]


def test_names_are_apart() -> None:
    """Two names, two pieces of work."""
    flight: SingleFlight[str] = SingleFlight()

    async def work() -> str:
        return "done"

    for name in ("a", "b"):
        assert Deferred.fromCoroutine(flight.join(name, work)).result == "done"
