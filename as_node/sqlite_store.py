"""The store of `as_node.store` in SQLite."""

import sqlite3
from collections.abc import Callable
from typing import Any

from as_node.group_commit import GroupCommit
from as_node.store import OpaqueToken, StoreFailed

# Each row written takes up to four expired ones away: more than one, so that a table
# shrinks after a burst, and few, so that no commit takes long.
_KEEP_OPAQUE = """
    INSERT INTO opaque_token (sha256, claims, exp) VALUES (?, ?, ?)
"""
_PURGE_OPAQUE = """
    DELETE FROM opaque_token WHERE sha256 IN
        (SELECT sha256 FROM opaque_token WHERE exp <= ? LIMIT 4)
"""
_FIND_OPAQUE = "SELECT sha256, claims, exp FROM opaque_token WHERE sha256 = ?"
_REVOKE = """
    INSERT INTO revoked_access_token (jti, exp) VALUES (?, ?)
        ON CONFLICT (jti) DO NOTHING
"""
_PURGE_REVOKED = """
    DELETE FROM revoked_access_token WHERE jti IN
        (SELECT jti FROM revoked_access_token WHERE exp <= ? LIMIT 4)
"""
_FIND_REVOKED = "SELECT 1 FROM revoked_access_token WHERE jti = ?"


class SqliteStore:
    """
    A `Store` in SQLite.

    Reads and commits happen in the reactor's thread. A read takes about ten
    microseconds; a commit as long as the disk takes to sync, once in a turn.

    Expired rows are deleted by the writes themselves, a few with each: the tables
    stay as large as the tokens in force need, and nothing has to run periodically.
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

    async def keep_opaque_token(self, token: OpaqueToken) -> None:
        """As `Store` says."""
        row = (token.sha256, token.claims, token.exp)
        await self._write(_KEEP_OPAQUE, row, purge=_PURGE_OPAQUE)

    async def find_opaque_token(self, sha256: bytes) -> OpaqueToken | None:
        """As `Store` says."""
        row = self._read(_FIND_OPAQUE, sha256)
        return None if row is None else OpaqueToken(*row)

    async def revoke_access_token(self, jti: str, exp: int) -> None:
        """As `Store` says."""
        row = (jti, exp)
        await self._write(_REVOKE, row, purge=_PURGE_REVOKED)

    async def is_access_token_revoked(self, jti: str) -> bool:
        """As `Store` says."""
        return self._read(_FIND_REVOKED, jti) is not None

    async def close(self) -> None:
        """Commit what is waiting and close the connection."""
        self._commits.commit()
        self._connection.close()

    async def _write(self, statement: str, row: tuple[object, ...], purge: str) -> None:
        def change(connection: sqlite3.Connection) -> None:
            connection.execute(statement, row)
            connection.execute(purge, (self._clock(),))

        await self._commits.write(change)

    def _read(self, query: str, value: object) -> Any:
        try:
            return self._connection.execute(query, (value,)).fetchone()
        except sqlite3.Error as error:
            raise StoreFailed(f"not read: {error}") from error
