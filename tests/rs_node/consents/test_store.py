"""What the store of consents promises: once, at once, and for good."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

import pytest

from pki.node.store_errors import StoreFailed, UnusableDatabase
from rs_node.consents.consent import Consent, Decision, NotDecidable
from rs_node.consents.database import VERSIONS, open_database
from rs_node.consents.store import ConsentStore, UnknownConsent
from tests.rs_node.bank import RS_TOML

T = TypeVar("T")

NOW = 1_800_000_000.0
CONSENT = Consent(
    consent_id="aac-1",
    client_id="tpp",
    permissions=("ReadAccountsBasic", "ReadAccountsBasic"),
    expiration=datetime(2030, 1, 1, tzinfo=timezone(timedelta(hours=1))),
    transaction_from=datetime(2020, 1, 1, tzinfo=timezone(-timedelta(hours=5))),
    created=NOW,
    status_updated=NOW,
)
YES = Decision(decision_id="d", customer="ty", approved=True, account_ids=("a", "b"))


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """What an operation of the store gives."""
    return asyncio.run(coroutine)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database will be."""
    return tmp_path / "state" / "rs.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[ConsentStore]:
    """An open store with one consent, which waits."""
    opened = ConsentStore(open_database(path), lambda: NOW, lambda: NOW)
    run(opened.keep(CONSENT))
    yield opened
    opened.close()


def reopened(path: Path, now: float = NOW) -> ConsentStore:
    """The store as another process finds it."""
    return ConsentStore(open_database(path), lambda: now, lambda: now)


def test_kept(store: ConsentStore, path: Path) -> None:
    """What was kept is found again unchanged, dates with the zones they came in."""
    again = reopened(path)
    found = run(again.find("aac-1"))
    assert found == CONSENT
    assert found is not None
    assert found.expiration is not None
    assert found.expiration.utcoffset() == timedelta(hours=1)
    assert run(again.find("aac-2")) is None
    again.close()


def test_kept_once(store: ConsentStore) -> None:
    """A name is kept once; the second is a failure and changes nothing."""
    with pytest.raises(StoreFailed):
        run(store.keep(replace(CONSENT, client_id="thief")))
    assert run(store.find("aac-1")) == CONSENT


def test_decided(store: ConsentStore, path: Path) -> None:
    """A decision is there for the next process, and may be reported again."""
    after = run(store.decide("aac-1", YES))
    assert after.status == "AUTH"
    again = reopened(path)
    assert run(again.find("aac-1")) == after
    assert run(again.decide("aac-1", YES)) == after
    again.close()


def test_two_decisions(store: ConsentStore, path: Path) -> None:
    """Of two decisions by two processes one is made, and the other is told so."""
    other = reopened(path)
    run(store.decide("aac-1", YES))
    no = Decision(decision_id="e", customer="ty", approved=False, account_ids=())
    with pytest.raises(NotDecidable):
        run(other.decide("aac-1", no))
    found = run(other.find("aac-1"))
    assert found is not None
    assert found.status == "AUTH"
    other.close()


def test_cancelled(store: ConsentStore) -> None:
    """What is cancelled is cancelled, and not decided any more."""
    run(store.decide("aac-1", YES))
    assert run(store.cancel("aac-1")).status == "CANC"
    found = run(store.find("aac-1"))
    assert found is not None
    assert found.status == "CANC"
    with pytest.raises(NotDecidable, match="CANC"):
        run(store.decide("aac-1", YES))


def test_cancelled_before_anybody_decided(store: ConsentStore) -> None:
    """Nothing is left of it, so nobody fills the database by making and deleting."""
    assert run(store.cancel("aac-1")).status == "CANC"
    assert run(store.find("aac-1")) is None
    with pytest.raises(UnknownConsent):
        run(store.decide("aac-1", YES))


def test_nobodys(store: ConsentStore) -> None:
    """A name that nobody has cannot be decided or cancelled."""
    with pytest.raises(UnknownConsent):
        run(store.decide("aac-2", YES))
    with pytest.raises(UnknownConsent):
        run(store.cancel("aac-2"))


