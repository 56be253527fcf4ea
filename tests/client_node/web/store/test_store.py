"""The store of the web application: durable, closed to others, and bounded."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from client_node.web.store.database import VERSIONS, open_database
from client_node.web.store.records import Attempt, Connection, Tokens
from client_node.web.store.store import ATTEMPT_LIFETIME, SESSION_LIFETIME, WebStore
from pki.node import sqlite_file
from pki.node.store_errors import StoreFailed, UnusableDatabase
from tests.in_memory.network import MemoryNetwork

NOW = 1_000_000.0
ATTEMPT = Attempt(
    session=b"session",
    state_sha256=b"state",
    issuer="https://localhost:9443",
    consent_id="consent-1",
    permissions=("ReadBalances", "ReadAccountsDetail"),
    expires=NOW + 100,
    nonce="nonce",
    code_verifier="verifier",
    begun=NOW,
    renews="one",
)
TOKENS = Tokens("access", "refresh", NOW + 300, "thumbprint")
CONNECTION = Connection(
    connection_id="one",
    session=b"session",
    issuer="https://localhost:9443",
    consent_id="consent-1",
    permissions=("ReadBalances", "ReadAccountsDetail"),
    expires=None,
    sub="ty.webb@example.com",
    connected_at=NOW,
    tokens=TOKENS,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database will be, in a directory to be made."""
    return tmp_path / "state" / "client.sqlite3"


@pytest.fixture
def time() -> list[float]:
    """The time, for a test to change."""
    return [NOW]


@pytest.fixture
def store(path: Path, network: MemoryNetwork, time: list[float]) -> Iterator[WebStore]:
    """A store with nothing in it."""
    store = WebStore(open_database(path), lambda: time[0], lambda: time[0])
    yield store
    network.run(store.close())


def test_an_attempt_is_used_once(network: MemoryNetwork, store: WebStore) -> None:
    """All of it, and never again."""
    network.run(store.keep_attempt(ATTEMPT))
    assert network.run(store.use_attempt(b"session", b"state")) == ATTEMPT
    assert network.run(store.use_attempt(b"session", b"state")) is None


def test_an_attempt_of_another_session(network: MemoryNetwork, store: WebStore) -> None:
    """Is not found, and not used up either."""
    network.run(store.keep_attempt(ATTEMPT))
    assert network.run(store.use_attempt(b"other", b"state")) is None
    assert network.run(store.use_attempt(b"session", b"state")) == ATTEMPT


def test_an_old_attempt(
    network: MemoryNetwork, store: WebStore, time: list[float]
) -> None:
    """Is none."""
    network.run(store.keep_attempt(ATTEMPT))
    time[0] += ATTEMPT_LIFETIME
    assert network.run(store.use_attempt(b"session", b"state")) is None


def test_a_connection_is_kept_over_a_restart(
    network: MemoryNetwork, store: WebStore, path: Path
) -> None:
    """All of it."""
    network.run(store.keep_connection(CONNECTION))
    again = WebStore(open_database(path), lambda: NOW, lambda: NOW)
    assert network.run(again.connections(b"session")) == [CONNECTION]
    network.run(again.close())


def test_connections_of_a_session_only(network: MemoryNetwork, store: WebStore) -> None:
    """In the order they were made; another session's are not found by their id."""
    later = replace(CONNECTION, connection_id="two", connected_at=NOW + 1)
    network.run(store.keep_connection(later))
    network.run(store.keep_connection(CONNECTION))
    other = replace(CONNECTION, connection_id="three", session=b"other")
    network.run(store.keep_connection(other))
    assert network.run(store.connections(b"session")) == [CONNECTION, later]
    assert network.run(store.find_connection(b"session", "two")) == later
    assert network.run(store.find_connection(b"session", "three")) is None


def test_tokens_take_the_place_of_tokens(
    network: MemoryNetwork, store: WebStore
) -> None:
    """But not of those that are revoked: who disconnects meanwhile stays so."""
    network.run(store.keep_connection(CONNECTION))
    newer = replace(TOKENS, access_token="newer", good_until=None)
    network.run(store.replace_tokens("one", newer, instead_of=TOKENS))
    (kept,) = network.run(store.connections(b"session"))
    assert kept.tokens == newer
    network.run(store.note_tokens_revoked("one"))
    network.run(store.replace_tokens("one", TOKENS, instead_of=newer))
    (kept,) = network.run(store.connections(b"session"))
    assert kept.tokens is None


@pytest.mark.bound("web.attempt-time")
def test_who_only_begins_leaves_nothing(
    network: MemoryNetwork, store: WebStore, time: list[float], path: Path
) -> None:
    """Anybody can begin, under as many sessions as he likes: for an hour."""
    network.run(store.keep_connection(replace(CONNECTION, session=b"hers")))
    for name in (b"hers", b"a stranger's"):
        network.run(store.keep_attempt(replace(ATTEMPT, session=name, begun=time[0])))
    time[0] += ATTEMPT_LIFETIME
    network.run(store.keep_attempt(replace(ATTEMPT, session=b"new", begun=time[0])))
    reading = sqlite3.connect(path)
    sessions = reading.execute("SELECT sha256 FROM session ORDER BY sha256").fetchall()
    reading.close()
    assert sessions == [(b"hers",), (b"new",)]


