"""The store of `as_node.store.store` in SQLite."""

import sqlite3

from as_node.store.records import OpaqueToken
from as_node.store.sqlite.authorizations import SqliteAuthorizations
from as_node.store.sqlite.front_channel import (
    SqliteAssertions,
    SqlitePushedRequests,
    SqliteSessions,
)
from as_node.store.sqlite.opaque_tokens import keep_opaque_token
from as_node.store.sqlite.rows import Purge, SqliteRows
from as_node.store.sqlite.status_lists import SqliteStatusLists

# Each row written takes up to four expired ones away: more than one, so that a table
# shrinks after a burst, and few, so that no commit takes long.
_PURGE_OPAQUE = Purge(
    """
        DELETE FROM opaque_token WHERE sha256 IN
            (SELECT sha256 FROM opaque_token WHERE exp <= ? LIMIT 4)
    """,
    over="for certain",
)
_FIND_OPAQUE = "SELECT sha256, claims, exp FROM opaque_token WHERE sha256 = ?"
_REVOKE = """
    INSERT INTO revoked_access_token (jti, exp) VALUES (?, ?)
        ON CONFLICT (jti) DO NOTHING
"""
_PURGE_REVOKED = Purge(
    """
        DELETE FROM revoked_access_token WHERE jti IN
            (SELECT jti FROM revoked_access_token WHERE exp <= ? LIMIT 4)
    """,
    over="long ago",
)
_REVOKE_INDEX = """
    INSERT INTO revoked_status_index (status_index, keep_until) VALUES (?, ? + 60)
        ON CONFLICT (status_index) DO NOTHING
"""
_FIND_REVOKED = """
    SELECT 1 FROM revoked_access_token WHERE jti = ?1
    UNION ALL
    SELECT 1 FROM issued_access_token JOIN authorization_grant USING (grant_id)
        WHERE jti = ?1 AND revoked
"""


class SqliteAccessTokens(SqliteRows):
    """An `AccessTokenStore` in SQLite."""

    async def keep_opaque_token(self, token: OpaqueToken) -> None:
        """As `AccessTokenStore` says."""

        def change(connection: sqlite3.Connection) -> None:
            keep_opaque_token(connection, token)

        await self._change(change, purge=_PURGE_OPAQUE)

    async def find_opaque_token(self, sha256: bytes) -> OpaqueToken | None:
        """As `AccessTokenStore` says."""
        row = self._read(_FIND_OPAQUE, sha256)
        return None if row is None else OpaqueToken(*row)

    async def revoke_access_token(
        self, jti: str, exp: int, status_index: int | None = None
    ) -> None:
        """As `AccessTokenStore` says."""

        def change(connection: sqlite3.Connection) -> None:
            connection.execute(_REVOKE, (jti, exp))
            if status_index is not None:
                connection.execute(_REVOKE_INDEX, (status_index, exp))

        await self._change(change, purge=_PURGE_REVOKED)

    async def is_access_token_revoked(self, jti: str) -> bool:
        """As `AccessTokenStore` says."""
        return self._read(_FIND_REVOKED, jti) is not None


class SqliteStore(
    SqliteAccessTokens,
    SqliteAuthorizations,
    SqlitePushedRequests,
    SqliteSessions,
    SqliteAssertions,
    SqliteStatusLists,
):
    """A `Store` in SQLite: one connection, and one commit for all in a turn."""
