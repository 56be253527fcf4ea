"""Status indexes in SQLite. They are revoked by triggers: see `schema`."""

import sqlite3

from as_node.store.sqlite.rows import Purge, SqliteRows
from as_node.store.status_lists import Revocations
from pki.node.sqlite_file import read_rows

_RESERVE = """
    UPDATE status_index_counter SET reserved = reserved + ?
        RETURNING reserved
"""
_RESERVED = "SELECT reserved FROM status_index_counter"
_NEWEST = "SELECT coalesce(max(revision), 0) FROM revoked_status_index"
# The unary plus has the rows found by revision: of what is new there is little.
_REVOKED_SINCE = """
    SELECT status_index FROM revoked_status_index
        WHERE revision > ? AND +status_index >= ? AND +status_index < ?
"""
# Many more than in other tables: they come in by whole grants, and go out here alone.
_PURGE = Purge(
    """
        DELETE FROM revoked_status_index WHERE revision IN
            (SELECT revision FROM revoked_status_index WHERE keep_until <= ? LIMIT 4096)
    """,
    over="long ago",
)


class SqliteStatusLists(SqliteRows):
    """A `StatusListStore` in SQLite."""

    async def reserve_status_indexes(self, count: int) -> int:
        """As `StatusListStore` says."""

        def change(connection: sqlite3.Connection) -> int:
            [(end,)] = connection.execute(_RESERVE, (count,)).fetchall()
            assert isinstance(end, int)  # noqa: S101 - tells mypy what SQLite says
            return end - count

        return await self._change(change, purge=_PURGE)

    async def count_status_indexes(self) -> int:
        """As `StatusListStore` says."""
        (reserved,) = self._read(_RESERVED)
        assert isinstance(reserved, int)  # noqa: S101 - tells mypy what SQLite says
        return reserved

    async def revoked_since(self, revision: int, first: int, end: int) -> Revocations:
        """As `StatusListStore` says."""
        # First: what another process commits between the two comes again next time.
        (newest,) = self._read(_NEWEST)
        rows = read_rows(self._connection, _REVOKED_SINCE, revision, first, end)
        return Revocations(newest, [index for (index,) in rows])
