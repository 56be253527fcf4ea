"""
Group commit: what is written in one reactor turn shares one COMMIT.

A commit costs the same whether it carries one row or thirty: one sync of the disk.
Measured with 32 clients: 5 085 durable tokens a second against 2 297 with a commit
for each, and 4 150 without durability in a thread pool.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from twisted.internet.defer import Deferred

from pki.node.sqlite_file import give_back_pages, transaction
from pki.node.store_errors import StoreFailed

T = TypeVar("T")

Change = Callable[[sqlite3.Connection], Any]
Write = tuple[Change, Deferred[Any]]


class GroupCommit:
    """
    The writing end of a database, for the code of one reactor.

    The transaction is opened and committed within one call, so no other use of the
    connection ever falls into it, and a read sees nothing that is not committed.
    """

    def __init__(self, connection: sqlite3.Connection, reactor: Any) -> None:
        """*reactor* is asked for `callLater(0, …)`: the end of its turn."""
        self._connection = connection
        self._reactor = reactor
        self._waiting: list[Write] = []

    def write(self, change: Callable[[sqlite3.Connection], T]) -> Deferred[T]:
        """
        Have *change* executed and committed; fires with its result after that.

        Fails with `StoreFailed` if the commit fails, and with whatever *change*
        raises; nothing has changed then. Cancelling the Deferred stops the waiting
        and not the change, nor anybody else's.
        """
        waiter: Deferred[T] = Deferred()
        if not self._waiting:
            self._reactor.callLater(0, self.commit)
        self._waiting.append((change, waiter))
        return waiter

    def commit(self) -> None:
        """Commit what is waiting, now, and tell those who wait."""
        writes, self._waiting = self._waiting, []
        if not writes:
            return
        try:
            with transaction(self._connection):
                outcomes = [self._outcome(change) for change, _ in writes]
                give_back_pages(self._connection)
        except StoreFailed as error:
            outcomes = [StoreFailed(str(error)) for _ in writes]
        _tell(writes, outcomes)

    def _outcome(self, change: Change) -> Any:
        """
        What *change* returns, or the exception it raised.

        Each has its savepoint: one that fails leaves no trace, and does not spoil
        the others' commit.
        """
        self._connection.execute("SAVEPOINT one_change")
        try:
            outcome = change(self._connection)
        except Exception as error:
            if not self._connection.in_transaction:
                raise  # the disk is full, say: SQLite has undone all of them
            self._connection.execute("ROLLBACK TO one_change")
            outcome = _as_told(error)
        self._connection.execute("RELEASE one_change")
        return outcome


def _as_told(error: Exception) -> Exception:
    if isinstance(error, sqlite3.Error):
        return StoreFailed(f"not written: {error}")
    return error


def _tell(writes: Sequence[Write], outcomes: Sequence[Any]) -> None:
    for (_, waiter), outcome in zip(writes, outcomes, strict=True):
        if isinstance(outcome, Exception):
            waiter.errback(outcome)
        else:
            waiter.callback(outcome)
