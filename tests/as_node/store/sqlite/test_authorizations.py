"""Codes and grants in SQLite: what each operation promises."""

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from as_node.store.records import Code, IssuedAccessToken, RefreshToken
from as_node.store.sqlite.store import SqliteStore
from pki.node.believed_clock import FORGET_AFTER
from pki.node.store_errors import StoreFailed
from tests.as_node.authorizing import (
    ANOTHER_SENDER,
    NOW,
    SENDER,
    Time,
    a_code,
    a_grant,
    a_refresh_token,
    done,
    passes,
)

Open = Callable[[], SqliteStore]

TABLES = (
    "authorization_grant",
    "authorization_code",
    "refresh_token",
    "issued_access_token",
)


def a_refresh_of_years(code: Code) -> RefreshToken:
    return a_refresh_token(code.grant, exp=NOW + 100_000_000)


def an_access_token(
    grant_id: str, jti: str, *, exp: int = NOW + 300
) -> IssuedAccessToken:
    """A JWT that was issued from that grant."""
    return IssuedAccessToken(jti, grant_id, exp)


def rows(store: SqliteStore) -> list[int]:
    """How many rows the tables have."""
    counts = []
    for table in TABLES:
        query = f"SELECT count(*) FROM {table}"  # noqa: S608 - the tests' own names
        counts.append(store._connection.execute(query).fetchone()[0])
    return counts


@pytest.mark.parametrize("claims", [{"userinfo": {"name": None}}, {}, None])
def test_a_code_is_found_by_its_hash(
    store: SqliteStore, reactor: Clock, claims: dict[str, object] | None
) -> None:
    """Nothing of the grant is lost on the way; under another hash there is nothing."""
    code = a_code(replace(a_grant(), claims=claims))
    done(store.keep_code(code), reactor)
    assert done(store.find_code(code.sha256)) == code
    assert done(store.find_code(b"another")) is None


def test_a_grant_with_as_little_as_possible(store: SqliteStore, reactor: Clock) -> None:
    """What a request left out is left out here."""
    least = replace(a_grant(scope=""), openbanking_intent_id=None, acr=None, nonce=None)
    done(store.keep_code(a_code(least)), reactor)
    found = done(store.find_code(a_code(least).sha256))
    assert found is not None
    assert found.grant == least


def test_one_hash_and_one_grant_is_kept_once(
    store: SqliteStore, reactor: Clock
) -> None:
    """A code cannot take another's place, nor use another's grant."""
    code = a_code(a_grant())
    done(store.keep_code(code), reactor)
    for other in (a_code(a_grant()), a_code(code.grant, 2)):
        with pytest.raises(StoreFailed, match="UNIQUE"):
            done(store.keep_code(other), reactor)
    assert rows(store)[:2] == [1, 1]
    assert done(store.find_code(code.sha256)) == code


def test_a_code_is_redeemed_once(store: SqliteStore, reactor: Clock) -> None:
    """RFC 6749 section 4.1.2: the first time, and never again."""
    code = a_code(a_grant())
    done(store.keep_code(code), reactor)
    assert done(store.redeem_code(code.sha256, None, None), reactor)
    assert done(store.find_code(code.sha256)) == replace(code, redeemed=True)
    for _ in range(2):
        assert not done(store.redeem_code(code.sha256, None, None), reactor)


def test_an_unknown_code_is_not_redeemed(store: SqliteStore, reactor: Clock) -> None:
    """And nobody's grant is revoked for it."""
    code, token = a_code(a_grant()), a_refresh_token(a_grant(), 2)
    done(store.keep_code(code), reactor)
    kept = replace(token, grant=code.grant)
    assert done(store.redeem_code(code.sha256, kept, None), reactor)
    assert not done(store.redeem_code(b"unknown", token, None), reactor)
    assert done(store.find_refresh_token(kept.sha256)) == kept


def test_two_redemptions_at_the_same_moment(store: SqliteStore, reactor: Clock) -> None:
    """RFC 6749 section 4.1.2: in one turn too, one succeeds; what it got is dead."""
    code = a_code(a_grant())
    tokens = [a_refresh_token(code.grant, number) for number in range(3)]
    done(store.keep_code(code), reactor)
    outcomes: list[bool] = []
    for token in tokens:
        redeemed = Deferred.fromCoroutine(store.redeem_code(code.sha256, token, None))
        redeemed.addCallback(outcomes.append)
    reactor.advance(0)
    assert outcomes == [True, False, False]
    for token in tokens:
        assert done(store.find_refresh_token(token.sha256)) is None


def test_two_processes_redeem_one_code(
    store: SqliteStore, reopened: Open, reactor: Clock
) -> None:
    """RFC 6749 section 4.1.2: whichever process it is sent to."""
    code, other = a_code(a_grant()), reopened()
    done(store.keep_code(code), reactor)
    assert done(other.redeem_code(code.sha256, None, None), reactor)
    assert not done(store.redeem_code(code.sha256, None, None), reactor)
    done(other.close())


