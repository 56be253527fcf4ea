"""
A durable SQLite file: how it comes into being, and how it is opened.

The directory is made 0700 and the file 0600 *before* SQLite sees it; its companions
`-wal` and `-shm` inherit the file's mode. The schema has a version: an earlier one is
brought up to date, one this code does not know is refused rather than guessed at.

What the tables are, and what a row means, is its owner's.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pki.node import replaced_directory as directory
from pki.node.store_errors import StoreFailed, UnusableDatabase

_INCREMENTAL = 2  # of PRAGMA auto_vacuum

Versions = Sequence[Sequence[str]]
"""
For each version of a schema the statements that make it from the one before.

A version that was ever in use is not edited any more: the next one is added.
"""

SPARE_PAGES = 256  # 1 MiB of the file that may be free
PAGES_AT_ONCE = 64  # given back with one commit: as many as a burst writes in one

LARGEST_WAL = 16 * 1024 * 1024
"""Bytes of the write-ahead log that are kept when all of it is in the database."""

NOBODYS = bytes(4)
"""Of a file that does not say whose it is."""

BUSY_SECONDS = 1.0  # a reactor stands still meanwhile, so that is short


def open_database(
    path: Path,
    versions: Versions,
    *,
    owner: bytes = NOBODYS,
    busy_seconds: float = BUSY_SECONDS,
) -> sqlite3.Connection:
    """
    A connection to the database at *path*, which is made if it is missing.

    Several processes may open it. SQLite lets one of them write at a time; the
    others wait, and fail with "database is locked" after *busy_seconds*.

    *owner* is four letters that say whose tables these are, kept in the file as its
    `application_id`; a file of another owner's is left as it is. One without any was
    made before there were owners, and is this one's from now on: that its tables are
    is not checked.

    The connection is in autocommit mode: whoever writes uses `transaction`. That the
    tables of a known version are the ones its statements make is not checked.

    Raises:
        UnusableDatabase: it cannot be read or written, is readable by others, is no
            SQLite database, is another owner's, or has a later schema.
    """
    try:
        with _alone_in(_made(path.parent)):
            _make_file(path)
            return _opened(path, versions, owner, busy_seconds)
    except OSError as error:
        raise UnusableDatabase(f"{path}: {error.strerror}") from error
    except (ValueError, sqlite3.Error, StoreFailed) as error:
        raise UnusableDatabase(f"{path}: {error}") from error


def give_back_pages(connection: sqlite3.Connection) -> None:
    """
    Some of the pages that rows left behind, to the file system; within a transaction.

    A few at a time, so that no commit takes long, and not the last ones: they are
    used again by the rows that come.
    """
    (free,) = connection.execute("PRAGMA freelist_count").fetchone()
    for _ in range(min(free - SPARE_PAGES, PAGES_AT_ONCE)):
        # One for each call, whatever number it is given: Python steps it once.
        connection.execute("PRAGMA incremental_vacuum(1)")


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


def read_rows(connection: sqlite3.Connection, query: str, *values: object) -> list[Any]:
    """
    The rows that *query* finds.

    Raises:
        StoreFailed: it cannot be told.
    """
    try:
        return connection.execute(query, values).fetchall()
    except sqlite3.Error as error:
        raise StoreFailed(f"not read: {error}") from error


def read_row(connection: sqlite3.Connection, query: str, *values: object) -> Any:
    """The first of `read_rows`, or None; raises as that does."""
    return next(iter(read_rows(connection, query, *values)), None)


def _made(folder: Path) -> Path:
    if not folder.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.sync(folder.parent)
    return folder


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """
    Other processes that come to open a database in *folder* wait meanwhile.

    Without that two that start together both find an empty file, and the second
    stumbles over the tables of the first. Nor does SQLite wait when it switches to the
    write-ahead log: one of the two failed with "database is locked".
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


def _opened(
    path: Path, versions: Versions, owner: bytes, busy_seconds: float
) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=busy_seconds, isolation_level=None)
    try:
        _verify_owner(connection, owner)  # before anything is written
        _set_shrinking(connection)  # before there is anything in the file
        _set_durable(connection)
        connection.execute("PRAGMA foreign_keys=ON")  # off, unless one says so
        _make_schema(connection, versions)
        _set_owner(connection, owner)
    except BaseException:
        connection.close()
        raise
    return connection


def _verify_owner(connection: sqlite3.Connection, owner: bytes) -> None:
    found = _owner(connection)
    if found not in (owner, NOBODYS):
        raise ValueError(f"a database of {found!a}; this is for one of {owner!a}")


def _set_owner(connection: sqlite3.Connection, owner: bytes) -> None:
    if _owner(connection) != owner:
        number = int.from_bytes(owner, "big", signed=True)
        with transaction(connection):
            connection.execute(f"PRAGMA application_id = {number}")


def _owner(connection: sqlite3.Connection) -> bytes:
    (number,) = connection.execute("PRAGMA application_id").fetchone()
    assert isinstance(number, int)  # noqa: S101 - tells mypy what SQLite says
    return number.to_bytes(4, "big", signed=True)


def _set_shrinking(connection: sqlite3.Connection) -> None:
    """
    The file gives pages back when rows have gone; a burst does not stay for ever.

    One that was made without it is written anew, where that is possible now.
    """
    connection.execute(f"PRAGMA journal_size_limit={LARGEST_WAL}")
    (mode,) = connection.execute("PRAGMA auto_vacuum").fetchone()
    if mode == _INCREMENTAL:
        return
    connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
    if _version(connection) > 0:
        with suppress(sqlite3.OperationalError):  # in use, or no room to write it
            connection.execute("VACUUM")


def _set_durable(connection: sqlite3.Connection) -> None:
    # FULL: in WAL mode NORMAL does not sync at a commit, so a power cut would take
    # back what was acknowledged.
    connection.execute("PRAGMA synchronous=FULL")
    # Where fsync alone does not reach the medium (macOS) this does.
    connection.execute("PRAGMA fullfsync=ON")
    # A secret that is deleted is overwritten, with the next checkpoint, and not only
    # unlinked.
    connection.execute("PRAGMA secure_delete=FAST")
    (mode,) = connection.execute("PRAGMA journal_mode=WAL").fetchone()
    if mode != "wal":
        raise ValueError(f"no write-ahead log is possible here, only {mode!r}")


def _make_schema(connection: sqlite3.Connection, versions: Versions) -> None:
    """
    Each step is whole or has not happened; the next start goes on from there.

    Whoever opens a database is alone meanwhile, see `_alone_in`.
    """
    version = _version(connection)
    if not 0 <= version <= len(versions):
        raise ValueError(f"schema version {version}; this is for {len(versions)}")
    for number, statements in enumerate(versions[version:], start=version + 1):
        with transaction(connection):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    assert isinstance(version, int)  # noqa: S101 - tells mypy what SQLite says
    return version
