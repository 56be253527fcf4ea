"""
The database file: how it comes into being, and how it is opened.

The directory is made 0700 and the file 0600 *before* SQLite sees it; its companions
`-wal` and `-shm` inherit the file's mode. The schema has a version: an earlier one is
brought up to date, one this code does not know is refused rather than guessed at.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from as_node.store.sqlite.schema import VERSIONS
from as_node.store.store import StoreFailed, UnusableDatabase
from pki.node import replaced_directory as directory

SCHEMA_VERSION = len(VERSIONS)


def open_database(path: Path, *, busy_seconds: float = 1.0) -> sqlite3.Connection:
    """
    A connection to the database at *path*, which is made if it is missing.

    Several processes may open it. SQLite lets one of them write at a time; the
    others wait, and fail with "database is locked" after *busy_seconds*. A reactor
    stands still meanwhile, so that is short.

    The connection is in autocommit mode: whoever writes uses `transaction`.

    Raises:
        UnusableDatabase: it cannot be read or written, is readable by others, is no
            SQLite database, or has a later schema.
    """
    try:
        with _alone_in(_made(path.parent)):
            _make_file(path)
            return _opened(path, busy_seconds)
    except OSError as error:
        raise UnusableDatabase(f"{path}: {error.strerror}") from error
    except (ValueError, sqlite3.Error, StoreFailed) as error:
        raise UnusableDatabase(f"{path}: {error}") from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """
    What is executed inside is committed, durably, or has not happened.

    Any exception undoes it and goes on, an error of SQLite's as `StoreFailed`. The
    connection is usable afterwards.
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


def _made(folder: Path) -> Path:
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.sync(folder.parent)
    return folder


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """
    Other processes that come to open a database in *folder* wait meanwhile.

    SQLite does not wait when it switches to the write-ahead log: of two processes
    that make the file at the same moment, one failed with "database is locked".
    """
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)  # and with it the lock


def _make_file(path: Path) -> None:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            raise ValueError(f"open to others (mode {mode:04o}, not 0600)") from None
    else:
        directory.sync(path.parent)


def _opened(path: Path, busy_seconds: float) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
    try:
        _set_durable(connection)
        connection.execute("PRAGMA foreign_keys=ON")  # off, unless one says so
        _make_schema(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_durable(connection: sqlite3.Connection) -> None:
    # FULL: in WAL mode NORMAL does not sync at a commit, so a power cut would take
    # back what was acknowledged.
    connection.execute("PRAGMA synchronous=FULL")
    # Where fsync alone does not reach the medium (macOS) this does.
    connection.execute("PRAGMA fullfsync=ON")
    # The private half of a retired key is overwritten, with the next checkpoint,
    # and not only unlinked.
    connection.execute("PRAGMA secure_delete=FAST")
    (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
    if mode != "wal":
        raise ValueError(f"no write-ahead log is possible here, only {mode!r}")


def _make_schema(connection: sqlite3.Connection) -> None:
    """
    Each step is whole or has not happened; the next start goes on from there.

    Whoever opens a database is alone meanwhile, see `_alone_in`.
    """
    version = _version(connection)
    if not 0 <= version <= SCHEMA_VERSION:
        raise ValueError(f"schema version {version}; this is for {SCHEMA_VERSION}")
    for number, statements in enumerate(VERSIONS[version:], start=version + 1):
        with transaction(connection):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    assert isinstance(version, int)  # noqa: S101 - tells mypy what SQLite says
    return version
