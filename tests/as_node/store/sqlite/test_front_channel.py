"""Pushed requests, sessions and used assertions: what each operation promises."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from as_node.store.authorizations import PushedRequest, Session
from as_node.store.sqlite.store import SqliteStore
from pki.node.believed_clock import BELIEVED_AFTER, FORGET_AFTER
from pki.node.store_errors import StoreFailed
from tests.as_node.authorizing import NOW, Time, done, passes

Open = Callable[[], SqliteStore]

REQUEST = PushedRequest(
    request_uri="urn:ietf:params:oauth:request_uri:a",
    client_id="banking-client",
    request='{"state":"\N{SNOWMAN}","scope":"openid accounts"}',
    exp=NOW + 90,
)
SESSION = Session(sha256=b"a" * 32, state='{"sub":"ty.webb@example.com"}', exp=NOW + 9)


def rows(store: SqliteStore, table: str) -> int:
    """How many rows a table has."""
    query = f"SELECT count(*) FROM {table}"  # noqa: S608 - the tests' own names
    (count,) = store._connection.execute(query).fetchone()
    assert isinstance(count, int)
    return count


def test_a_pushed_request_is_found(store: SqliteStore, reactor: Clock) -> None:
    """RFC 9126 section 2.2: as it was pushed, under its own URI, as often as asked."""
    done(store.keep_pushed_request(REQUEST), reactor)
    for _ in range(2):
        assert done(store.find_pushed_request(REQUEST.request_uri)) == REQUEST
    assert done(store.find_pushed_request("urn:another")) is None


def test_one_request_uri_is_kept_once(store: SqliteStore, reactor: Clock) -> None:
    """RFC 9126 section 7.1: nobody can put another request in its place."""
    done(store.keep_pushed_request(REQUEST), reactor)
    with pytest.raises(StoreFailed, match="UNIQUE"):
        done(store.keep_pushed_request(replace(REQUEST, client_id="b")), reactor)
    assert done(store.find_pushed_request(REQUEST.request_uri)) == REQUEST


def test_a_pushed_request_is_used_once(store: SqliteStore, reactor: Clock) -> None:
    """RFC 9126 section 4: of several uses at one moment one has it, and none later."""
    done(store.keep_pushed_request(REQUEST), reactor)
    used: list[PushedRequest | None] = []
    for _ in range(3):
        use = Deferred.fromCoroutine(store.use_pushed_request(REQUEST.request_uri))
        use.addCallback(used.append)
    reactor.advance(0)
    assert used == [REQUEST, None, None]
    assert done(store.find_pushed_request(REQUEST.request_uri)) is None
    assert done(store.use_pushed_request(REQUEST.request_uri), reactor) is None


def test_a_session(store: SqliteStore, reactor: Clock) -> None:
    """It is found by its hash, can be replaced, and is gone when it is ended."""
    later = replace(SESSION, state="{}", exp=NOW + 90)
    for session in (SESSION, later):
        done(store.keep_session(session), reactor)
        assert done(store.find_session(SESSION.sha256)) == session
    assert done(store.find_session(b"another")) is None
    for _ in range(2):  # twice is as good as once
        done(store.end_session(SESSION.sha256), reactor)
        assert done(store.find_session(SESSION.sha256)) is None


def test_an_assertion_is_used_once(store: SqliteStore, reactor: Clock) -> None:
    """RFC 7523 section 3: one `jti` of one client; another client has its own."""
    used: list[bool] = []
    for client_id in ("a", "a", "b"):
        use = Deferred.fromCoroutine(store.use_assertion(client_id, "j", NOW + 60))
        use.addCallback(used.append)
    reactor.advance(0)
    assert used == [True, False, True]
    assert not done(store.use_assertion("a", "j", NOW + 60), reactor)
    assert done(store.use_assertion("a", "k", NOW + 60), reactor)


def test_everything_outlives_the_process(
    store: SqliteStore, reopened: Open, reactor: Clock
) -> None:
    """Another process finds what was kept, and knows what was used."""
    done(store.keep_pushed_request(REQUEST), reactor)
    done(store.keep_session(SESSION), reactor)
    done(store.use_assertion("a", "j", NOW + 60), reactor)
    other = reopened()
    assert done(other.find_pushed_request(REQUEST.request_uri)) == REQUEST
    assert done(other.find_session(SESSION.sha256)) == SESSION
    assert not done(other.use_assertion("a", "j", NOW + 60), reactor)
    done(other.close())


@pytest.mark.bound("clock.forget")
def test_expired_rows_go_as_new_ones_come(
    store: SqliteStore, reactor: Clock, time: Time
) -> None:
    """The tables shrink to what is in force, and lose nothing that is."""

    def keep(number: int, exp: int) -> None:
        uri = f"{REQUEST.request_uri}{number}"
        request = replace(REQUEST, request_uri=uri, exp=exp)
        session = replace(SESSION, sha256=str(number).encode(), exp=exp)
        done(store.keep_pushed_request(request), reactor)
        done(store.keep_session(session), reactor)
        done(store.use_assertion("a", str(number), exp), reactor)

    tables = ("pushed_request", "session", "used_assertion")
    for number in range(10):
        keep(number, NOW + 1)
    assert [rows(store, table) for table in tables] == [10, 10, 10]
    passes(FORGET_AFTER + 1, time, reactor)
    later = int(time.now) + 300
    for number in range(10, 15):
        keep(number, later)
    assert [rows(store, table) for table in tables] == [5, 5, 5]
    assert not done(store.use_assertion("a", "10", later), reactor)


@pytest.mark.bound("clock.believed", "clock.forget")
@pytest.mark.check("assertion.used-once")
def test_a_used_assertion_outlives_a_clock_that_was_ahead(
    store: SqliteStore, reopened: Open, reactor: Clock, time: Time
) -> None:
    """RFC 7523 section 3: forward and back, at work or over a restart, it is used."""
    assert done(store.use_assertion("a", "j", NOW + 60), reactor)
    passes(BELIEVED_AFTER, time, reactor)
    for ahead in (61, 3600, 10 * FORGET_AFTER):
        time.now += ahead
        for number, each in enumerate((store, reopened())):
            for again in range(2):
                jti = f"{ahead} {number} {again}"
                done(each.use_assertion("b", jti, int(time.now)), reactor)
        time.now -= ahead
    assert not done(store.use_assertion("a", "j", NOW + 60), reactor)


@pytest.mark.check("assertion.used-once")
def test_a_used_assertion_outlives_a_clock_that_was_wrong_for_long(
    store: SqliteStore, reactor: Clock, time: Time
) -> None:
    """RFC 7523 section 3: by less than a day, and believed: the assertion is used."""
    assert done(store.use_assertion("a", "j", NOW + 60), reactor)
    ahead = FORGET_AFTER - 2 * BELIEVED_AFTER
    time.now += ahead
    for number in range(4):
        assert done(store.use_assertion("b", str(number), int(time.now)), reactor)
        passes(BELIEVED_AFTER / 2, time, reactor)
    time.now -= ahead
    assert not done(store.use_assertion("a", "j", NOW + 60), reactor)
