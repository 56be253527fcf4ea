"""What is written in one reactor turn shares one COMMIT, and nothing else."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.group_commit import GroupCommit
from pki.node.sqlite_file import PAGES_AT_ONCE, SPARE_PAGES
from pki.node.store_errors import StoreFailed


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "as.sqlite3"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_database(path, busy_seconds=0)
    yield connection
    connection.close()


@pytest.fixture
def reactor() -> Clock:
    return Clock()


@pytest.fixture
def commits(connection: sqlite3.Connection, reactor: Clock) -> GroupCommit:
    return GroupCommit(connection, reactor)


def revocation(jti: str) -> Callable[[sqlite3.Connection], str]:
    """A change that adds a row, and gives back its *jti*."""

    def change(connection: sqlite3.Connection) -> str:
        connection.execute("INSERT INTO revoked_access_token VALUES (?, 1)", (jti,))
        return jti

    return change


def seen_by_others(path: Path) -> set[str]:
    """The rows that another process would see now."""
    other = sqlite3.connect(path)
    rows = other.execute("SELECT jti FROM revoked_access_token").fetchall()
    other.close()
    return {jti for (jti,) in rows}


def outcome(waiter: Deferred[Any]) -> Any:
    """What the Deferred fired with, or the exception it failed with."""
    fired: list[Any] = []
    waiter.addBoth(fired.append)
    assert fired, "it still waits"
    return fired[0].value if isinstance(fired[0], Failure) else fired[0]


def test_what_is_written_in_one_turn_shares_a_commit(
    connection: sqlite3.Connection, commits: GroupCommit, reactor: Clock
) -> None:
    """Three writes in one turn are one transaction, and each has its own result."""
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    waiters = [commits.write(revocation(jti)) for jti in "abc"]
    assert statements == []
    assert len(reactor.getDelayedCalls()) == 1
    reactor.advance(0)
    assert [outcome(waiter) for waiter in waiters] == ["a", "b", "c"]
    assert statements.count("COMMIT") == 1


def test_the_next_turn_has_its_own_commit(
    path: Path, commits: GroupCommit, reactor: Clock
) -> None:
    """After a commit, the next write is committed without being asked for."""
    commits.write(revocation("a"))
    reactor.advance(0)
    waiter = commits.write(revocation("b"))
    reactor.advance(0)
    assert outcome(waiter) == "b"
    assert seen_by_others(path) == {"a", "b"}


def test_a_write_from_an_answer_is_committed_too(
    commits: GroupCommit, reactor: Clock
) -> None:
    """Whoever writes again as soon as it was told is not forgotten."""
    first = commits.write(revocation("a"))
    later: list[Deferred[str]] = []
    first.addCallback(lambda _: later.append(commits.write(revocation("b"))))
    reactor.advance(0)
    reactor.advance(0)
    assert outcome(later[0]) == "b"


def test_nobody_is_told_before_the_commit(
    path: Path, commits: GroupCommit, reactor: Clock
) -> None:
    """When the first is told, what all of them wrote is visible to another process."""
    seen: list[set[str]] = []
    for jti in "ab":
        waiter = commits.write(revocation(jti))
        waiter.addCallback(lambda _: seen.append(seen_by_others(path)))
    assert seen_by_others(path) == set()
    reactor.advance(0)
    assert seen == [{"a", "b"}, {"a", "b"}]


def test_cancelling_one_hurts_nobody(
    path: Path, commits: GroupCommit, reactor: Clock
) -> None:
    """Whoever goes away is told so at once; the others' writes, and its own, happen."""
    gone, stays = commits.write(revocation("a")), commits.write(revocation("b"))
    gone.cancel()
    assert isinstance(outcome(gone), CancelledError)
    reactor.advance(0)
    assert outcome(stays) == "b"
    assert seen_by_others(path) == {"a", "b"}


@pytest.mark.parametrize(
    ("error", "told"),
    [(LookupError("no"), LookupError), (sqlite3.IntegrityError("no"), StoreFailed)],
)
def test_a_change_that_fails_leaves_no_trace(
    path: Path,
    commits: GroupCommit,
    reactor: Clock,
    error: Exception,
    told: type[Exception],
) -> None:
    """What it had written is undone, and the others of its turn are committed."""

    def fails_half_way(connection: sqlite3.Connection) -> None:
        revocation("half")(connection)
        raise error

    before = commits.write(revocation("a"))
    failing = commits.write(fails_half_way)
    after = commits.write(revocation("b"))
    reactor.advance(0)
    assert isinstance(outcome(failing), told)
    assert [outcome(before), outcome(after)] == ["a", "b"]
    assert seen_by_others(path) == {"a", "b"}


