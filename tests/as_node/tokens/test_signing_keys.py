"""The signing keys: which signs, which are published, how they rotate."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from jwcrypto.jwk import JWK, JWKSet
from jwcrypto.jws import JWS

from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.signing_keys import SqliteSigningKeys
from as_node.store.store import SigningKeyRecord, SigningKeyStore
from as_node.tokens.jwt_signing import JWTSigner, SigningAlg, base64url, new_private_key
from as_node.tokens.signing_keys import (
    CHECK_SECONDS,
    LEEWAY_SECONDS,
    SigningKeys,
    rotate,
)
from pki.node.believed_clock import FORGET_AFTER
from pki.node.store_errors import StoreFailed

NOW = 1_800_000_000.0
LIFETIME = 300
Server = Callable[..., SigningKeys]


@dataclass
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "as.sqlite3"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_database(path, busy_seconds=0)
    yield connection
    connection.close()


@pytest.fixture
def store(connection: sqlite3.Connection) -> SigningKeyStore:
    return SqliteSigningKeys(connection)


@pytest.fixture
def server(store: SigningKeyStore, clock: Clock) -> Server:
    """Start a server over the store, with one algorithm unless told otherwise."""

    def start(*algs: SigningAlg) -> SigningKeys:
        return SigningKeys(
            store, lifetime_seconds=LIFETIME, clock=clock, algs=algs or ["ES256"]
        )

    return start


def published(keys: SigningKeys) -> list[dict[str, Any]]:
    """The members of each key of the JWK set."""
    members = keys.jwks()["keys"]
    assert isinstance(members, list)
    return members


def kids(keys: SigningKeys) -> set[str]:
    return {key["kid"] for key in published(keys)}


def states(store: SigningKeyStore) -> list[str]:
    return [record.state for record in store.all()]


def test_a_first_start_makes_a_current_and_a_next_key(
    server: Server, store: SigningKeyStore
) -> None:
    """Both are published; only the current one signs."""
    keys = server()
    records = {record.state: record.kid for record in store.all()}
    assert records.keys() == {"current", "next"}
    assert kids(keys) == set(records.values())
    assert keys.current("ES256").kid == records["current"]


def test_every_algorithm_has_its_own_keys(store: SigningKeyStore, clock: Clock) -> None:
    """Unless told otherwise there are keys for ES256, PS256 and EdDSA."""
    keys = SigningKeys(store, lifetime_seconds=LIFETIME, clock=clock)
    assert {(key["alg"], key["kty"]) for key in published(keys)} == {
        ("ES256", "EC"),
        ("PS256", "RSA"),
        ("EdDSA", "OKP"),
    }
    for alg in ("ES256", "PS256", "EdDSA"):
        assert keys.current(alg).alg == alg
        assert verified_with(keys.jwks(), keys.current(alg).sign({"iss": "x"}))
    with pytest.raises(KeyError):
        keys.current("RS256")


def verified_with(jwks: dict[str, object], jwt: str) -> bool:
    """Whether a resource server that fetched this set believes this token."""
    jws = JWS.from_jose_token(jwt)
    key = JWKSet.from_json(json.dumps(jwks)).get_key(jws.jose_header["kid"])
    if key is None:
        return False
    jws.verify(key)
    return bool(jws.is_valid)


def test_a_published_key_says_what_it_is_for(server: Server) -> None:
    """RFC 7517 section 4: `kid` is the RFC 7638 thumbprint; `use` and `alg` are set."""
    for key in published(server("ES256", "EdDSA")):
        assert key["kid"] == JWK(**key).thumbprint()
        assert key["use"] == "sig"
        assert key["alg"] == {"EC": "ES256", "OKP": "EdDSA"}[key["kty"]]


def test_no_private_member_is_published(server: Server, store: SigningKeyStore) -> None:
    """RFC 7518 sections 6.2.2, 6.3.2: d, p, q, dp, dq, qi, oth and k stay here."""
    keys = server("ES256", "PS256", "EdDSA")
    rotate(store, "ES256", now=NOW)
    public = {"kty", "crv", "x", "y", "n", "e", "kid", "use", "alg"}
    for key in published(keys):
        assert key.keys() <= public
        assert not JWK(**key).has_private
    assert not any(key.jwk.has_private for key in keys._published.values())


def test_a_printed_record_shows_no_private_key(
    server: Server, store: SigningKeyStore
) -> None:
    """What may end in a log does not hold the key."""
    server()
    for record in store.all():
        assert record.kid in repr(record)
        assert repr(record.private_key) not in repr(record)


def test_the_keys_outlive_the_process(server: Server) -> None:
    """A server that starts again has the same keys, and makes no others."""
    assert server().jwks() == server().jwks()


def test_an_algorithm_that_is_new_gets_keys(server: Server) -> None:
    """What was there stays as it is."""
    before = kids(server("ES256"))
    after = server("ES256", "EdDSA")
    assert before < kids(after)
    assert after.current("EdDSA").alg == "EdDSA"


def test_two_servers_that_start_at_once_have_the_same_keys(
    server: Server, store: SigningKeyStore
) -> None:
    """The keys of whoever comes second are not used."""
    keys = server()
    current, following = (a_record("current"), a_record("next"))
    store.add_first(current, following)
    assert {current.kid, following.kid}.isdisjoint(kids(keys))
    assert states(store) == ["current", "next"]


def a_record(state: Any, alg: str = "ES256") -> SigningKeyRecord:
    """A record whose keys nobody looks at."""
    return SigningKeyRecord(f"kid of {state}", alg, state, b"public", b"private")


def test_a_rotation_moves_each_key_on(server: Server, store: SigningKeyStore) -> None:
    """The next key signs, the current one is retired, and there is a new next one."""
    keys = server()
    before = {record.state: record.kid for record in store.all()}
    rotate(store, "ES256", now=NOW)
    after = {record.state: record.kid for record in store.all()}
    assert after["current"] == before["next"]
    assert after["retired"] == before["current"]
    assert after["next"] not in before.values()
    assert server().current("ES256").kid == before["next"]
    assert kids(server()) == set(after.values())
    assert keys.current("ES256").kid == before["current"]  # not noticed yet


def test_other_algorithms_do_not_rotate(server: Server, store: SigningKeyStore) -> None:
    """Each algorithm's keys rotate by themselves."""
    before = server("ES256", "EdDSA").current("EdDSA").kid
    rotate(store, "ES256", now=NOW)
    assert server("ES256", "EdDSA").current("EdDSA").kid == before


