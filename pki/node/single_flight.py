"""Work that several requests wait for is done once, and to its end."""

from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

T = TypeVar("T")

Work = Callable[[], Coroutine[Any, Any, T]]


class SingleFlight(Generic[T]):
    """
    Pieces of work by name, at most one of a name at a time.

    A peer that goes away cancels its own waiting, never the work: others may be
    waiting for it, and a code that was redeemed, or a refresh token that was replaced,
    is to be kept all the same. That is why this, alone of what stands below the rim,
    knows Twisted: a coroutine can be awaited by one only, and ends with it.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, list[Deferred[T]]] = {}

    def is_under_way(self, name: str) -> bool:
        """Whether somebody has begun and nobody finished it."""
        return name in self._waiting

    def begin(self, name: str, work: Work[T]) -> None:
        """See that it is under way; nobody waits, so what it raises is dropped."""
        if not self.is_under_way(name):
            self._start(name, work, [])

    async def join(self, name: str, work: Work[T]) -> T:
        """
        The outcome of the work of this name: begun now, if it is not under way.

        Raises:
            Exception: whatever *work* raises, the same for all who wait.
        """
        waiter: Deferred[T] = Deferred()
        if self.is_under_way(name):
            self._waiting[name].append(waiter)
        else:
            self._start(name, work, [waiter])
        return await waiter

    def _start(self, name: str, work: Work[T], waiting: list[Deferred[T]]) -> None:
        self._waiting[name] = waiting
        Deferred.fromCoroutine(work()).addBoth(self._finish, name)

    def _finish(self, outcome: T | Failure, name: str) -> None:
        # Twisted drops the outcome of a Deferred that was cancelled meanwhile.
        for waiter in self._waiting.pop(name):
            if isinstance(outcome, Failure):
                waiter.errback(outcome)
            else:
                waiter.callback(outcome)
