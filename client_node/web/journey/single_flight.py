"""Work that several requests wait for is done once."""

from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

T = TypeVar("T")

Work = Callable[[], Coroutine[Any, Any, T]]


class SingleFlight(Generic[T]):
    """
    Pieces of work by name, at most one of a name at a time.

    A browser that goes away cancels its own waiting, never the work: a code that was
    redeemed, or a refresh token that was replaced, is kept all the same. That is why
    this knows Twisted: a coroutine can be awaited by one only, and ends with it.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, list[Deferred[T]]] = {}

    async def join(self, name: str, work: Work[T]) -> T:
        """
        The outcome of the work of this name: begun now, if it is not under way.

        Raises:
            Exception: whatever *work* raises, the same for all who wait.
        """
        waiter: Deferred[T] = Deferred()
        if name in self._waiting:
            self._waiting[name].append(waiter)
        else:
            self._waiting[name] = [waiter]
            Deferred.fromCoroutine(work()).addBoth(self._finish, name)
        return await waiter

    def _finish(self, outcome: T | Failure, name: str) -> None:
        # Twisted drops the outcome of a Deferred that was cancelled meanwhile.
        for waiter in self._waiting.pop(name):
            if isinstance(outcome, Failure):
                waiter.errback(outcome)
            else:
                waiter.callback(outcome)
