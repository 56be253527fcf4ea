"""
The database file of the consents: how it comes into being, and how it is opened.

The directory is made 0700 and the file 0600 before SQLite sees it; its companions
`-wal` and `-shm` inherit the file's mode. A schema version that this code does not
know is refused rather than guessed at.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pki.node import replaced_directory as directory

SCHEMA_VERSION = 1

_SCHEMA = (
    """
    CREATE TABLE consent (
        consent_id TEXT PRIMARY KEY,
        client_id TEXT NOT NULL,
        permissions TEXT NOT NULL,
        expiration TEXT,
        transaction_from TEXT,
        transaction_to TEXT,
        created REAL NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('AWAU', 'AUTH', 'RJCT', 'CANC')),
        status_updated REAL NOT NULL,
        customer TEXT,
        account_ids TEXT NOT NULL,
        decision_id TEXT,
        CHECK (status <> 'AUTH' OR (customer IS NOT NULL AND decision_id IS NOT NULL))
    ) STRICT, WITHOUT ROWID
    """,
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)


class StoreFailed(Exception):
    """
    The operation did not happen: the disk is full, say.

    The peer is never answered as if it had.
    """


class UnusableDatabase(ValueError):
    """The database cannot be opened; the text is one line and names the file."""


def open_database(path: Path) -> sqlite3.Connection:
    """
    A connection to the database at *path*, which is made if it is missing.

    It is in autocommit mode: whoever writes uses `transaction`.

    Raises:
        UnusableDatabase: it cannot be read or written, is readable by others, is no
            SQLite database, or has another schema.
    """
    try:
        _make_folder(path.parent)
        _make_file(path)
        return _opened(path)
    except OSError as error:
        raise UnusableDatabase(f"{path}: {error.strerror}") from error
    except (ValueError, sqlite3.Error, StoreFailed) as error:
        raise UnusableDatabase(f"{path}: {error}") from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """
    What is executed inside is committed, durably, or has not happened.

    Any exception undoes it and goes on, an error of SQLite's as `StoreFailed`.
    """
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.rollback()
    except sqlite3.Error as error:
        raise StoreFailed(f"not committed: {error}") from error


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.sync(folder.parent)


def _make_file(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            raise ValueError(f"open to others (mode {mode:04o}, not 0600)") from None
    else:
        directory.sync(path.parent)


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=1.0, isolation_level=None)
    try:
        # FULL: in WAL mode NORMAL does not sync at a commit, so a power cut would
        # take back what was acknowledged.
        connection.execute("PRAGMA synchronous=FULL")
        # Where fsync alone does not reach the medium (macOS) this does.
        connection.execute("PRAGMA fullfsync=ON")
        _use_write_ahead_log(connection)
        _make_schema(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _use_write_ahead_log(connection: sqlite3.Connection) -> None:
    (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
    if mode != "wal":
        raise ValueError(f"no write-ahead log is possible here, only {mode!r}")


def _make_schema(connection: sqlite3.Connection) -> None:
    if _version(connection) == 0:
        with transaction(connection):
            for statement in _SCHEMA:
                connection.execute(statement)
    if (version := _version(connection)) != SCHEMA_VERSION:
        raise ValueError(f"schema version {version}; this is for {SCHEMA_VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    assert isinstance(version, int)  # noqa: S101 - tells mypy what SQLite says
    return version