def test_the_refresh_token_is_kept_with_the_redemption(
    store: SqliteStore, reactor: Clock
) -> None:
    """Both or neither: a token that cannot be kept leaves the code as it was."""
    codes = [a_code(a_grant(), number) for number in (1, 2)]
    for code in codes:
        done(store.keep_code(code), reactor)
    token = a_refresh_token(codes[0].grant)
    assert done(store.redeem_code(codes[0].sha256, token, None), reactor)
    assert done(store.find_refresh_token(token.sha256)) == token
    same_hash = replace(token, grant=codes[1].grant)
    with pytest.raises(StoreFailed, match="UNIQUE"):
        done(store.redeem_code(codes[1].sha256, same_hash, None), reactor)
    assert done(store.find_code(codes[1].sha256)) == codes[1]


def test_a_redemption_ends_what_was_issued_before_it(
    store: SqliteStore, reactor: Clock
) -> None:
    """Open Banking: under one consent of one client; nobody else's, and no later."""
    grants = [
        a_grant(),
        a_grant(),
        a_grant(client_id="other-tpp"),
        a_grant(consent="aac-2"),
        replace(a_grant(), openbanking_intent_id=None),
        replace(a_grant(), openbanking_intent_id=None),
    ]
    codes = [a_code(grant, number) for number, grant in enumerate(grants)]
    tokens = [a_refresh_token(grant, number) for number, grant in enumerate(grants)]
    for code in codes:
        done(store.keep_code(code), reactor)
    not_redeemed, last = codes[1], a_code(a_grant(), 9)
    for code, token in zip(codes, tokens, strict=True):
        if code is not not_redeemed:
            assert done(store.redeem_code(code.sha256, token, None), reactor)
    done(store.keep_code(last), reactor)
    assert done(store.redeem_code(last.sha256, None, None), reactor)
    assert done(store.redeem_code(not_redeemed.sha256, tokens[1], None), reactor)
    found = [done(store.find_refresh_token(token.sha256)) for token in tokens]
    assert found == [None, *tokens[1:]]


def test_a_bound_refresh_token(store: SqliteStore, reactor: Clock) -> None:
    """RFC 8705 section 4: the certificate it is bound to is kept with it."""
    code = a_code(a_grant())
    done(store.keep_code(code), reactor)
    token = replace(a_refresh_token(code.grant), bound_to=SENDER)
    done(store.redeem_code(code.sha256, token, None), reactor)
    assert done(store.find_refresh_token(token.sha256)) == token
    assert done(store.find_refresh_token(b"another")) is None


@pytest.mark.parametrize(
    "cnf",
    [
        "",
        "null",
        "{}",
        "thumbprint",
        '{"jkt": "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"}',
        '{"x5t#S256": "too short"}',
        json.dumps({**SENDER.cnf(), "jkt": "a second method"}),
    ],
)
def test_a_refresh_token_bound_in_another_way(
    store: SqliteStore, reactor: Clock, cnf: str
) -> None:
    """RFC 8705 section 7.2: what nobody here can compare is not "bound to nothing"."""
    code = a_code(a_grant())
    done(store.keep_code(code), reactor)
    token = replace(a_refresh_token(code.grant), bound_to=ANOTHER_SENDER)
    done(store.redeem_code(code.sha256, token, None), reactor)
    store._connection.execute("UPDATE refresh_token SET cnf = ?", (cnf,))
    assert done(store.find_refresh_token(token.sha256)) is None


def test_a_revoked_grant_takes_everything_with_it(
    store: SqliteStore, reactor: Clock
) -> None:
    """RFC 7009 section 2.1: access tokens and refresh token, and no other grant's."""
    codes = [a_code(a_grant(), number) for number in (1, 2)]
    for number, code in enumerate(codes):
        done(store.keep_code(code), reactor)
        token = a_refresh_token(code.grant, number)
        done(store.redeem_code(code.sha256, token, None), reactor)
        for jti in ("a", "b"):
            noted = store.note_issued(
                an_access_token(code.grant.grant_id, f"{number}{jti}")
            )
            done(noted, reactor)
    for _ in range(2):  # twice is as good as once
        done(store.revoke_grant(codes[0].grant.grant_id), reactor)
    done(store.revoke_grant("unknown"), reactor)
    for jti, revoked in {"0a": True, "0b": True, "1a": False, "1b": False}.items():
        assert done(store.is_access_token_revoked(jti)) == revoked
        grant = None if revoked else codes[1].grant
        assert done(store.find_grant_of(jti)) == grant
    assert done(store.find_refresh_token(a_refresh_token(a_grant(), 0).sha256)) is None
    assert done(store.find_refresh_token(a_refresh_token(a_grant(), 1).sha256))