def test_a_running_server_notices_within_the_stated_time(
    server: Server, store: SigningKeyStore, clock: Clock
) -> None:
    """Another process's rotation is noticed at the next use after `CHECK_SECONDS`."""
    keys = server()
    before = keys.current("ES256").kid
    rotate(store, "ES256", now=NOW)
    clock.now += CHECK_SECONDS - 0.1
    assert keys.current("ES256").kid == before
    clock.now += 0.1
    assert keys.current("ES256").kid != before
    assert len(kids(keys)) == 3


def test_the_set_notices_a_rotation_too(
    server: Server, store: SigningKeyStore, clock: Clock
) -> None:
    """A server that is only asked for its keys, or about a token, looks as well."""
    publishing, finding = server(), server()
    publishing.jwks()
    jwt = finding.current("ES256").sign({})
    rotate(store, "ES256", now=NOW)
    rotate(store, "ES256", now=NOW)
    clock.now += CHECK_SECONDS
    assert len(kids(publishing)) == 4
    new = server().current("ES256").sign({})
    assert finding.find_payload(new) == finding.find_payload(jwt) == b"{}"


def test_a_clock_set_back_does_not_put_the_next_look_off(
    server: Server, store: SigningKeyStore, clock: Clock
) -> None:
    """After the clock was set back an hour, a rotation need not wait an hour."""
    keys = server()
    before = keys.current("ES256").kid
    rotate(store, "ES256", now=NOW)
    clock.now -= 3600
    assert keys.current("ES256").kid != before


def test_resource_servers_with_cached_keys_keep_working(
    server: Server, store: SigningKeyStore, clock: Clock
) -> None:
    """The set fetched before a rotation verifies what is signed after it, and back."""
    keys = server()
    fetched_before, old = keys.jwks(), keys.current("ES256").sign({})
    rotate(store, "ES256", now=NOW)
    clock.now += CHECK_SECONDS
    new = keys.current("ES256").sign({})
    assert verified_with(fetched_before, new)
    assert verified_with(keys.jwks(), old)


def test_a_retired_key_is_published_as_long_as_its_tokens_live(
    server: Server, store: SigningKeyStore, clock: Clock
) -> None:
    """Also those signed before the rotation was noticed, also by slower clocks."""
    keys = server()
    retired = keys.current("ES256").kid
    old = keys.current("ES256").sign({})
    rotate(store, "ES256", now=NOW)
    last_token_ends = NOW + CHECK_SECONDS + LIFETIME
    clock.now = last_token_ends + LEEWAY_SECONDS - 0.1
    assert retired in kids(keys)
    clock.now += CHECK_SECONDS
    assert retired not in kids(keys)
    assert keys.find_payload(old) is None


def test_a_retired_key_that_is_due_is_forgotten_at_the_next_start(
    server: Server, store: SigningKeyStore, clock: Clock
) -> None:
    """Until then its public half is kept, and others are never forgotten."""
    server()
    rotate(store, "ES256", now=NOW)
    # A day more than it is published: a clock that is ahead at a start deletes none.
    over = CHECK_SECONDS + LIFETIME + LEEWAY_SECONDS + FORGET_AFTER
    clock.now = NOW + over - 0.1
    server()
    assert states(store) == ["current", "next", "retired"]
    clock.now += 0.1
    server()
    assert states(store) == ["current", "next"]
    for record in store.all():
        store.forget(record.kid)
    assert states(store) == ["current", "next"]


