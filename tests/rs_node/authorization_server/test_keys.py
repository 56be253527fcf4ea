"""The authorization server's keys: asked for when needed, and not more often."""

from collections.abc import Callable

import pytest
from jwcrypto.jwk import JWK
from twisted.internet.defer import Deferred, gatherResults

from pki.http.messages import Response
from rs_node.authorization_server.keys import (
    REFRESH_SECONDS,
    AuthorizationServerKeys,
)
from rs_node.authorization_server.requests import NoUsableAnswer
from rs_node.authorization_server.verification_keys import VerificationKey
from tests.rs_node.bank import Bank, keys_of
from tests.rs_node.fake_authorization_server import new_key

Keys = AuthorizationServerKeys
Found = VerificationKey | None


@pytest.fixture
def keys(bank: Bank) -> Keys:
    """The keys, none of them fetched yet."""
    return keys_of(bank)


@pytest.fixture
def asked(bank: Bank) -> Callable[[], int]:
    """How often the JWK set has been asked for."""
    return lambda: bank.authorization_server.asked_at("/jwks")


def find(bank: Bank, keys: Keys, kid: str) -> str | None:
    """The name of the key that is found."""
    key = bank.network.run(keys.find(kid, "ES256"))
    bank.network.flush()
    return None if key is None else key.kid


def test_nothing_is_asked_before_it_is_needed(
    bank: Bank, keys: Keys, asked: Callable[[], int]
) -> None:
    """The two servers may be started in any order."""
    assert asked() == 0
    assert find(bank, keys, "first") == "first"
    assert asked() == 1


def test_known_keys_ask_nobody(
    bank: Bank, keys: Keys, asked: Callable[[], int]
) -> None:
    """A known key costs no request for five minutes."""
    for _ in range(5):
        assert find(bank, keys, "first") == "first"
        bank.network.reactor.advance(59)
    assert asked() == 1


def test_unknown_keys_ask_once_in_ten_seconds(
    bank: Bank, keys: Keys, asked: Callable[[], int]
) -> None:
    """Whoever invents names of keys cannot make us flood the authorization server."""
    for number in range(20):
        assert find(bank, keys, f"invented-{number}") is None
    assert asked() == 1
    bank.network.reactor.advance(9.9)
    assert find(bank, keys, "invented") is None
    assert asked() == 1
    bank.network.reactor.advance(0.2)
    assert find(bank, keys, "invented") is None
    assert asked() == 2


def test_a_new_key_is_found_when_it_is_met(bank: Bank, keys: Keys) -> None:
    """RFC 7517 section 5: after a rotation the unknown name leads to a new fetch."""
    assert find(bank, keys, "first") == "first"
    bank.network.reactor.advance(10)
    bank.authorization_server.keys.append(new_key("second"))
    assert find(bank, keys, "second") == "second"


def test_requests_at_once_share_one_fetch(
    bank: Bank, keys: Keys, asked: Callable[[], int]
) -> None:
    """A hundred first requests make one fetch, and all get their key."""

    async def all_at_once() -> list[Found]:
        finding = [
            Deferred.fromCoroutine(keys.find("first", "ES256")) for _ in range(100)
        ]
        found: list[Found] = await gatherResults(finding)
        return found

    assert all(bank.network.run(all_at_once()))
    assert asked() == 1


def test_a_refresh_takes_withdrawn_keys_away(bank: Bank, keys: Keys) -> None:
    """A key that its owner has withdrawn is believed for five minutes at most."""
    assert find(bank, keys, "first") == "first"
    bank.authorization_server.keys = [new_key("second")]
    bank.network.reactor.advance(299)
    assert find(bank, keys, "first") == "first"
    bank.network.reactor.advance(1)
    find(bank, keys, "first")
    assert find(bank, keys, "first") is None
    assert find(bank, keys, "second") == "second"


def test_away_from_the_beginning(bank: Bank, keys: Keys) -> None:
    """Who was never asked has not said no: the caller hears that nobody answers."""
    bank.authorization_server.stop()
    with pytest.raises(NoUsableAnswer, match="no keys of https://localhost:9443"):
        find(bank, keys, "first")
    assert "no connection" in bank.logged()


def test_back_again(bank: Bank, keys: Keys, asked: Callable[[], int]) -> None:
    """After a failure it is tried again, but not within the same second."""
    server = bank.authorization_server
    server.instead["/jwks"] = Response(500)
    for _ in range(3):
        with pytest.raises(NoUsableAnswer):
            find(bank, keys, "first")
    assert asked() == 1
    server.instead.clear()
    bank.network.reactor.advance(1)
    assert find(bank, keys, "first") == "first"
    assert find(bank, keys, "unknown") is None


def test_known_keys_outlive_their_server(bank: Bank, keys: Keys) -> None:
    """While the server is away, what is known goes on; the rest cannot be told."""
    assert find(bank, keys, "first") == "first"
    bank.authorization_server.stop()
    bank.network.reactor.advance(86_400)
    assert find(bank, keys, "first") == "first"
    with pytest.raises(NoUsableAnswer):
        find(bank, keys, "second")
    assert find(bank, keys, "first") == "first"


def test_a_refresh_that_fails_is_not_tried_with_every_request(
    bank: Bank, keys: Keys, asked: Callable[[], int]
) -> None:
    """A server in trouble is not asked again within the same second."""
    find(bank, keys, "first")
    bank.authorization_server.instead["/jwks"] = Response(500)
    bank.network.reactor.advance(3_000)
    for _ in range(5):
        assert find(bank, keys, "first") == "first"
    assert asked() == 2
    bank.network.reactor.advance(1)
    find(bank, keys, "first")
    assert asked() == 3


def test_metadata_are_kept_for_an_hour(bank: Bank, keys: Keys) -> None:
    """RFC 8414 section 3.2: metadata are asked for once, and again after an hour."""
    server = bank.authorization_server
    path = "/.well-known/oauth-authorization-server"
    for expected in (1, 1, 2):
        find(bank, keys, "unknown")
        assert server.asked_at(path) == expected
        bank.network.reactor.advance(1_800)


def test_old_metadata_serve_while_there_are_no_new_ones(
    bank: Bank, keys: Keys, asked: Callable[[], int]
) -> None:
    """RFC 8414 section 3.2: metadata that are broken today were good yesterday."""
    find(bank, keys, "first")
    bank.network.reactor.advance(7_200)
    bank.authorization_server.metadata = {}
    bank.authorization_server.keys.append(new_key("second"))
    assert find(bank, keys, "second") == "second"
    assert asked() == 2


def test_keys_that_are_passed_over(bank: Bank, keys: Keys) -> None:
    """RFC 7517 section 5: told in one line, and once for a set that stays as it is."""
    odd = JWK.generate(kty="EC", crv="P-384", kid="odd", use="sig")
    odd_too = JWK.generate(kty="EC", crv="P-521", kid="odd too")
    bank.authorization_server.keys.append(odd)
    for _ in range(2):
        assert find(bank, keys, "first") == "first"
        bank.network.reactor.advance(REFRESH_SECONDS)
    (line,) = [line for line in bank.logged().splitlines() if "passed over" in line]
    assert "kid 'odd': kind EC, curve P-384" in line
    bank.authorization_server.keys.append(odd_too)
    bank.network.reactor.advance(REFRESH_SECONDS)
    assert find(bank, keys, "first") == "first"
    assert "kid 'odd too': kind EC, curve P-521" in bank.logged()
