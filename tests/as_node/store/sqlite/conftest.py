"""One database, opened as often as a test wants, and closed at its end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from twisted.internet.task import Clock

from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.store import SqliteStore
from tests.as_node.authorizing import Time, done


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def reactor() -> Clock:
    return Clock()


@pytest.fixture
def reopened(
    tmp_path: Path, reactor: Clock, time: Time
) -> Iterator[Callable[[], SqliteStore]]:
    """Open the same database once more: another process, as far as SQLite knows."""
    opened: list[SqliteStore] = []

    def again() -> SqliteStore:
        connection = open_database(tmp_path / "as.sqlite3")
        opened.append(SqliteStore(connection, reactor=reactor, clock=time))
        return opened[-1]

    yield again
    for store in opened:
        done(store.close())


@pytest.fixture
def store(reopened: Callable[[], SqliteStore]) -> SqliteStore:
    return reopened()
