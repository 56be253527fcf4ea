"""The signing keys of `as_node.store.store` in SQLite."""

import sqlite3

from as_node.store.store import SigningKeyRecord
from pki.node.sqlite_file import read_rows, transaction
from pki.node.store_errors import StoreFailed

_ALL = """
    SELECT kid, alg, state, public_key, private_key, retired_at FROM signing_key
        ORDER BY alg, state, kid
"""
_ADD = """
    INSERT INTO signing_key
        (kid, alg, state, public_key, private_key, retired_at)
        VALUES (?, ?, ?, ?, ?, ?)
"""
_COUNT = "SELECT count(*) FROM signing_key WHERE alg = ?"
_RETIRE = """
    UPDATE signing_key SET state = 'retired', private_key = NULL, retired_at = ?
        WHERE alg = ? AND state = 'current'
"""
_PROMOTE = """
    UPDATE signing_key SET state = 'current' WHERE alg = ? AND state = 'next'
"""
_FORGET = "DELETE FROM signing_key WHERE kid = ? AND state = 'retired'"


class SqliteSigningKeys:
    """A `SigningKeyStore` in SQLite, each change its own transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """*connection* is one of `open_database`, and stays the caller's to close."""
        self._connection = connection

    def all(self) -> tuple[SigningKeyRecord, ...]:
        """As `SigningKeyStore` says."""
        return tuple(
            SigningKeyRecord(*each) for each in read_rows(self._connection, _ALL)
        )

    def add_first(self, first: SigningKeyRecord, second: SigningKeyRecord) -> None:
        """As `SigningKeyStore` says."""
        with transaction(self._connection):
            (count,) = self._connection.execute(_COUNT, (first.alg,)).fetchone()
            if count == 0:
                self._add(first)
                self._add(second)

    def rotate(self, new: SigningKeyRecord, now: float) -> None:
        """As `SigningKeyStore` says."""
        with transaction(self._connection):
            self._connection.execute(_RETIRE, (now, new.alg))
            promoted = self._connection.execute(_PROMOTE, (new.alg,)).rowcount
            if promoted != 1:
                raise StoreFailed(f"there is no {new.alg} key to rotate")
            self._add(new)

    def forget(self, kid: str) -> None:
        """As `SigningKeyStore` says."""
        with transaction(self._connection):
            self._connection.execute(_FORGET, (kid,))

    def _add(self, record: SigningKeyRecord) -> None:
        row = (
            record.kid,
            record.alg,
            record.state,
            record.public_key,
            record.private_key,
            record.retired_at,
        )
        self._connection.execute(_ADD, row)