def test_as_of_now(store: ConsentStore, path: Path) -> None:
    """A consent is found as it stands at the moment, expired for example."""
    assert CONSENT.expiration is not None
    late = reopened(path, CONSENT.expiration.timestamp())
    found = run(late.find("aac-1"))
    assert found is not None
    assert found.status == "EXPD"
    with pytest.raises(NotDecidable):
        run(late.decide("aac-1", YES))
    assert run(late.cancel("aac-1")).status == "CANC"
    late.close()


def test_a_failing_disk(store: ConsentStore, path: Path) -> None:
    """An operation that cannot be done fails, and the store is usable afterwards."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("ALTER TABLE consent RENAME TO elsewhere")
    with pytest.raises(StoreFailed):
        run(store.find("aac-1"))
    with pytest.raises(StoreFailed):
        run(store.keep(replace(CONSENT, consent_id="aac-2")))
    other.execute("ALTER TABLE elsewhere RENAME TO consent")
    other.close()
    run(store.keep(replace(CONSENT, consent_id="aac-2")))
    assert run(store.find("aac-2")) is not None


def test_durable(store: ConsentStore, path: Path) -> None:
    """A commit is on the disk before it is acknowledged: WAL, synchronous=FULL."""
    connection = store._connection
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_readable_by_nobody_else(store: ConsentStore, path: Path) -> None:
    """The file and its companions are 0600, the directory that is made is 0700."""
    assert path.parent.stat().st_mode & 0o777 == 0o700
    for file in path.parent.iterdir():
        assert file.stat().st_mode & 0o777 == 0o600, file


_WRITER = """
import asyncio, sys
from pathlib import Path
from tests.rs_node.consents.test_store import CONSENT, NOW, YES, replace
from rs_node.consents.database import open_database
from rs_node.consents.store import ConsentStore
store = ConsentStore(open_database(Path(sys.argv[1])), lambda: NOW, lambda: NOW)
number = 0
while True:
    name = f"aac-{number}"
    asyncio.run(store.keep(replace(CONSENT, consent_id=name)))
    asyncio.run(store.decide(name, YES))
    print(number, flush=True)
    number += 1
"""


@pytest.mark.slow
def test_killed(path: Path) -> None:
    """What was acknowledged before a kill -9 is there after it, decision included."""
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(path)],
        cwd=RS_TOML.parents[1],
        stdout=subprocess.PIPE,
        text=True,
    )
    with writer:
        assert writer.stdout is not None
        acknowledged = [int(writer.stdout.readline()) for _ in range(5)]
        writer.send_signal(signal.SIGKILL)
        acknowledged += [int(line) for line in writer.stdout if line.endswith("\n")]
    again = reopened(path)
    for number in acknowledged:
        found = run(again.find(f"aac-{number}"))
        assert found is not None
        assert found.status == "AUTH"
    again.close()


def test_open_to_others(path: Path) -> None:
    """A database that others can read is not used."""
    open_database(path).close()
    path.chmod(0o644)
    with pytest.raises(UnusableDatabase, match="open to others"):
        open_database(path)


def test_another_schema(path: Path) -> None:
    """A schema of another version is not guessed at."""
    connection = open_database(path)
    connection.execute(f"PRAGMA user_version = {len(VERSIONS) + 1}")
    connection.close()
    with pytest.raises(UnusableDatabase, match="schema version"):
        open_database(path)


def test_no_database(path: Path) -> None:
    """A file that is no database is refused in one line that names it."""
    path.parent.mkdir()
    path.touch(0o600)
    path.write_text("x" * 4096)
    with pytest.raises(UnusableDatabase, match=r"rs\.sqlite3: file is not a database"):
        open_database(path)


def test_no_folder(tmp_path: Path) -> None:
    """A place where no file can be is refused in one line that names it."""
    (tmp_path / "file").touch()
    with pytest.raises(UnusableDatabase, match="Not a directory"):
        open_database(tmp_path / "file" / "rs.sqlite3")


def test_no_write_ahead_log(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Where SQLite cannot keep a write-ahead log, durability is not promised."""
    in_memory = sqlite3.connect(":memory:", isolation_level=None)
    monkeypatch.setattr(sqlite3, "connect", lambda *_, **__: in_memory)
    with pytest.raises(UnusableDatabase, match="no write-ahead log"):
        open_database(path)
