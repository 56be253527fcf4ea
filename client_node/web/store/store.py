"""
What the web application keeps over a restart: sessions, attempts, connections.

The ids of sessions and the values of `state` are kept as hashes: who reads the file
cannot take a customer's place in her browser. The tokens are there as they are, for
this application has to send them; they are good with its certificate only (RFC 8705
section 3), and this is a test bed. Where customers' data is real they belong behind
a key that does not lie beside them.
"""

import sqlite3
from collections.abc import Callable
from typing import Any

from client_node.web.store.records import Attempt, Connection, Tokens
from pki.node.believed_clock import BelievedClock
from pki.node.sqlite_file import read_rows, transaction

SESSION_LIFETIME = 100 * 86400  # seconds from the last bank that was connected
ATTEMPT_LIFETIME = 3600  # seconds a customer may take at the bank
MOST_ATTEMPTS = 8  # of one session; the oldest makes room

_KEEP_SESSION = """
    INSERT INTO session VALUES (?, ?)
        ON CONFLICT (sha256) DO UPDATE SET expires = max(expires, excluded.expires)
"""
# A few with each write: the table stays as large as the sessions in force need.
_PURGE_SESSIONS = """
    DELETE FROM session WHERE sha256 IN
        (SELECT sha256 FROM session WHERE expires <= ? LIMIT 4)
"""
_KEEP_ATTEMPT = "INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_PURGE_ATTEMPTS = """
    DELETE FROM attempt WHERE session = ?1 AND (begun <= ?2 OR state_sha256 NOT IN
        (SELECT state_sha256 FROM attempt WHERE session = ?1
            ORDER BY begun DESC LIMIT ?3))
"""
_USE_ATTEMPT = """
    DELETE FROM attempt WHERE session = ? AND state_sha256 = ? RETURNING *
"""
_KEEP_CONNECTION = """
    INSERT INTO connection
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_CONNECTIONS = """
    SELECT connection.* FROM connection JOIN session ON session = sha256
        WHERE session = ? AND session.expires > ? ORDER BY connected_at
"""
_REPLACE_TOKENS = """
    UPDATE connection
        SET access_token = ?, refresh_token = ?, good_until = ?, x5t_s256 = ?
        WHERE connection_id = ? AND access_token = ?
"""
_RENEW = """
    UPDATE connection
        SET access_token = ?, refresh_token = ?, good_until = ?, x5t_s256 = ?,
            auth_time = ?, access_ends = ?
        WHERE connection_id = ? AND session = ? AND sub = ?
            AND access_token IS NOT NULL AND NOT consent_deleted
"""
_NOTE_ACCESS_ENDED = """
    UPDATE connection SET access_ends = ? WHERE connection_id = ? AND access_token = ?
"""
_NOTE_REVOKED = """
    UPDATE connection SET access_token = NULL, refresh_token = NULL,
        good_until = NULL, x5t_s256 = NULL WHERE connection_id = ?
"""
_NOTE_DELETED = "UPDATE connection SET consent_deleted = 1 WHERE connection_id = ?"
_FORGET = "DELETE FROM connection WHERE connection_id = ?"