def test_a_locked_database_fails_all_and_passes(
    path: Path, commits: GroupCommit, reactor: Clock
) -> None:
    """While another process writes nobody gets a result, and afterwards they do."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiters = [commits.write(revocation(jti)) for jti in "ab"]
    reactor.advance(0)
    failures = [outcome(waiter) for waiter in waiters]
    assert [str(each) for each in failures] == ["not committed: database is locked"] * 2
    assert failures[0] is not failures[1]
    other.close()
    waiter = commits.write(revocation("c"))
    reactor.advance(0)
    assert outcome(waiter) == "c"
    assert seen_by_others(path) == {"c"}


def test_a_full_disk_fails_all_and_passes(
    path: Path, commits: GroupCommit, reactor: Clock
) -> None:
    """A COMMIT that cannot be written acknowledges nothing and undoes everything."""
    commits.write(revocation("before"))
    reactor.advance(0)
    waiters = [commits.write(revocation(jti)) for jti in "ab"]
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        reactor.advance(0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [type(outcome(waiter)) for waiter in waiters] == [StoreFailed] * 2
    waiter = commits.write(revocation("c"))
    reactor.advance(0)
    assert outcome(waiter) == "c"
    assert seen_by_others(path) == {"before", "c"}


def test_a_change_that_does_not_fit_fails_all(
    connection: sqlite3.Connection, commits: GroupCommit, reactor: Clock
) -> None:
    """Where SQLite undoes the transaction by itself, none of its turn is told yes."""

    def undone(connection: sqlite3.Connection) -> None:
        connection.execute(
            "INSERT OR ROLLBACK INTO revoked_access_token VALUES ('a',1)"
        )

    waiters: list[Deferred[Any]] = [
        commits.write(revocation("a")),
        commits.write(undone),
    ]
    reactor.advance(0)
    for waiter in waiters:
        told = str(outcome(waiter))
        assert (
            told == "not committed: UNIQUE constraint failed: revoked_access_token.jti"
        )
    assert not connection.in_transaction


def test_a_commit_of_nothing_is_none(
    connection: sqlite3.Connection, commits: GroupCommit
) -> None:
    """Without anything waiting the database is left alone."""
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    commits.commit()
    assert statements == []


def test_after_the_end_writes_fail(
    connection: sqlite3.Connection, commits: GroupCommit, reactor: Clock
) -> None:
    """A write to a closed database is refused and not lost in silence."""
    connection.close()
    waiter = commits.write(revocation("a"))
    reactor.advance(0)
    assert isinstance(outcome(waiter), StoreFailed)


def test_a_file_that_may_grow_no_more_fails_all_and_passes(
    path: Path,
    connection: sqlite3.Connection,
    commits: GroupCommit,
    reactor: Clock,
) -> None:
    """Where SQLite finds no page for a row, none of its turn is told yes."""
    connection.execute("PRAGMA max_page_count = 1")  # as many as there are now
    acknowledged: set[str] = set()
    told: object = ""
    for number in range(2000):
        waiters = [commits.write(revocation(f"{number} {each}")) for each in "ab"]
        reactor.advance(0)
        outcomes = [outcome(each) for each in waiters]
        told = outcomes[0]
        if isinstance(told, StoreFailed):
            break
        acknowledged.update(outcomes)
    assert isinstance(told, StoreFailed)
    assert "full" in str(told)
    assert seen_by_others(path) == acknowledged
    connection.execute("PRAGMA max_page_count = 100000")
    waiter = commits.write(revocation("c"))
    reactor.advance(0)
    assert outcome(waiter) == "c"


def test_rows_that_have_gone_give_their_pages_back(
    connection: sqlite3.Connection, commits: GroupCommit, reactor: Clock
) -> None:
    """With each commit some, so that a burst does not stay on the disk for ever."""

    def burst(connection: sqlite3.Connection) -> None:
        row = "INSERT INTO revoked_access_token VALUES (?, 1)"
        connection.executemany(row, ((f"{n} {'x' * 3000}",) for n in range(1000)))

    def gone(connection: sqlite3.Connection) -> None:
        connection.execute("DELETE FROM revoked_access_token")

    commits.write(burst)
    reactor.advance(0)
    (full,) = connection.execute("PRAGMA page_count").fetchone()
    commits.write(gone)
    for number in range(full // PAGES_AT_ONCE + 1):
        commits.write(revocation(str(number)))
        reactor.advance(0)
    (left,) = connection.execute("PRAGMA page_count").fetchone()
    assert left < SPARE_PAGES + 100 < full
