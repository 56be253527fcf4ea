"""The database file: who may read it, how durable it is, which schema it has."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from twisted.internet.task import Clock

from as_node.store.records import IssuedAccessToken
from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.schema import VERSIONS
from as_node.store.sqlite.store import SqliteStore
from pki.node.sqlite_file import transaction
from pki.node.store_errors import StoreFailed, UnusableDatabase
from tests.as_node.authorizing import SENDER, done


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "as.sqlite3"


def mode(path: Path) -> int:
    """The permission bits."""
    return path.stat().st_mode & 0o777


def test_only_its_owner_can_read_it(path: Path) -> None:
    """The directory is 0700; the file, its log and its index are 0600."""
    connection = open_database(path)
    files = sorted(path.parent.iterdir())
    assert [file.name.removeprefix(path.name) for file in files] == ["", "-shm", "-wal"]
    assert [mode(file) for file in files] == [0o600] * 3
    assert mode(path.parent) == 0o700
    connection.close()


def test_a_commit_reaches_the_disk(path: Path) -> None:
    """A write-ahead log, synced at each commit: `synchronous` is FULL (2)."""
    connection = open_database(path)
    for pragma, value in {
        "journal_mode": "wal",
        "synchronous": 2,
        "fullfsync": 1,
        "secure_delete": 2,
        "foreign_keys": 1,
    }.items():
        assert connection.execute(f"PRAGMA {pragma}").fetchone() == (value,)
    connection.close()


def test_it_is_opened_again(path: Path) -> None:
    """A second start finds what the first one left."""
    first = open_database(path)
    with transaction(first):
        first.execute("INSERT INTO revoked_access_token VALUES ('a', 1)")
    first.close()
    second = open_database(path)
    assert second.execute("SELECT jti FROM revoked_access_token").fetchall() == [("a",)]
    second.close()


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    """A start that was killed before it wrote anything does not stop the next one."""
    path.parent.mkdir()
    path.touch(mode=0o600)
    connection = open_database(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(VERSIONS),)
    connection.close()


def test_a_half_made_schema_is_none(path: Path) -> None:
    """A start that is killed while it makes the tables leaves none of them."""
    path.parent.mkdir()
    path.touch(mode=0o600)
    interrupted = sqlite3.connect(path, isolation_level=None)
    interrupted.execute("PRAGMA journal_mode=WAL")
    interrupted.execute("BEGIN IMMEDIATE")
    interrupted.execute("CREATE TABLE opaque_token (x)")
    interrupted.close()
    open_database(path).close()


def of_version_1(path: Path) -> None:
    """A database as an earlier release made it, with something in each table."""
    path.parent.mkdir()
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    for statement in VERSIONS[0]:
        connection.execute(statement)
    connection.execute("INSERT INTO opaque_token VALUES (x'00', '{}', 1)")
    connection.execute("INSERT INTO revoked_access_token VALUES ('a', 1)")
    connection.execute(
        "INSERT INTO signing_key VALUES ('k', 'ES256', 'next', x'01', x'02', NULL)"
    )
    connection.execute("PRAGMA user_version = 1")
    connection.close()


def tables(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Every table and index, with the statement that made it."""
    query = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name"
    return connection.execute(query).fetchall()


def test_an_earlier_version_is_brought_up_to_date(path: Path, tmp_path: Path) -> None:
    """A new release finds what the old one kept, in the tables of a new database."""
    of_version_1(path)
    migrated = open_database(path)
    new = open_database(tmp_path / "new.sqlite3")
    assert tables(migrated) == tables(new)
    assert migrated.execute("PRAGMA user_version").fetchone() == (len(VERSIONS),)
    for table in ("opaque_token", "revoked_access_token", "signing_key"):
        count = f"SELECT count(*) FROM {table}"  # noqa: S608 - the tests' own names
        assert migrated.execute(count).fetchone() == (1,)
    migrated.close()
    new.close()


def of_version_2(path: Path) -> None:
    """A database as an earlier release made it: refresh tokens, one of them bound."""
    path.parent.mkdir()
    path.touch(mode=0o600)
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in (*VERSIONS[0], *VERSIONS[1]):
        connection.execute(statement)
    connection.execute(
        "INSERT INTO authorization_grant VALUES"
        " ('g', 'c', 's', 'openid', NULL, 1, NULL, NULL, NULL, 0, 9999)"
    )
    for sha256, x5t_s256 in ((b"\x01", SENDER.x5t_s256), (b"\x02", None)):
        row = (sha256, "g", x5t_s256, 9000)
        connection.execute("INSERT INTO refresh_token VALUES (?, ?, ?, ?)", row)
    pushed = ("urn:a", "c", '{"scope": "openid"}', 9000)
    connection.execute("INSERT INTO pushed_request VALUES (?, ?, ?, ?)", pushed)
    connection.execute("PRAGMA user_version = 2")
    connection.close()


