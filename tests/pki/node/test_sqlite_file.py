"""A durable file: who may read it, how durable it is, which schema it has."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from pki.node.sqlite_file import (
    LARGEST_WAL,
    PAGES_AT_ONCE,
    SPARE_PAGES,
    give_back_pages,
    open_database,
    read_row,
    read_rows,
    transaction,
)
from pki.node.store_errors import StoreFailed, UnusableDatabase

FIRST = ("CREATE TABLE thing (name TEXT PRIMARY KEY) STRICT",)
SECOND = (
    "CREATE TABLE part (thing TEXT NOT NULL REFERENCES thing ON DELETE CASCADE) STRICT",
    "CREATE INDEX part_by_thing ON part (thing)",
)
VERSIONS = (FIRST, SECOND)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file will be, in a directory to be made."""
    return tmp_path / "state" / "node.sqlite3"


def mode(path: Path) -> int:
    """The permission bits."""
    return path.stat().st_mode & 0o777


def version(connection: sqlite3.Connection) -> object:
    """The schema version that the file says it has."""
    return read_row(connection, "PRAGMA user_version")[0]


def test_only_its_owner_can_read_it(path: Path) -> None:
    """The directory is 0700; the file, its log and its index are 0600."""
    connection = open_database(path, VERSIONS)
    files = sorted(path.parent.iterdir())
    assert [file.name.removeprefix(path.name) for file in files] == ["", "-shm", "-wal"]
    assert [mode(file) for file in files] == [0o600] * 3
    assert mode(path.parent) == 0o700
    connection.close()


def test_a_commit_reaches_the_disk(path: Path) -> None:
    """A write-ahead log, synced at each commit: `synchronous` is FULL (2)."""
    connection = open_database(path, VERSIONS)
    for pragma, value in {
        "journal_mode": "wal",
        "synchronous": 2,
        "fullfsync": 1,
        "secure_delete": 2,
        "foreign_keys": 1,
        "busy_timeout": 1000,
    }.items():
        assert read_row(connection, f"PRAGMA {pragma}") == (value,), pragma
    connection.close()


def test_it_is_opened_again(path: Path) -> None:
    """A second start finds what the first one left."""
    first = open_database(path, VERSIONS)
    with transaction(first):
        first.execute("INSERT INTO thing VALUES ('a')")
    first.close()
    second = open_database(path, VERSIONS)
    assert read_rows(second, "SELECT name FROM thing WHERE name = ?", "a") == [("a",)]
    second.close()


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    """A start that was killed before it wrote anything does not stop the next one."""
    path.parent.mkdir()
    path.touch(mode=0o600)
    connection = open_database(path, VERSIONS)
    assert version(connection) == 2
    connection.close()


def test_an_earlier_version_is_brought_up_to_date(path: Path) -> None:
    """A new release finds what the old one kept, and goes on from its version."""
    old = open_database(path, VERSIONS[:1])
    assert version(old) == 1
    old.execute("INSERT INTO thing VALUES ('a')")
    old.close()
    new = open_database(path, VERSIONS)
    assert version(new) == 2
    assert read_rows(new, "SELECT name FROM thing") == [("a",)]
    assert read_rows(new, "SELECT thing FROM part") == []
    new.close()


def test_a_step_is_whole_or_has_not_happened(path: Path) -> None:
    """One that fails leaves the version before it, and the next start goes on there."""
    broken = (FIRST, (SECOND[0], "CREATE TABLE thing (x)"))
    with pytest.raises(UnusableDatabase, match="not committed: table thing already"):
        open_database(path, broken)
    half = sqlite3.connect(path)
    assert version(half) == 1
    assert read_rows(half, "SELECT name FROM sqlite_schema WHERE name = 'part'") == []
    half.close()
    open_database(path, VERSIONS).close()


def open_to_others(path: Path) -> None:
    """As a careless copy leaves it."""
    path.touch(mode=0o600)
    path.chmod(0o640)


def no_database(path: Path) -> None:
    """A file of something else."""
    path.touch(mode=0o600)
    path.write_bytes(b"something else" * 100)


def of_a_later_version(path: Path) -> None:
    """As a later release leaves it."""
    open_database(path, (*VERSIONS, ("CREATE TABLE later (x)",))).close()


