"""
The database file of the web application: how it is made, and how it is opened.

The directory is made 0700 and the file 0600 *before* SQLite sees it. The schema has
a version; another version is refused rather than guessed at.
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
    CREATE TABLE session (
        sha256 BLOB PRIMARY KEY,
        expires REAL NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX session_by_expires ON session (expires)",
    """
    CREATE TABLE attempt (
        session BLOB NOT NULL REFERENCES session ON DELETE CASCADE,
        state_sha256 BLOB NOT NULL,
        issuer TEXT NOT NULL,
        consent_id TEXT NOT NULL,
        permissions TEXT NOT NULL,
        expires REAL,
        nonce TEXT NOT NULL,
        code_verifier TEXT NOT NULL,
        begun REAL NOT NULL,
        PRIMARY KEY (session, state_sha256)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE connection (
        connection_id TEXT PRIMARY KEY,
        session BLOB NOT NULL REFERENCES session ON DELETE CASCADE,
        issuer TEXT NOT NULL,
        consent_id TEXT NOT NULL,
        permissions TEXT NOT NULL,
        expires REAL,
        sub TEXT NOT NULL,
        connected_at REAL NOT NULL,
        access_token TEXT,
        refresh_token TEXT,
        good_until REAL,
        x5t_s256 TEXT,
        consent_deleted INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX connection_by_session ON connection (session, connected_at)",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)


class UnusableDatabase(ValueError):
    """The file cannot be this application's; the text is one line and names it."""


class StoreFailed(Exception):
    """What was to be kept is not, or what was kept could not be read."""


def open_database(path: Path) -> sqlite3.Connection:
    """
    A connection to the database at *path*, which is made if it is missing.

    It is in autocommit mode: whoever writes uses `transaction`.

    Raises:
        UnusableDatabase: it cannot be read or written, is readable by others, is no
            SQLite database, or has another schema.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
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

    Raises:
        StoreFailed: for whatever SQLite says; the connection is usable afterwards.
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
        _set_durable(connection)
        _make_schema(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_durable(connection: sqlite3.Connection) -> None:
    # FULL: in WAL mode NORMAL does not sync at a commit, so a power cut would take
    # back what was acknowledged.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA fullfsync=ON")  # where fsync does not do (macOS)
    # Tokens that are deleted are overwritten, with the next checkpoint.
    connection.execute("PRAGMA secure_delete=FAST")
    connection.execute("PRAGMA foreign_keys=ON")
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
