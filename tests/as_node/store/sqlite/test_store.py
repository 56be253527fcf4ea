"""The store in SQLite: what each operation promises."""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from as_node.store.records import OpaqueToken
from as_node.store.sqlite.store import SqliteStore
from as_node.store.store import Store
from pki.node.believed_clock import BELIEVED_AFTER, FORGET_AFTER
from pki.node.store_errors import StoreFailed
from tests.as_node.authorizing import NOW, Time, passes

T = TypeVar("T")

Open = Callable[[], SqliteStore]


def done(coroutine: Coroutine[Any, Any, T], reactor: Clock | None = None) -> T:
    """What the coroutine returns, after at most one turn of the reactor."""
    fired: list[Any] = []
    Deferred.fromCoroutine(coroutine).addBoth(fired.append)
    if reactor is not None:
        reactor.advance(0)
    assert fired, "it still waits"
    if isinstance(fired[0], Failure):
        fired[0].raiseException()
    result: T = fired[0]
    return result


def an_opaque_token(number: int = 1, *, exp: int = NOW + 300) -> OpaqueToken:
    """A token of its own hash."""
    return OpaqueToken(number.to_bytes(32, "big"), '{"iss":"…"}', exp)


def rows(store: SqliteStore, table: str) -> int:
    """How many rows a table has."""
    query = f"SELECT count(*) FROM {table}"  # noqa: S608 - the tests' own names
    (count,) = store._connection.execute(query).fetchone()
    assert isinstance(count, int)
    return count


def test_it_is_a_store(store: SqliteStore) -> None:
    """It has every operation of the protocol; mypy reads this line, too."""
    as_store: Store = store
    assert as_store is store


def test_an_opaque_token_is_found_by_its_hash(
    store: SqliteStore, reactor: Clock
) -> None:
    """What is kept is found as it was, and nothing under another hash."""
    done(store.keep_opaque_token(an_opaque_token()), reactor)
    assert done(store.find_opaque_token(an_opaque_token().sha256)) == an_opaque_token()
    assert done(store.find_opaque_token(an_opaque_token(2).sha256)) is None


def test_one_hash_is_kept_once(store: SqliteStore, reactor: Clock) -> None:
    """Two tokens of one hash cannot be: the second is refused, the first unchanged."""
    done(store.keep_opaque_token(an_opaque_token()), reactor)
    with pytest.raises(StoreFailed, match="UNIQUE"):
        done(store.keep_opaque_token(an_opaque_token(exp=NOW + 999)), reactor)
    assert done(store.find_opaque_token(an_opaque_token().sha256)) == an_opaque_token()


def test_a_read_sees_nothing_that_is_not_committed(
    store: SqliteStore, reactor: Clock
) -> None:
    """In the turn of a write it is not there yet; with the acknowledgement it is."""
    Deferred.fromCoroutine(store.keep_opaque_token(an_opaque_token()))
    revoked = Deferred.fromCoroutine(store.revoke_access_token("a", NOW + 300))
    assert done(store.find_opaque_token(an_opaque_token().sha256)) is None
    assert not done(store.is_access_token_revoked("a"))
    seen: list[bool] = []
    revoked.addCallback(lambda _: seen.append(done(store.is_access_token_revoked("a"))))
    reactor.advance(0)
    assert seen == [True]


def test_a_revoked_token_stays_revoked(store: SqliteStore, reactor: Clock) -> None:
    """Revoked is the one named and no other, and twice is as good as once."""
    for _ in range(2):
        done(store.revoke_access_token("a", NOW + 300), reactor)
    assert done(store.is_access_token_revoked("a"))
    assert not done(store.is_access_token_revoked("b"))


def test_everything_outlives_the_process(
    store: SqliteStore, reopened: Open, reactor: Clock
) -> None:
    """Another process finds the tokens and the revocations."""
    done(store.keep_opaque_token(an_opaque_token()), reactor)
    done(store.revoke_access_token("a", NOW + 300), reactor)
    other = reopened()
    assert done(other.find_opaque_token(an_opaque_token().sha256)) == an_opaque_token()
    assert done(other.is_access_token_revoked("a"))
    done(other.close())


def test_closing_commits_what_waits(reopened: Open, reactor: Clock) -> None:
    """A stop in the middle of a turn tells whoever waits, truthfully."""
    store = reopened()
    kept = Deferred.fromCoroutine(store.keep_opaque_token(an_opaque_token()))
    done(store.close())
    assert kept.called
    reactor.advance(0)  # the end of the turn comes all the same
    again = reopened()
    assert done(again.find_opaque_token(an_opaque_token().sha256)) == an_opaque_token()
    done(again.close())


def test_a_closed_store_fails(reopened: Open, reactor: Clock) -> None:
    """After the end neither a read nor a write seems to have worked."""
    store = reopened()
    done(store.close())
    with pytest.raises(StoreFailed, match="not committed"):
        done(store.keep_opaque_token(an_opaque_token()), reactor)
    with pytest.raises(StoreFailed, match="not read"):
        done(store.find_opaque_token(b""))
    with pytest.raises(StoreFailed, match="not read"):
        done(store.is_access_token_revoked("a"))


def test_expired_rows_go_as_new_ones_come(
    store: SqliteStore, reactor: Clock, time: Time
) -> None:
    """The tables shrink to what is in force, and lose nothing that is."""
    for number in range(10):
        done(store.keep_opaque_token(an_opaque_token(number, exp=NOW + 1)), reactor)
        done(store.revoke_access_token(str(number), NOW + 1), reactor)
    assert rows(store, "opaque_token") == rows(store, "revoked_access_token") == 10
    passes(FORGET_AFTER + 1, time, reactor)
    later = int(time.now) + 300
    for number in range(10, 15):
        done(store.keep_opaque_token(an_opaque_token(number, exp=later)), reactor)
        done(store.revoke_access_token(str(number), later), reactor)
    assert rows(store, "opaque_token") == rows(store, "revoked_access_token") == 5
    assert done(store.find_opaque_token(an_opaque_token(10).sha256)) is not None
    assert done(store.is_access_token_revoked("10"))


def test_a_clock_that_was_ahead_takes_nothing_away(
    store: SqliteStore, reopened: Open, reactor: Clock, time: Time
) -> None:
    """RFC 7009 section 2: a revoked token stays revoked when the clock is back."""
    done(store.keep_opaque_token(an_opaque_token()), reactor)
    done(store.revoke_access_token("revoked", NOW + 300), reactor)
    passes(BELIEVED_AFTER, time, reactor)
    for ahead in (3600, 864_000):
        time.now += ahead
        # A start while it is ahead is no excuse.
        for number, each in enumerate((store, reopened()), start=ahead):
            done(each.keep_opaque_token(an_opaque_token(number)), reactor)
            done(each.revoke_access_token(str(number), NOW + 300), reactor)
        time.now -= ahead
    assert done(store.is_access_token_revoked("revoked"))
    assert done(store.find_opaque_token(an_opaque_token().sha256))
