"""Rows of a database, for the stores that stand on it."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from as_node.store.sqlite.group_commit import GroupCommit
from pki.node.believed_clock import FORGET_AFTER, BelievedClock
from pki.node.sqlite_file import read_row

T = TypeVar("T")


Over = Literal["by the clock", "for certain", "long ago"]


@dataclass(frozen=True, slots=True)
class Purge:
    """
    A statement that deletes a few rows that ended before its parameter.

    *over* is the time it is given. By the clock: what nobody misses where that was
    wrong, as it can be begun anew. For certain: what was acknowledged, which a clock
    that is ahead for a moment must not take away. Long ago: what says "no", which
    nobody may outlive (`pki.node.believed_clock`).
    """

    statement: str
    over: Over


class SqliteRows:
    """
    The reading and writing that all stores in SQLite share.

    Reads and commits happen in the reactor's thread. A read takes about ten
    microseconds; a commit as long as the disk takes to sync, once in a turn.

    Expired rows are deleted by the writes themselves, a few with each: the tables
    stay as large as what is in force needs, and nothing has to run periodically. Which
    of them are over is told by one of three times, see `Purge`.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        reactor: Any,
        clock: Callable[[], float],
    ) -> None:
        """*connection* is one of `open_database`; `close` closes it."""
        self._connection = connection
        self._commits = GroupCommit(connection, reactor)
        self._clock = clock
        self._believed = BelievedClock(clock, reactor.seconds)

    async def close(self) -> None:
        """Commit what is waiting and close the connection."""
        self._commits.commit()
        self._connection.close()

    async def _change(
        self, change: Callable[[sqlite3.Connection], T], *, purge: Purge
    ) -> T:
        """
        What *change* returns, once it is committed.

        *purge* takes a few expired rows away with it.
        """

        def change_and_purge(connection: sqlite3.Connection) -> T:
            outcome = change(connection)
            connection.execute(purge.statement, (self._over(purge.over),))
            return outcome

        return await self._commits.write(change_and_purge)

    def _over(self, over: Over) -> float:
        if over == "by the clock":
            return self._clock()
        believed = self._believed()
        return believed if over == "for certain" else believed - FORGET_AFTER

    async def _write(
        self, statement: str, row: tuple[object, ...], purge: Purge
    ) -> bool:
        """Whether the statement changed, added or deleted a row; once committed."""

        def change(connection: sqlite3.Connection) -> bool:
            return connection.execute(statement, row).rowcount > 0

        return await self._change(change, purge=purge)

    def _read(self, query: str, *values: object) -> Any:
        """The first row that *query* finds, or None."""
        return read_row(self._connection, query, *values)