class WebStore:
    """
    The store, in SQLite.

    Each operation is one transaction: done durably when it returns, or not at all.
    What SQLite cannot do is `StoreFailed`. A session that is over is deleted when that
    is certain: a clock that is ahead for a moment takes no customer's connections away.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
    ) -> None:
        """*connection* is one of `open_database`; `close` closes it."""
        self._connection = connection
        self._clock = clock
        self._believed = BelievedClock(clock, monotonic)

    async def keep_attempt(self, attempt: Attempt) -> None:
        """
        Keep *attempt*, and its session as long.

        Whoever has a browser can begin one, and so have a row kept: a session stays
        for longer only where a bank was connected.
        """
        oldest = self._clock() - ATTEMPT_LIFETIME
        row = (
            attempt.session,
            attempt.state_sha256,
            attempt.issuer,
            attempt.consent_id,
            " ".join(attempt.permissions),
            attempt.expires,
            attempt.nonce,
            attempt.code_verifier,
            attempt.begun,
            attempt.renews,
        )
        with transaction(self._connection):
            self._keep_session(attempt.session, ATTEMPT_LIFETIME)
            self._connection.execute(_KEEP_ATTEMPT, row)
            bounds = (attempt.session, oldest, MOST_ATTEMPTS)
            self._connection.execute(_PURGE_ATTEMPTS, bounds)

    async def use_attempt(self, session: bytes, state_sha256: bytes) -> Attempt | None:
        """
        The attempt of that session and state, once.

        `None` for one of another session, one used before, and one too old.
        """
        with transaction(self._connection):
            cursor = self._connection.execute(_USE_ATTEMPT, (session, state_sha256))
            row = cursor.fetchone()
        if row is None:
            return None
        attempt = _attempt(row)
        if attempt.begun + ATTEMPT_LIFETIME <= self._clock():
            return None
        return attempt

    async def keep_connection(self, connection: Connection) -> None:
        """Keep *connection*, and its session for another while."""
        tokens = connection.tokens
        row = (
            connection.connection_id,
            connection.session,
            connection.issuer,
            connection.consent_id,
            " ".join(connection.permissions),
            connection.expires,
            connection.sub,
            connection.connected_at,
            *_token_columns(tokens),
            int(connection.consent_deleted),
            connection.auth_time,
            connection.access_ends,
        )
        with transaction(self._connection):
            self._keep_session(connection.session, SESSION_LIFETIME)
            self._connection.execute(_KEEP_CONNECTION, row)

    async def connections(self, session: bytes) -> list[Connection]:
        """The connections of a session, the oldest first; none of an expired one."""
        found = read_rows(self._connection, _CONNECTIONS, session, self._clock())
        return [_connection(row) for row in found]

    async def find_connection(
        self, session: bytes, connection_id: str
    ) -> Connection | None:
        """The connection of that id, if it is this session's."""
        for connection in await self.connections(session):
            if connection.connection_id == connection_id:
                return connection
        return None

    async def replace_tokens(
        self, connection_id: str, tokens: Tokens, *, instead_of: Tokens
    ) -> None:
        """
        Keep *tokens* in the place of the earlier ones.

        Nothing changes where those are revoked or were replaced meanwhile: by newer
        ones, when she signed in again.
        """
        earlier = instead_of.access_token
        self._write(_REPLACE_TOKENS, *_token_columns(tokens), connection_id, earlier)

    async def renew_connection(self, renewed: Connection) -> bool:
        """
        Keep the tokens of *renewed*, and what came with them; all else stays.

        Its session is kept for another while. False, and nothing has changed, where
        there is no such connection of this session and customer, or it was ended.
        """
        row = (
            *_token_columns(renewed.tokens),
            renewed.auth_time,
            renewed.access_ends,
            renewed.connection_id,
            renewed.session,
            renewed.sub,
        )
        with transaction(self._connection):
            self._keep_session(renewed.session, SESSION_LIFETIME)
            return self._connection.execute(_RENEW, row).rowcount > 0

    async def note_access_ended(
        self, connection_id: str, refused: Tokens, now: float
    ) -> None:
        """The refresh token of *refused* is worth nothing, if it is still kept."""
        self._write(_NOTE_ACCESS_ENDED, now, connection_id, refused.access_token)

    async def note_tokens_revoked(self, connection_id: str) -> None:
        """They are revoked, and no longer kept."""
        self._write(_NOTE_REVOKED, connection_id)

    async def note_consent_deleted(self, connection_id: str) -> None:
        """The bank has deleted the consent."""
        self._write(_NOTE_DELETED, connection_id)

    async def forget_connection(self, connection_id: str) -> None:
        """Nothing of it remains."""
        self._write(_FORGET, connection_id)

    async def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def _keep_session(self, session: bytes, seconds: float) -> None:
        now = self._clock()
        self._connection.execute(_PURGE_SESSIONS, (self._believed(),))
        self._connection.execute(_KEEP_SESSION, (session, now + seconds))

    def _write(self, statement: str, *values: object) -> None:
        with transaction(self._connection):
            self._connection.execute(statement, values)


def _token_columns(tokens: Tokens | None) -> tuple[object, ...]:
    if tokens is None:
        return (None, None, None, None)
    return (
        tokens.access_token,
        tokens.refresh_token,
        tokens.good_until,
        tokens.x5t_s256,
    )


def _attempt(row: tuple[Any, ...]) -> Attempt:
    session, state_sha256, issuer, consent_id, permissions, *rest = row
    expires, nonce, code_verifier, begun, renews = rest
    return Attempt(
        session=session,
        state_sha256=state_sha256,
        issuer=issuer,
        consent_id=consent_id,
        permissions=tuple(permissions.split()),
        expires=expires,
        nonce=nonce,
        code_verifier=code_verifier,
        begun=begun,
        renews=renews,
    )


def _connection(row: tuple[Any, ...]) -> Connection:
    connection_id, session, issuer, consent_id, permissions, *rest = row
    expires, sub, connected_at, *columns, consent_deleted, auth_time, ends = rest
    return Connection(
        connection_id=connection_id,
        session=session,
        issuer=issuer,
        consent_id=consent_id,
        permissions=tuple(permissions.split()),
        expires=expires,
        sub=sub,
        connected_at=connected_at,
        tokens=None if columns[0] is None else Tokens(*columns),
        consent_deleted=bool(consent_deleted),
        auth_time=auth_time,
        access_ends=ends,
    )