def of_no_version(path: Path) -> None:
    """As nobody leaves it."""
    connection = open_database(path, VERSIONS)
    connection.execute("PRAGMA user_version=-1")
    connection.close()


def with_other_tables(path: Path) -> None:
    """A database of somebody who keeps no versions."""
    path.touch(mode=0o600)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE thing (x)")
    connection.close()


def a_directory(path: Path) -> None:
    """No file at all."""
    path.mkdir(mode=0o700)


@pytest.mark.parametrize(
    ("put", "why"),
    [
        (open_to_others, "open to others (mode 0640, not 0600)"),
        (no_database, "file is not a database"),
        (of_a_later_version, "schema version 3; this is for 2"),
        (of_no_version, "schema version -1; this is for 2"),
        (with_other_tables, "not committed: table thing already exists"),
        (a_directory, "unable to open database file"),
    ],
)
def test_what_is_not_ours_is_refused(
    path: Path, put: Callable[[Path], None], why: str
) -> None:
    """One line that names the file and the reason; the file is left as it is."""
    path.parent.mkdir()
    put(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(UnusableDatabase) as refusal:
        open_database(path, VERSIONS)
    assert str(refusal.value) == f"{path}: {why}"
    if put is not with_other_tables:  # that one has its write-ahead log by now
        assert (path.read_bytes() if path.is_file() else None) == before


def test_a_place_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """A file where the directory should be is told in one line as well."""
    (tmp_path / "state").touch()
    path = tmp_path / "state" / "node.sqlite3"
    with pytest.raises(UnusableDatabase) as refusal:
        open_database(path, VERSIONS)
    assert str(refusal.value) == f"{path}: Not a directory"


def test_a_file_system_without_a_log_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where SQLite cannot keep a write-ahead log nothing is promised."""
    monkeypatch.chdir(tmp_path)  # an empty file of this name is made
    with pytest.raises(UnusableDatabase, match="no write-ahead log is possible"):
        open_database(Path(":memory:"), VERSIONS)


def test_an_exception_undoes_a_transaction(path: Path) -> None:
    """Whatever is raised inside goes on as it is, and nothing was written."""
    connection = open_database(path, VERSIONS)
    for error, told in ((LookupError(), LookupError), (sqlite3.Error(), StoreFailed)):
        with pytest.raises(told):
            write_and_raise(connection, error)
        assert not connection.in_transaction
    assert read_rows(connection, "SELECT * FROM thing") == []
    connection.close()


def write_and_raise(connection: sqlite3.Connection, error: Exception) -> None:
    """A transaction that fails after its first statement."""
    with transaction(connection):
        connection.execute("INSERT INTO thing VALUES ('a')")
        raise error


@pytest.mark.bound("database.busy")
def test_nobody_waits_longer_than_was_said(path: Path) -> None:
    """A writer that finds another one at work fails, and can write after it."""
    one = open_database(path, VERSIONS)
    other = open_database(path, VERSIONS, busy_seconds=0)
    with transaction(one):
        waiting = pytest.raises(StoreFailed, match="not committed: database is locked")
        with waiting, transaction(other):
            pass
    with transaction(other):
        other.execute("INSERT INTO thing VALUES ('a')")
    assert read_row(one, "SELECT name FROM thing") == ("a",)
    one.close()
    other.close()


def test_what_cannot_be_read_is_told(path: Path) -> None:
    """An error of SQLite's is the store's, and no row is `None`."""
    connection = open_database(path, VERSIONS)
    assert read_row(connection, "SELECT name FROM thing") is None
    connection.execute("DROP TABLE thing")
    for read in (read_row, read_rows):
        with pytest.raises(StoreFailed, match="not read: no such table: thing"):
            read(connection, "SELECT name FROM thing")
    connection.close()


# Each step takes a while, so that whoever comes at the same moment comes meanwhile.
A_WHILE = """
    INSERT INTO thing WITH RECURSIVE n(i) AS
        (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
        SELECT 'thing ' || count(*) FROM n
"""
OPEN = """
import sys
from pathlib import Path
from pki.node.sqlite_file import open_database
from tests.pki.node.test_sqlite_file import A_WHILE, FIRST, SECOND
print("ready", flush=True)
sys.stdin.readline()
versions = ((*FIRST, A_WHILE), (*SECOND, "DELETE FROM thing", A_WHILE))
open_database(Path(sys.argv[1]), versions).close()
"""


@pytest.mark.parametrize("found", [0, 1])
def test_processes_that_start_together_make_one_database(
    path: Path, found: int
) -> None:
    """A new file, or an earlier version's: all start, each step is taken once."""
    if found:
        open_database(path, ((*FIRST, A_WHILE),)).close()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parents[3],
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate()[1] for process in processes] == [""] * 4
    made = open_database(path, VERSIONS)
    assert read_rows(made, "SELECT count(*) FROM thing") == [(1,)]
    made.close()


@pytest.mark.bound("database.spare", "database.at-once")
def test_a_file_that_was_large_gives_its_pages_back(path: Path) -> None:
    """A burst of rows that have gone does not stay on the disk for ever."""
    connection = open_database(path, VERSIONS)
    fill(connection)
    full = pages(connection)
    connection.execute("DELETE FROM thing")
    with transaction(connection):
        give_back_pages(connection)
    assert PAGES_AT_ONCE <= full - pages(connection) <= PAGES_AT_ONCE + 1
    for _ in range(full // PAGES_AT_ONCE):
        with transaction(connection):
            give_back_pages(connection)
    assert pages(connection) <= SPARE_PAGES + 10 < full
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert path.stat().st_size <= (SPARE_PAGES + 10) * 4096
    connection.close()


@pytest.mark.bound("database.wal")
def test_a_log_that_was_large_is_cut_off(path: Path) -> None:
    """What one commit needed of it does not stay on the disk for ever."""
    connection = open_database(path, VERSIONS)
    log = path.with_name(f"{path.name}-wal")
    with transaction(connection):
        connection.execute(
            "INSERT INTO thing SELECT hex(zeroblob(?))", (LARGEST_WAL // 2,)
        )
    assert log.stat().st_size > LARGEST_WAL
    for name in ("a", "b"):
        with transaction(connection):
            connection.execute("INSERT INTO thing VALUES (?)", (name,))
    assert log.stat().st_size <= LARGEST_WAL
    connection.close()


def test_a_file_of_before_learns_to(path: Path) -> None:
    """One that an earlier release made is written anew at the next start, once."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    path.touch(0o600)
    old = sqlite3.connect(path, isolation_level=None)
    old.execute("PRAGMA journal_mode=WAL")
    for statement in FIRST:
        old.execute(statement)
    old.execute("PRAGMA user_version = 1")
    fill(old)
    old.close()
    connection = open_database(path, VERSIONS)
    assert connection.execute("PRAGMA auto_vacuum").fetchone() == (2,)
    assert connection.execute("SELECT count(*) FROM thing").fetchone() == (2000,)
    connection.close()


def fill(connection: sqlite3.Connection) -> None:
    """Some megabytes of rows."""
    with transaction(connection):
        for number in range(2000):
            row = (f"{number} {'x' * 2000}",)
            connection.execute("INSERT INTO thing (name) VALUES (?)", row)


def pages(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("PRAGMA page_count").fetchone()
    assert isinstance(count, int)
    return count


def owner(path: Path) -> int:
    """What the file says of whose it is."""
    with closing(sqlite3.connect(path)) as connection:
        (found,) = connection.execute("PRAGMA application_id").fetchone()
    assert isinstance(found, int)
    return found


def test_the_owner_is_in_the_file(path: Path) -> None:
    """Of a new one, and of one that was made before there were owners."""
    open_database(path, VERSIONS).close()
    assert owner(path) == 0
    for _ in range(2):
        open_database(path, VERSIONS, owner=b"mine").close()
        assert owner(path) == int.from_bytes(b"mine", "big")
    other = path.with_name("other")
    open_database(other, VERSIONS, owner=b"\xffyou").close()
    open_database(other, VERSIONS, owner=b"\xffyou").close()


def test_a_file_of_another_owner(path: Path) -> None:
    """Is refused in one line that says whose it is, and left as it is."""
    open_database(path, VERSIONS[:1], owner=b"mine").close()
    before = path.read_bytes()
    with pytest.raises(UnusableDatabase, match=r"node\.sqlite3: a database of b'mine'"):
        open_database(path, VERSIONS, owner=b"your")
    assert path.read_bytes() == before
    open_database(path, VERSIONS, owner=b"mine").close()