def test_what_is_issued_from_a_revoked_grant_is_revoked(
    store: SqliteStore, reactor: Clock
) -> None:
    """A revocation overtakes a token that is being issued at the same moment."""
    code = a_code(a_grant())
    done(store.keep_code(code), reactor)
    done(store.revoke_grant(code.grant.grant_id), reactor)
    done(
        store.note_issued(an_access_token(code.grant.grant_id, "a")),
        reactor,
    )
    assert done(store.is_access_token_revoked("a"))


def test_a_second_redemption_revokes(store: SqliteStore, reactor: Clock) -> None:
    """RFC 6749 section 4.1.2: what was issued at the first, in the same commit."""
    code = a_code(a_grant())
    done(store.keep_code(code), reactor)
    done(store.redeem_code(code.sha256, a_refresh_token(code.grant), None), reactor)
    done(
        store.note_issued(an_access_token(code.grant.grant_id, "a")),
        reactor,
    )
    assert not done(store.is_access_token_revoked("a"))
    done(store.redeem_code(code.sha256, None, None), reactor)
    assert done(store.is_access_token_revoked("a"))
    assert done(store.find_refresh_token(a_refresh_token(a_grant()).sha256)) is None


def test_nothing_is_issued_from_a_grant_that_is_not_kept(
    store: SqliteStore, reactor: Clock
) -> None:
    """A token that could not be revoked is not given away."""
    with pytest.raises(StoreFailed, match="FOREIGN KEY"):
        done(store.note_issued(an_access_token("unknown", "a")), reactor)


def test_everything_outlives_the_process(
    store: SqliteStore, reopened: Open, reactor: Clock
) -> None:
    """Another process knows the code as redeemed, and what was revoked."""
    codes = [a_code(a_grant(), number) for number in (1, 2)]
    for code in codes:
        done(store.keep_code(code), reactor)
    done(
        store.redeem_code(codes[0].sha256, a_refresh_token(codes[0].grant), None),
        reactor,
    )
    done(
        store.note_issued(an_access_token(codes[1].grant.grant_id, "a")),
        reactor,
    )
    done(store.revoke_grant(codes[1].grant.grant_id), reactor)
    other = reopened()
    assert done(other.find_code(codes[0].sha256)) == replace(codes[0], redeemed=True)
    assert done(other.find_refresh_token(a_refresh_token(a_grant()).sha256))
    assert done(other.is_access_token_revoked("a"))
    done(other.close())


def test_a_grant_is_kept_as_long_as_anything_of_it(
    store: SqliteStore, reactor: Clock, time: Time
) -> None:
    """A used code is known as used, and can revoke, while a token of it may live."""
    with_refresh_token, with_access_token, unused = (
        a_code(a_grant(), number) for number in (1, 2, 3)
    )
    for code in (with_refresh_token, with_access_token, unused):
        done(store.keep_code(code), reactor)
    token = a_refresh_token(with_refresh_token.grant)
    done(store.redeem_code(with_refresh_token.sha256, token, None), reactor)
    grant_id = with_access_token.grant.grant_id
    done(store.note_issued(an_access_token(grant_id, "a")), reactor)
    for now, kept in {
        119: [3, 3, 1, 1],
        FORGET_AFTER + 119: [3, 3, 1, 1],
        FORGET_AFTER + 120: [2, 2, 1, 1],
        FORGET_AFTER + 299: [2, 2, 1, 1],
        FORGET_AFTER + 300: [1, 1, 1, 0],
        FORGET_AFTER + 9059: [1, 1, 1, 0],
        FORGET_AFTER + 9060: [0, 0, 0, 0],
    }.items():
        passes(NOW + now - time.now, time, reactor)
        done(store.revoke_grant("unknown"), reactor)  # any write takes some away
        assert rows(store) == kept


def test_expired_access_tokens_are_forgotten_before_their_grant(
    store: SqliteStore, reactor: Clock, time: Time
) -> None:
    """A customer who stays for months does not fill the database."""
    code = a_code(a_grant())
    done(store.keep_code(code), reactor)
    done(store.redeem_code(code.sha256, a_refresh_of_years(code), None), reactor)
    for number in range(10):
        noted = store.note_issued(
            an_access_token(code.grant.grant_id, str(number), exp=NOW + 1)
        )
        done(noted, reactor)
    passes(FORGET_AFTER + 1, time, reactor)
    for number in range(10, 13):
        later = int(time.now) + 300
        noted = store.note_issued(
            an_access_token(code.grant.grant_id, str(number), exp=later)
        )
        done(noted, reactor)
    assert rows(store) == [1, 1, 1, 3]


def test_a_closed_store_fails(reopened: Open, reactor: Clock) -> None:
    """After the end nothing seems to have worked."""
    store = reopened()
    done(store.close())
    with pytest.raises(StoreFailed, match="not committed"):
        done(store.keep_code(a_code(a_grant())), reactor)
    with pytest.raises(StoreFailed, match="not read"):
        done(store.find_code(b""))