def test_a_refresh_token_stays_bound_to_what_it_was(path: Path) -> None:
    """RFC 8705 section 4: a new release knows the certificate, and binds no other."""
    of_version_2(path)
    migrated = open_database(path)
    store = SqliteStore(migrated, reactor=Clock(), clock=lambda: 1)
    for sha256, bound_to in ((b"\x01", SENDER), (b"\x02", None)):
        found = done(store.find_refresh_token(sha256))
        assert found is not None
        assert found.bound_to == bound_to
    migrated.close()


def test_a_request_that_was_never_judged_is_gone(path: Path) -> None:
    """An earlier release kept parameters: a customer starts again at her client's."""
    of_version_2(path)
    migrated = open_database(path)
    store = SqliteStore(migrated, reactor=Clock(), clock=lambda: 1)
    assert done(store.find_pushed_request("urn:a")) is None
    migrated.close()


def test_tokens_without_an_index_are_revoked_as_before(path: Path) -> None:
    """A grant of an earlier release has tokens that no status list is about."""
    of_version_2(path)
    before = sqlite3.connect(path, isolation_level=None)
    before.execute("INSERT INTO issued_access_token VALUES ('a', 'g', 9000)")
    before.close()
    reactor = Clock()
    migrated = open_database(path)
    store = SqliteStore(migrated, reactor=reactor, clock=lambda: 1)
    done(store.note_issued(IssuedAccessToken("b", "g", 9000, status_index=5)), reactor)
    done(store.revoke_grant("g"), reactor)
    assert done(store.is_access_token_revoked("a"))
    assert list(done(store.revoked_since(0, 0, 10)).indexes) == [5]
    migrated.close()


def test_an_interrupted_migration_begins_again(path: Path) -> None:
    """A start that is killed while it migrates leaves the earlier version whole."""
    of_version_1(path)
    interrupted = sqlite3.connect(path, isolation_level=None)
    interrupted.execute("BEGIN IMMEDIATE")
    interrupted.execute(VERSIONS[1][0])
    interrupted.close()
    open_database(path).close()


def open_to_others(path: Path) -> None:
    path.touch(mode=0o600)
    path.chmod(0o640)


def no_database(path: Path) -> None:
    path.touch(mode=0o600)
    path.write_bytes(b"something else" * 100)


def of_a_later_version(path: Path) -> None:
    connection = open_database(path)
    connection.execute("PRAGMA user_version=99")
    connection.close()


def of_no_version(path: Path) -> None:
    connection = open_database(path)
    connection.execute("PRAGMA user_version=-1")
    connection.close()


def with_other_tables(path: Path) -> None:
    path.touch(mode=0o600)
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE opaque_token (x)")
    connection.close()


def a_directory(path: Path) -> None:
    path.mkdir(mode=0o700)


@pytest.mark.parametrize(
    ("put", "why"),
    [
        (open_to_others, "open to others (mode 0640, not 0600)"),
        (no_database, "file is not a database"),
        (of_a_later_version, f"schema version 99; this is for {len(VERSIONS)}"),
        (of_no_version, f"schema version -1; this is for {len(VERSIONS)}"),
        (with_other_tables, "not committed: table opaque_token already exists"),
        (a_directory, "unable to open database file"),
    ],
)
def test_what_is_not_ours_is_refused(
    path: Path, put: Callable[[Path], None], why: str
) -> None:
    """One line that names the file and the reason; the file is left as it is."""
    path.parent.mkdir()
    put(path)
    with pytest.raises(UnusableDatabase) as refusal:
        open_database(path)
    assert str(refusal.value) == f"{path}: {why}"


def test_a_place_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    """A file where the directory should be is told in one line as well."""
    (tmp_path / "state").touch()
    path = tmp_path / "state" / "as.sqlite3"
    with pytest.raises(UnusableDatabase) as refusal:
        open_database(path)
    assert str(refusal.value) == f"{path}: Not a directory"


def test_a_file_system_without_a_log_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where SQLite cannot keep a write-ahead log nothing is promised."""
    monkeypatch.chdir(tmp_path)  # an empty file of this name is made
    with pytest.raises(UnusableDatabase, match="no write-ahead log is possible"):
        open_database(Path(":memory:"))


def test_an_exception_undoes_a_transaction(path: Path) -> None:
    """Whatever is raised inside goes on as it is, and nothing was written."""
    connection = open_database(path)
    for error, told in ((LookupError(), LookupError), (sqlite3.Error(), StoreFailed)):
        with pytest.raises(told):
            write_and_raise(connection, error)
        assert not connection.in_transaction
    assert connection.execute("SELECT * FROM revoked_access_token").fetchall() == []
    connection.close()


def write_and_raise(connection: sqlite3.Connection, error: Exception) -> None:
    """A transaction that fails after its first statement."""
    with transaction(connection):
        connection.execute("INSERT INTO revoked_access_token VALUES ('a', 1)")
        raise error


OPEN = """
import sys
from pathlib import Path
from as_node.store.sqlite.database import open_database
print("ready", flush=True)
sys.stdin.readline()
open_database(Path(sys.argv[1])).close()
"""


def test_two_processes_make_one_database(path: Path) -> None:
    """Servers that start at the same moment all start."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=Path(__file__).parents[4],
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    assert [process.communicate()[1] for process in processes] == [""] * 3