def test_a_connection_is_renewed(network: MemoryNetwork, store: WebStore) -> None:
    """With new tokens; a refresh of the old ones that comes late changes nothing."""
    network.run(store.keep_connection(CONNECTION))
    newer = replace(TOKENS, access_token="newer", refresh_token="refresh-2")
    renewed = replace(
        CONNECTION, tokens=newer, auth_time=1_000_000, access_ends=NOW + 900
    )
    assert network.run(store.renew_connection(renewed))
    late = replace(TOKENS, access_token="late")
    network.run(store.replace_tokens("one", late, instead_of=TOKENS))
    network.run(store.note_access_ended("one", TOKENS, NOW))
    assert network.run(store.connections(b"session")) == [renewed]
    network.run(store.note_access_ended("one", newer, NOW + 1))
    (kept,) = network.run(store.connections(b"session"))
    assert kept == replace(renewed, access_ends=NOW + 1)


@pytest.mark.parametrize(
    "changed",
    [
        {"connection_id": "two"},
        {"session": b"other"},
        {"sub": "lacey.underall@example.com"},
    ],
)
def test_what_is_not_renewed(
    network: MemoryNetwork, store: WebStore, changed: dict[str, Any]
) -> None:
    """Another connection, another browser's, another customer's."""
    network.run(store.keep_connection(CONNECTION))
    assert not network.run(store.renew_connection(replace(CONNECTION, **changed)))
    assert network.run(store.connections(b"session")) == [CONNECTION]


@pytest.mark.parametrize("end", ["note_tokens_revoked", "note_consent_deleted"])
def test_what_was_ended_is_not_renewed(
    network: MemoryNetwork, store: WebStore, end: str
) -> None:
    """Who disconnects meanwhile stays so."""
    network.run(store.keep_connection(CONNECTION))
    network.run(getattr(store, end)("one"))
    assert not network.run(store.renew_connection(CONNECTION))
    (kept,) = network.run(store.connections(b"session"))
    assert not kept.is_whole


def test_a_file_of_before(network: MemoryNetwork, path: Path) -> None:
    """Its connections go on; nothing is known of when she signed in."""
    before = sqlite_file.open_database(path, VERSIONS[:1])
    before.execute(
        "INSERT INTO session VALUES (?, ?)", (b"session", NOW + SESSION_LIFETIME)
    )
    before.execute(
        "INSERT INTO connection VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *("one", b"session", "https://localhost:9443", "consent-1"),
            *("ReadBalances ReadAccountsDetail", None, "ty.webb@example.com", NOW),
            *("access", "refresh", NOW + 300, "thumbprint", 0),
        ),
    )
    before.close()
    store = WebStore(open_database(path), lambda: NOW, lambda: NOW)
    assert network.run(store.connections(b"session")) == [CONNECTION]
    network.run(store.close())


def test_what_was_ended(network: MemoryNetwork, store: WebStore) -> None:
    """Is noted, and then forgotten."""
    network.run(store.keep_connection(CONNECTION))
    network.run(store.note_consent_deleted("one"))
    (kept,) = network.run(store.connections(b"session"))
    assert (kept.consent_deleted, kept.is_whole) == (True, False)
    network.run(store.forget_connection("one"))
    assert network.run(store.connections(b"session")) == []


@pytest.mark.bound("web.session-time")
def test_a_session_ends_with_all_that_is_its(
    network: MemoryNetwork, store: WebStore, time: list[float], path: Path
) -> None:
    """It is not found any more, and is deleted with the next that comes."""
    network.run(store.keep_connection(CONNECTION))
    time[0] += SESSION_LIFETIME
    assert network.run(store.connections(b"session")) == []
    network.run(store.keep_attempt(replace(ATTEMPT, session=b"new", begun=time[0])))
    reading = sqlite3.connect(path)
    assert reading.execute("SELECT count(*) FROM connection").fetchone() == (0,)
    reading.close()


def test_the_file_is_closed_to_others(store: WebStore, path: Path) -> None:
    """0600, in a directory of 0700: it holds tokens."""
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_what_was_not_committed_is_told(
    network: MemoryNetwork, store: WebStore, path: Path
) -> None:
    """Somebody else writes for too long: nothing is half kept."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreFailed):
        network.run(store.keep_connection(CONNECTION))
    other.execute("ROLLBACK")
    other.close()
    assert network.run(store.connections(b"session")) == []


def test_a_file_that_others_can_read(path: Path) -> None:
    """Is refused."""
    path.parent.mkdir()
    path.touch(0o644)
    with pytest.raises(UnusableDatabase, match="open to others"):
        open_database(path)


def test_a_file_of_something_else(path: Path) -> None:
    """Is refused in one line."""
    path.parent.mkdir()
    path.touch(0o600)
    path.write_text("nothing of the kind" * 100)
    with pytest.raises(UnusableDatabase, match="client"):
        open_database(path)


def test_a_schema_of_another_version(path: Path) -> None:
    """Is refused rather than guessed at."""
    open_database(path).close()
    other = sqlite3.connect(path)
    other.execute("PRAGMA user_version = 99")
    other.close()
    with pytest.raises(UnusableDatabase, match="schema version 99"):
        open_database(path)


def test_a_directory_that_cannot_be_made(tmp_path: Path) -> None:
    """Is told in one line."""
    (tmp_path / "file").touch()
    with pytest.raises(UnusableDatabase, match="file"):
        open_database(tmp_path / "file" / "client.sqlite3")
