"""Status indexes in SQLite: none is given out twice, and none revoked is forgotten."""

from collections.abc import Callable

from twisted.internet.task import Clock

from as_node.store.records import IssuedAccessToken
from as_node.store.sqlite.store import SqliteStore
from pki.node.believed_clock import FORGET_AFTER
from tests.as_node.authorizing import (
    NOW,
    Time,
    a_code,
    a_grant,
    a_refresh_token,
    done,
    passes,
)

Open = Callable[[], SqliteStore]


def revoked(store: SqliteStore, first: int = 0, end: int = 1000) -> set[int]:
    """All that is revoked within these."""
    return set(done(store.revoked_since(0, first, end)).indexes)


def test_blocks_do_not_overlap(
    store: SqliteStore, reopened: Open, reactor: Clock
) -> None:
    """Two processes draw from one counter; a block that nobody used is lost."""
    other = reopened()
    firsts = [
        done(each.reserve_status_indexes(10), reactor)
        for each in (store, other, store, reopened())
    ]
    assert firsts == [0, 10, 20, 30]
    assert done(other.count_status_indexes()) == 40


def test_a_revoked_token(store: SqliteStore, reopened: Open, reactor: Clock) -> None:
    """RFC 7009 section 2.1: alone, at once, and for every process; twice is as once."""
    for _ in range(2):
        done(store.revoke_access_token("a", NOW + 300, 7), reactor)
    done(store.revoke_access_token("opaque", NOW + 300), reactor)
    assert revoked(store) == revoked(reopened()) == {7}
    assert revoked(store, 8) == revoked(store, 0, 7) == set()


def test_only_what_is_new(store: SqliteStore, reactor: Clock) -> None:
    """Who has read once reads what was revoked since, in every list."""
    done(store.revoke_access_token("a", NOW + 300, 7), reactor)
    before = done(store.revoked_since(0, 0, 1000))
    assert list(done(store.revoked_since(before.revision, 0, 1000)).indexes) == []
    done(store.revoke_access_token("b", NOW + 300, 8), reactor)
    after = done(store.revoked_since(before.revision, 0, 1000))
    assert list(after.indexes) == [8]
    assert after.revision > before.revision


def a_jwt(jti: str, grant_id: str, index: int | None) -> IssuedAccessToken:
    """Of this grant, with this index; an opaque token has none."""
    return IssuedAccessToken(jti, grant_id, NOW + 300, status_index=index)


def with_tokens(store: SqliteStore, reactor: Clock, number: int) -> str:
    """The grant of a redeemed code, with two tokens at 10 * *number*."""
    code = a_code(a_grant(consent=f"aac-{number}"), number)
    grant_id = code.grant.grant_id
    done(store.keep_code(code), reactor)
    done(
        store.redeem_code(code.sha256, a_refresh_token(code.grant, number), None),
        reactor,
    )
    for index in (10 * number, 10 * number + 1):
        noted = store.note_issued(a_jwt(f"jti-{index}", grant_id, index))
        done(noted, reactor)
    done(store.note_issued(a_jwt(f"opaque-{number}", grant_id, None)), reactor)
    return grant_id


def test_a_revoked_grant(store: SqliteStore, reactor: Clock) -> None:
    """RFC 7009 section 2.1: every JWT of the grant, and no other grant's."""
    grant_id, _ = (with_tokens(store, reactor, number) for number in (1, 2))
    assert revoked(store) == set()
    for _ in range(2):
        done(store.revoke_grant(grant_id), reactor)
    assert revoked(store) == {10, 11}


def test_a_code_that_is_used_again(store: SqliteStore, reactor: Clock) -> None:
    """RFC 6749 section 4.1.2: every JWT that was issued from it."""
    with_tokens(store, reactor, 1)
    done(store.redeem_code(a_code(a_grant(), 1).sha256, None, None), reactor)
    assert revoked(store) == {10, 11}


def test_a_token_issued_from_a_revoked_grant(
    store: SqliteStore, reactor: Clock
) -> None:
    """The revocation overtook it: it is revoked from the beginning."""
    grant_id = with_tokens(store, reactor, 1)
    done(store.revoke_grant(grant_id), reactor)
    done(store.note_issued(a_jwt("late", grant_id, 12)), reactor)
    assert revoked(store) == {10, 11, 12}


def test_expired_tokens_are_forgotten(
    store: SqliteStore, reactor: Clock, time: Time
) -> None:
    """A day after their end, as all that says no; and not a few at a time."""
    for index in range(5000):
        store._connection.execute(
            "INSERT INTO revoked_status_index (status_index, keep_until) VALUES (?, ?)",
            (index, NOW + 360),
        )
    passes(FORGET_AFTER + 359, time, reactor)
    done(store.reserve_status_indexes(1), reactor)
    assert len(revoked(store, 0, 5000)) == 5000
    passes(1, time, reactor)
    done(store.reserve_status_indexes(1), reactor)
    done(store.reserve_status_indexes(1), reactor)
    assert revoked(store, 0, 5000) == set()


def test_a_revocation_after_all_are_forgotten_is_new(
    store: SqliteStore, reactor: Clock, time: Time
) -> None:
    """Whoever has read everything before does not miss it."""
    done(store.revoke_access_token("a", NOW + 300, 7), reactor)
    read = done(store.revoked_since(0, 0, 1000))
    time.now = NOW + 400
    done(store.reserve_status_indexes(1), reactor)
    done(store.revoke_access_token("b", NOW + 700, 8), reactor)
    assert list(done(store.revoked_since(read.revision, 0, 1000)).indexes) == [8]
