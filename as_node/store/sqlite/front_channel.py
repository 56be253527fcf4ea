"""
What is kept for requests that are on their way, in SQLite: pushed authorization
requests, sessions of browsers, used client assertions.
"""

import sqlite3

from as_node.store.authorizations import (
    MOST_PUSHED_BY_A_CLIENT,
    MOST_PUSHED_FROM_A_NETWORK,
    PushedRequest,
    Session,
    TooManyPushed,
)
from as_node.store.sqlite.rows import Purge, SqliteRows

_KEEP_REQUEST = """
    INSERT INTO pushed_request (request_uri, client_id, request, exp, network)
        VALUES (?, ?, ?, ?, ?)
"""
_COUNT_OF_CLIENT = """
    SELECT count(*) FROM pushed_request WHERE client_id = ? AND exp > ?
"""
_COUNT_OF_NETWORK = """
    SELECT count(*) FROM pushed_request WHERE client_id = ? AND network = ? AND exp > ?
"""
_FIND_REQUEST = """
    SELECT request_uri, client_id, request, exp FROM pushed_request
        WHERE request_uri = ?
"""
_USE_REQUEST = "DELETE FROM pushed_request WHERE request_uri = ?"
_PURGE_REQUESTS = Purge(
    """
        DELETE FROM pushed_request WHERE request_uri IN
            (SELECT request_uri FROM pushed_request WHERE exp <= ? LIMIT 16)
    """,
    over="by the clock",
)
_KEEP_SESSION = """
    INSERT INTO session (sha256, state, exp) VALUES (?, ?, ?)
        ON CONFLICT (sha256) DO UPDATE SET state = excluded.state, exp = excluded.exp
"""
_FIND_SESSION = "SELECT sha256, state, exp FROM session WHERE sha256 = ?"
_END_SESSION = "DELETE FROM session WHERE sha256 = ?"
_PURGE_SESSIONS = Purge(
    """
        DELETE FROM session WHERE sha256 IN
            (SELECT sha256 FROM session WHERE exp <= ? LIMIT 4)
    """,
    over="by the clock",
)
_USE_ASSERTION = """
    INSERT INTO used_assertion (client_id, jti, exp) VALUES (?, ?, ?)
        ON CONFLICT (client_id, jti) DO NOTHING
"""
_PURGE_ASSERTIONS = Purge(
    """
        DELETE FROM used_assertion WHERE (client_id, jti) IN
            (SELECT client_id, jti FROM used_assertion WHERE exp <= ? LIMIT 4)
    """,
    over="long ago",
)


class SqlitePushedRequests(SqliteRows):
    """A `PushedRequestStore` in SQLite."""

    async def keep_pushed_request(self, request: PushedRequest) -> None:
        """As `PushedRequestStore` says."""
        row = (
            request.request_uri,
            request.client_id,
            request.request,
            request.exp,
            request.network,
        )

        def change(connection: sqlite3.Connection) -> None:
            _verify_room(connection, request, self._clock())
            connection.execute(_KEEP_REQUEST, row)

        await self._change(change, purge=_PURGE_REQUESTS)

    async def find_pushed_request(self, request_uri: str) -> PushedRequest | None:
        """As `PushedRequestStore` says."""
        row = self._read(_FIND_REQUEST, request_uri)
        if row is None:
            return None
        kept, client_id, request, exp = row
        return PushedRequest(
            request_uri=kept, client_id=client_id, request=request, exp=exp
        )

    async def use_pushed_request(self, request_uri: str) -> PushedRequest | None:
        """As `PushedRequestStore` says."""
        found = await self.find_pushed_request(request_uri)
        row = (request_uri,)
        if not await self._write(_USE_REQUEST, row, purge=_PURGE_REQUESTS):
            return None
        return found


def _verify_room(
    connection: sqlite3.Connection, request: PushedRequest, now: float
) -> None:
    """
    Raises:
        TooManyPushed: see there.
    """
    client_id, network = request.client_id, request.network
    if network is not None:
        about = (client_id, network, now)
        (there,) = connection.execute(_COUNT_OF_NETWORK, about).fetchone()
        if there >= MOST_PUSHED_FROM_A_NETWORK:
            raise TooManyPushed(
                f"one more than {there} of {client_id} from {network}",
                MOST_PUSHED_FROM_A_NETWORK,
            )
    (everywhere,) = connection.execute(_COUNT_OF_CLIENT, (client_id, now)).fetchone()
    if everywhere >= MOST_PUSHED_BY_A_CLIENT:
        raise TooManyPushed(
            f"one more than {everywhere} of {client_id}", MOST_PUSHED_BY_A_CLIENT
        )


class SqliteSessions(SqliteRows):
    """A `SessionStore` in SQLite."""

    async def keep_session(self, session: Session) -> None:
        """As `SessionStore` says."""
        row = (session.sha256, session.state, session.exp)
        await self._write(_KEEP_SESSION, row, purge=_PURGE_SESSIONS)

    async def find_session(self, sha256: bytes) -> Session | None:
        """As `SessionStore` says."""
        row = self._read(_FIND_SESSION, sha256)
        if row is None:
            return None
        kept, state, exp = row
        return Session(sha256=kept, state=state, exp=exp)

    async def end_session(self, sha256: bytes) -> None:
        """As `SessionStore` says."""
        await self._write(_END_SESSION, (sha256,), purge=_PURGE_SESSIONS)


class SqliteAssertions(SqliteRows):
    """An `AssertionStore` in SQLite."""

    async def use_assertion(self, client_id: str, jti: str, exp: int) -> bool:
        """As `AssertionStore` says."""
        row = (client_id, jti, exp)
        return await self._write(_USE_ASSERTION, row, purge=_PURGE_ASSERTIONS)