def test_a_retired_key_cannot_sign_any_more(
    server: Server, store: SigningKeyStore, path: Path
) -> None:
    """Its private half is deleted with the rotation, and not in the file either."""
    server()
    private_key = next(r.private_key for r in store.all() if r.state == "current")
    assert private_key is not None
    rotate(store, "ES256", now=NOW)
    assert [r.private_key for r in store.all() if r.state == "retired"] == [None]
    sqlite3.connect(path).execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    assert private_key not in path.read_bytes()


def test_what_has_no_keys_cannot_be_rotated(
    server: Server, store: SigningKeyStore
) -> None:
    """Nothing changes, and whoever asked is told."""
    server("ES256")
    before = store.all()
    with pytest.raises(StoreFailed, match="there is no PS256 key to rotate"):
        rotate(store, "PS256", now=NOW)
    assert store.all() == before


def test_two_current_keys_cannot_be(server: Server, store: SigningKeyStore) -> None:
    """The database itself refuses what would leave the choice to chance."""
    server()
    before = store.all()
    with pytest.raises(StoreFailed, match="UNIQUE"):
        store.rotate(replace(a_record("next"), state="current"), NOW)
    assert store.all() == before


@pytest.mark.parametrize("use", [lambda k: k.current("ES256"), SigningKeys.jwks])
def test_an_unreadable_store_stops_the_signing(
    server: Server,
    clock: Clock,
    connection: sqlite3.Connection,
    use: Callable[[SigningKeys], object],
) -> None:
    """Whether a key was taken away cannot be told, so it is not used."""
    keys = server()
    use(keys)
    connection.close()
    use(keys)
    clock.now += CHECK_SECONDS
    for _ in range(2):
        with pytest.raises(StoreFailed, match="not read"):
            use(keys)


def test_the_payload_of_a_token_signed_here_is_found(
    server: Server, store: SigningKeyStore, clock: Clock
) -> None:
    """Each published key verifies: current, retired, and next (others may be ahead)."""
    keys = server()
    jwt = keys.current("ES256").sign({"iss": "x"})
    rotate(store, "ES256", now=NOW)
    ahead = server().current("ES256").sign({"iss": "y"})
    assert keys.find_payload(jwt) == b'{"iss":"x"}'
    assert keys.find_payload(ahead) == b'{"iss":"y"}'
    clock.now += CHECK_SECONDS
    assert keys.find_payload(jwt) == b'{"iss":"x"}'


def test_another_key_under_a_published_kid_is_refused(server: Server) -> None:
    """RFC 9068 section 4: a signature that is not of the key it names is none."""
    keys = server()
    thief = new_private_key("ES256")
    kid = keys.current("ES256").kid
    forged = JWTSigner(thief, alg="ES256", kid=kid, typ="at+jwt").sign({})
    assert keys.find_payload(forged) is None


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "at+JWT"},
        {"alg": "EdDSA"},
        {"alg": "none"},
        {"alg": "HS256"},
        {"kid": "other"},
        {"jwk": {"kty": "EC"}},
        {"crit": ["exp"]},
        {"b64": False},
    ],
)
def test_another_header_is_refused(server: Server, header: dict[str, object]) -> None:
    """RFC 8725 section 3.1: `typ`, `alg` and `kid` are ours, and nothing else is there.

    The genuine key made these signatures: only the header gives them away.
    """
    keys = server()
    signer = keys.current("ES256")
    ours: dict[str, object] = {"typ": "at+jwt", "alg": "ES256", "kid": signer.kid}
    signer._header = encoded(ours)
    assert keys.find_payload(signer.sign({})) == b"{}"
    signer._header = encoded({**ours, **header})
    assert keys.find_payload(signer.sign({})) is None


def encoded(header: dict[str, object]) -> str:
    """A JOSE header as this server would write it."""
    return base64url(json.dumps(header, separators=(",", ":")).encode())


def test_any_change_of_a_token_is_noticed(server: Server) -> None:
    """RFC 8705 section 3.1: `cnf` and everything else is under the signature."""
    keys = server()
    header, payload, signature = keys.current("ES256").sign({"iss": "x"}).split(".")
    other = base64url(b'{"iss":"y"}')
    for changed in (
        f"{header}.{other}.{signature}",
        f"{header}.{payload}.{signature[:-2]}",
        f"{header}.{payload}.{signature[:-1]}",
        f"{header}.{payload}.",
        f"{header}.{payload}",
        f"{header}.{payload}.{signature}.{signature}",
        f"{header}.{payload}.{signature[::-1]}",
        f"{header}..{signature}",
        header,
        "",
    ):
        assert keys.find_payload(changed) is None
