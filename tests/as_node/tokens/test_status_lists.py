"""Indexes given out, and lists that say which of them are revoked."""

import json
import sqlite3
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jwcrypto.jwk import JWKSet
from jwcrypto.jws import JWS
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.signing_keys import SqliteSigningKeys
from as_node.store.sqlite.store import SqliteStore
from as_node.tokens.signing_keys import SigningKeys, rotate
from as_node.tokens.status_claim import LIST_SIZE
from as_node.tokens.status_indexes import BLOCK, StatusIndexes
from as_node.tokens.status_lists import (
    LIFETIME_SECONDS,
    MOST_LISTS,
    TTL_SECONDS,
    StatusLists,
)
from tests.as_node.authorizing import NOW, Time, done

ISSUER = "https://localhost:9443"


@dataclass
class Server:
    """What makes lists, over a database."""

    connection: sqlite3.Connection

    def __post_init__(self) -> None:
        self.time, self.reactor = Time(), Clock()
        self.store = SqliteStore(self.connection, reactor=self.reactor, clock=self.time)
        self.keys = SigningKeys(
            SqliteSigningKeys(self.connection),
            lifetime_seconds=300,
            clock=self.time,
            algs=["ES256"],
        )
        self.indexes = StatusIndexes(self.store)
        self.lists = StatusLists(self.store, self.keys, ISSUER, self.time)

    def reserve(self, count: int) -> None:
        """So many tokens have an index."""
        done(self.store.reserve_status_indexes(count), self.reactor)

    def revoke(self, index: int) -> None:
        """The token of this index is revoked."""
        revoking = self.store.revoke_access_token(f"j{index}", NOW + 300, index)
        done(revoking, self.reactor)

    def signed(self, number: int = 0) -> str:
        """A list as it is published."""
        jwt = done(self.lists.signed(number))
        assert jwt is not None
        return jwt

    def claims(self, number: int = 0) -> dict[str, Any]:
        """What a list says, verified by another library with the published keys."""
        jws = JWS.from_jose_token(self.signed(number))
        keys = JWKSet.from_json(json.dumps(self.keys.jwks()))
        jws.verify(keys.get_key(jws.jose_header["kid"]), "ES256")
        assert jws.jose_header["typ"] == "statuslist+jwt"
        claims: dict[str, Any] = json.loads(jws.payload)
        return claims

    def revoked(self, number: int = 0) -> set[int]:
        """The places in a list that are not 0."""
        lst = self.claims(number)["status_list"]["lst"]
        bits = zlib.decompress(urlsafe_b64decode(lst + "=" * (-len(lst) % 4)))
        assert len(bits) * 8 == LIST_SIZE
        return {
            8 * place + bit
            for place, octet in enumerate(bits)
            for bit in range(8)
            if octet >> bit & 1
        }


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    connection = open_database(tmp_path / "as.sqlite3")
    yield Server(connection)
    connection.close()


def test_no_index_is_drawn_twice(server: Server, tmp_path: Path) -> None:
    """By one process or by several, whatever becomes of the blocks they reserved."""
    others = [Server(open_database(tmp_path / "as.sqlite3")) for _ in range(2)]
    drawn = [
        done(each.indexes.draw(), each.reactor)
        for _ in range(BLOCK + 2)
        for each in (server, *others)
    ]
    assert len(set(drawn)) == 3 * (BLOCK + 2)
    for other in others:
        other.connection.close()


def test_one_commit_for_a_block(server: Server) -> None:
    """Who comes while a block is being reserved waits for that one, and only for it."""
    drawing = [Deferred.fromCoroutine(server.indexes.draw()) for _ in range(BLOCK)]
    server.reactor.advance(0)
    drawn: list[Any] = []
    for each in drawing:
        each.addCallback(drawn.append)
    assert [index.number for index in drawn] == list(range(BLOCK))
    assert done(server.store.count_status_indexes()) == BLOCK


def test_more_than_a_block_may_wait(server: Server) -> None:
    """The next block is reserved for those who found the first one used up."""
    drawing = [Deferred.fromCoroutine(server.indexes.draw()) for _ in range(BLOCK + 5)]
    server.reactor.pump([0, 0, 0, 0])
    drawn: list[Any] = []
    for each in drawing:
        each.addCallback(drawn.append)
    assert sorted(index.number for index in drawn) == list(range(BLOCK + 5))
    assert done(server.store.count_status_indexes()) == 2 * BLOCK


def test_what_a_list_says(server: Server) -> None:
    """Token Status List section 5.1: whose list, which one, since when, how long."""
    server.reserve(1)
    claims = server.claims()
    assert claims.pop("status_list").keys() == {"bits", "lst"}
    assert claims == {
        "iss": ISSUER,
        "sub": "https://localhost:9443/status/0",
        "iat": NOW,
        "exp": NOW + LIFETIME_SECONDS,
        "ttl": TTL_SECONDS,
    }


def test_the_bits_are_where_they_belong(server: Server) -> None:
    """Section 4.1: from the least significant bit of the first octet on."""
    server.reserve(3 * LIST_SIZE)
    for index in (0, 9, LIST_SIZE - 1, LIST_SIZE, 2 * LIST_SIZE + 15):
        server.revoke(index)
    assert server.revoked(0) == {0, 9, LIST_SIZE - 1}
    assert server.revoked(1) == {0}
    assert server.revoked(2) == {15}


def test_a_revocation_is_in_the_list_at_once(server: Server, tmp_path: Path) -> None:
    """However recently the list was signed, and whichever process revoked."""
    server.reserve(10)
    assert server.revoked() == set()
    server.revoke(3)
    assert server.revoked() == {3}
    other = Server(open_database(tmp_path / "as.sqlite3"))
    other.revoke(4)
    assert server.revoked() == {3, 4}
    assert other.revoked() == {3, 4}
    other.connection.close()


def test_a_list_is_signed_again_when_it_has_to_be(server: Server) -> None:
    """A flood of requests costs no signatures; no copy is about to expire."""
    server.reserve(10)
    before = server.signed()
    server.time.now += TTL_SECONDS - 0.5
    assert server.signed() == before
    server.time.now += 1
    after = server.signed()
    assert after != before
    server.time.now -= 3600  # somebody sets the clock
    assert server.claims()["iat"] == int(server.time.now)


def test_a_list_after_a_rotation(server: Server) -> None:
    """It is signed with a key that is published, whichever that is now."""
    server.reserve(10)
    before = JWS.from_jose_token(server.signed()).jose_header["kid"]
    rotate(SqliteSigningKeys(server.connection), "ES256", now=NOW)
    server.time.now += 6
    server.claims()
    assert JWS.from_jose_token(server.signed()).jose_header["kid"] != before


def test_there_are_no_lists_of_the_future(server: Server) -> None:
    """Nobody can have lists made, and kept, that no token refers to."""
    assert done(server.lists.signed(0)) is None
    server.reserve(LIST_SIZE)
    assert server.revoked(0) == set()
    assert done(server.lists.signed(1)) is None
    server.reserve(1)
    assert server.revoked(1) == set()


@pytest.mark.bound("status-lists.made")
def test_a_list_that_was_dropped_comes_back_whole(server: Server) -> None:
    """Only so many are kept in memory; what is revoked is in the store."""
    server.reserve((MOST_LISTS + 2) * LIST_SIZE)
    server.revoke(3)
    assert server.revoked(0) == {3}
    for number in range(1, MOST_LISTS + 2):
        assert server.revoked(number) == set()
    server.revoke(4)
    assert server.revoked(0) == {3, 4}
