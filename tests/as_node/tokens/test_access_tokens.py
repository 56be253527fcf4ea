"""Access tokens: always bound, found while they are in force, revoked at once."""

import json
import sqlite3
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jwcrypto.jwk import JWKSet
from jwcrypto.jws import JWS
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock as Reactor
from twisted.python.failure import Failure

from as_node.protocol.sender_constraint import SenderConstraint
from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.signing_keys import SqliteSigningKeys
from as_node.store.sqlite.store import SqliteStore
from as_node.tokens.access_tokens import AccessToken, AccessTokens
from as_node.tokens.jwt_signing import base64url
from as_node.tokens.signing_keys import SigningKeys
from as_node.tokens.status_claim import StatusIndex
from as_node.tokens.status_indexes import StatusIndexes
from pki.node.store_errors import StoreFailed
from tests.as_node.authorizing import a_code, a_grant, done
from tests.as_node.issuing import issued as issued_token

T = TypeVar("T")

NOW = 1_800_000_000.25
ISSUER = "https://localhost:9443"
RESOURCE = "https://localhost:9445"
ACCOUNTS = frozenset({"accounts"})
# RFC 8705 appendix A.
THUMBPRINT = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"

TOKEN = AccessToken(
    iss=ISSUER,
    exp=1_800_000_300,
    aud=RESOURCE,
    sub="banking-client",
    client_id="banking-client",
    iat=1_800_000_000,
    nbf=1_800_000_000,
    jti="j",
    scope=frozenset({"b", "accounts"}),
    bound_to=SenderConstraint(THUMBPRINT),
)


@dataclass
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = open_database(tmp_path / "as.sqlite3")
    yield connection
    connection.close()


@pytest.fixture
def signing_keys(connection: sqlite3.Connection, clock: Clock) -> SigningKeys:
    return SigningKeys(
        SqliteSigningKeys(connection),
        lifetime_seconds=300,
        clock=clock,
        algs=["ES256", "EdDSA"],
    )


@pytest.fixture
def reactor() -> Reactor:
    return Reactor()


@pytest.fixture
def tokens(
    connection: sqlite3.Connection,
    signing_keys: SigningKeys,
    clock: Clock,
    reactor: Reactor,
) -> AccessTokens:
    store = SqliteStore(connection, reactor=reactor, clock=clock)
    return AccessTokens(
        store,
        signing_keys,
        StatusIndexes(store),
        issuer=ISSUER,
        audience=RESOURCE,
        lifetime_seconds=300,
        clock=clock,
    )


@pytest.fixture
def run(reactor: Reactor) -> Callable[[Coroutine[Any, Any, T]], T]:
    """What the coroutine returns, after at most one turn of the reactor."""

    def run(coroutine: Coroutine[Any, Any, T]) -> T:
        fired: list[Any] = []
        Deferred.fromCoroutine(coroutine).addBoth(fired.append)
        reactor.advance(0)
        if isinstance(fired[0], Failure):
            fired[0].raiseException()
        result: T = fired[0]
        return result

    return run


Run = Callable[[Coroutine[Any, Any, Any]], Any]


def issued(
    tokens: AccessTokens,
    run: Run,
    *,
    opaque: bool = False,
    alg: str = "ES256",
    scope: frozenset[str] = ACCOUNTS,
) -> tuple[str, AccessToken]:
    """A token for banking-client."""
    coroutine = issued_token(
        tokens,
        "banking-client",
        scope,
        SenderConstraint(THUMBPRINT),
        opaque=opaque,
        signing_alg=alg,
    )
    token, said = run(coroutine)
    assert isinstance(token, str)
    assert isinstance(said, AccessToken)
    return token, said


either_form = pytest.mark.parametrize("opaque", [False, True], ids=["jwt", "opaque"])


@pytest.mark.parametrize("alg", ["ES256", "EdDSA"])
def test_a_jwt_is_verified_by_another_library(
    tokens: AccessTokens, signing_keys: SigningKeys, run: Run, alg: str
) -> None:
    """RFC 9068 section 2: typ, alg and kid, signed with a key that is published."""
    token, said = issued(tokens, run, alg=alg)
    jws = JWS.from_jose_token(token)
    assert jws.jose_header["typ"] == "at+jwt"
    assert jws.jose_header["alg"] == alg
    jwks = JWKSet.from_json(json.dumps(signing_keys.jwks()))
    jws.verify(jwks.get_key(jws.jose_header["kid"]))
    assert json.loads(jws.payload) == said.claims()


@either_form
def test_what_a_token_says(tokens: AccessTokens, run: Run, *, opaque: bool) -> None:
    """Issuer, audience and lifetime are the server's, the subject is the client."""
    _, said = issued(tokens, run, opaque=opaque)
    index = None if opaque else StatusIndex(0)
    assert said == replace(TOKEN, jti=said.jti, scope=ACCOUNTS, status=index)


@either_form
def test_a_token_of_a_customer(
    tokens: AccessTokens, clock: Clock, reactor: Reactor, *, opaque: bool
) -> None:
    """
    RFC 9068 section 2.2: `sub` is the customer. Her consent is named, and how she
    signed in (section 2.2.1); with the consent goes the token.
    """
    grant = a_grant()
    done(tokens.store.keep_code(a_code(grant)), reactor)
    token, said = done(
        issued_token(
            tokens,
            "banking-client",
            ACCOUNTS,
            SenderConstraint(THUMBPRINT),
            opaque=opaque,
            signing_alg="ES256",
            authorization=grant,
        ),
        reactor,
    )
    assert said == replace(
        TOKEN,
        jti=said.jti,
        scope=ACCOUNTS,
        sub="ty.webb@example.com",
        openbanking_intent_id="aac-1",
        auth_time=1_799_999_990,
        acr="urn:openbanking:psd2:sca",
        status=None if opaque else StatusIndex(0),
    )
    assert done(tokens.find(token)) == said
    assert done(tokens.store.find_grant_of(said.jti)) == grant
    done(tokens.store.revoke_grant(grant.grant_id), reactor)
    assert done(tokens.find(token)) is None


def test_no_two_tokens_are_alike(tokens: AccessTokens, run: Run) -> None:
    """RFC 7519 section 4.1.7: a `jti` is used once, at the same second too."""
    many = [issued(tokens, run, opaque=n % 2 == 0) for n in range(20)]
    assert len({token for token, _ in many}) == 20
    assert len({said.jti for _, said in many}) == 20


def test_an_opaque_token_cannot_be_guessed(tokens: AccessTokens, run: Run) -> None:
    """FAPI 2.0 section 5.4: at least 128 bits; these are 256, with no dot in them."""
    token, said = issued(tokens, run, opaque=True)
    assert len(token) == 43
    assert "." not in token
    assert said.jti not in token


def test_the_database_holds_no_token(
    tokens: AccessTokens, run: Run, connection: sqlite3.Connection
) -> None:
    """Whoever reads the file finds the claims of an opaque token, and never it."""
    token, said = issued(tokens, run, opaque=True)
    stored = "\n".join(connection.iterdump())
    assert said.jti in stored
    assert token not in stored
    assert token.encode().hex().upper() not in stored


@either_form
@pytest.mark.parametrize("scope", [frozenset(), ACCOUNTS, frozenset({"a", "b"})])
def test_a_token_in_force_is_found(
    tokens: AccessTokens, run: Run, scope: frozenset[str], *, opaque: bool
) -> None:
    """RFC 8705 section 3.2: what is found is what was issued, `cnf` included."""
    token, said = issued(tokens, run, opaque=opaque, scope=scope)
    assert run(tokens.find(token)) == said


def test_an_unknown_opaque_token_is_not_found(tokens: AccessTokens, run: Run) -> None:
    """RFC 7662 section 2.2: what was never issued looks like what has expired."""
    issued(tokens, run, opaque=True)
    assert run(tokens.find("A" * 43)) is None


def test_an_opaque_token_is_found_as_a_whole(tokens: AccessTokens, run: Run) -> None:
    """Neither in other letters, nor with something added or missing."""
    token, _ = issued(tokens, run, opaque=True)
    for other in (token.swapcase(), token[:-1], token + "A", token + "=", f" {token}"):
        assert run(tokens.find(other)) is None


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_changed_jwt_is_not_found(tokens: AccessTokens, run: Run, part: int) -> None:
    """RFC 8705 section 3.1: header, claims and signature belong together."""
    one = issued(tokens, run)[0].split(".")
    other = issued(tokens, run, alg="EdDSA")[0].split(".")
    one[part] = other[part]
    assert run(tokens.find(".".join(one))) is None


def test_a_jwt_has_three_parts(tokens: AccessTokens, run: Run) -> None:
    """RFC 7515 section 7.1: no other serialization, nothing around it."""
    token, _ = issued(tokens, run)
    header, payload, signature = token.split(".")
    flattened = {"protected": header, "payload": payload, "signature": signature}
    for other in (
        f"{token}.",
        f".{token}",
        f"{token}\n",
        f"{token}=",
        f"{header}.{payload}",
        json.dumps(flattened),
    ):
        assert run(tokens.find(other)) is None


@pytest.mark.bound("token.size")
def test_an_overlong_jwt_is_not_looked_at(
    tokens: AccessTokens, signing_keys: SigningKeys, run: Run
) -> None:
    """A limit that no token of ours comes near keeps the work for strangers small."""
    for size, found in ((5000, True), (8000, False)):
        sub = "x" * size
        jwt = signing_keys.current("ES256").sign(replace(TOKEN, sub=sub).claims())
        assert (run(tokens.find(jwt)) is not None) is found


@either_form
def test_an_expired_token_is_not_found(
    tokens: AccessTokens, run: Run, clock: Clock, *, opaque: bool
) -> None:
    """RFC 7519 section 4.1.4: at `exp` it is over, without any leeway."""
    token, said = issued(tokens, run, opaque=opaque)
    clock.now = said.exp - 0.001
    assert run(tokens.find(token)) == said
    clock.now = said.exp
    assert run(tokens.find(token)) is None


@either_form
def test_a_token_of_the_future_is_not_found(
    tokens: AccessTokens, run: Run, clock: Clock, *, opaque: bool
) -> None:
    """RFC 7662 section 4: before `nbf` a token is not active."""
    token, said = issued(tokens, run, opaque=opaque)
    clock.now = said.nbf
    assert run(tokens.find(token)) == said
    clock.now = said.nbf - 0.001
    assert run(tokens.find(token)) is None


@either_form
def test_another_issuers_token_is_not_found(
    tokens: AccessTokens, run: Run, *, opaque: bool
) -> None:
    """RFC 9068 section 4: `iss` is compared, though the key and database are ours."""
    token, _ = issued(replace(tokens, issuer="https://other"), run, opaque=opaque)
    assert run(tokens.find(token)) is None


@either_form
def test_a_revoked_token_is_not_found(
    tokens: AccessTokens, run: Run, *, opaque: bool
) -> None:
    """RFC 7009 section 2: at once, for good, and it alone."""
    token, said = issued(tokens, run, opaque=opaque)
    other, other_said = issued(tokens, run, opaque=opaque)
    run(tokens.revoke(said))
    assert run(tokens.find(token)) is None
    assert run(tokens.find(other)) == other_said
    run(tokens.revoke(said))
    assert run(tokens.find(token)) is None


def test_what_cannot_be_told_is_no_answer(
    tokens: AccessTokens, run: Run, connection: sqlite3.Connection
) -> None:
    """Without its store the server neither issues nor finds, nor pretends to revoke."""
    jwt, said = issued(tokens, run)
    connection.close()
    for coroutine in (
        issued_token(
            tokens,
            "c",
            ACCOUNTS,
            SenderConstraint(THUMBPRINT),
            opaque=True,
            signing_alg="ES256",
        ),
        tokens.find(jwt),
        tokens.find("A" * 43),
        tokens.revoke(said),
    ):
        with pytest.raises(StoreFailed):
            run(coroutine)


OTHER_CLAIMS: dict[str, dict[str, object]] = {
    "no cnf": {"cnf": None},
    "empty cnf": {"cnf": {}},
    "another method": {"cnf": {"jkt": THUMBPRINT}},
    "two methods": {"cnf": {"x5t#S256": THUMBPRINT, "jkt": THUMBPRINT}},
    "no thumbprint": {"cnf": {"x5t#S256": "x"}},
    "null thumbprint": {"cnf": {"x5t#S256": None}},
    "list of aud": {"aud": [RESOURCE]},
    "text of exp": {"exp": "1800000300"},
    "fraction of exp": {"exp": 1_800_000_300.5},
    "no iss": {"iss": None},
    "number as sub": {"sub": 1},
    "number as client_id": {"client_id": 1},
    "text of iat": {"iat": "1"},
    "text of nbf": {"nbf": "1"},
    "number as jti": {"jti": 1},
    "list of scope": {"scope": ["accounts"]},
}


@pytest.mark.parametrize("changed", OTHER_CLAIMS.values(), ids=OTHER_CLAIMS)
def test_claims_we_do_not_write_are_not_found(
    tokens: AccessTokens,
    signing_keys: SigningKeys,
    run: Run,
    changed: dict[str, object],
) -> None:
    """RFC 8705 section 3.1: under our own signature, too, a token is bound or none."""
    signer = signing_keys.current("ES256")
    assert run(tokens.find(signer.sign(TOKEN.claims()))) == TOKEN
    assert run(tokens.find(signer.sign({**TOKEN.claims(), **changed}))) is None


def test_further_claims_are_no_fault(
    tokens: AccessTokens, signing_keys: SigningKeys, run: Run
) -> None:
    """RFC 7519 section 4: claims that are not understood are ignored."""
    signer = signing_keys.current("ES256")
    jwt = signer.sign({**TOKEN.claims(), "amr": ["pwd"]})
    assert run(tokens.find(jwt)) == TOKEN


segments = st.binary(max_size=200).map(base64url)
headers = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
).map(lambda value: base64url(json.dumps(value).encode()))
NESTED = base64url(b"[" * 5000)
DUPLICATE = base64url(b'{"alg":"none","alg":"ES256"}')


@given(
    token=st.text()
    | st.from_regex(r"[A-Za-z0-9_-]{43}", fullmatch=True)
    | st.lists(segments | headers | st.text(), max_size=5).map(".".join)
    | st.sampled_from(
        [
            f"{NESTED}.{NESTED}.{NESTED}",
            f"{DUPLICATE}.e30.e30",
            f"{base64url(b'null')}.e30.e30",
            "." * 100_000,
            "A" * 1_000_000,
            "\ud800" * 43,
        ]
    )
)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_no_token_is_a_traceback(tokens: AccessTokens, run: Run, token: str) -> None:
    """Whatever is sent as a token is not found, and nothing else happens."""
    assert run(tokens.find(token)) is None


@given(payload=segments | headers, signature=segments | headers)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_nothing_behind_our_header_is_a_traceback(
    tokens: AccessTokens, run: Run, payload: str, signature: str
) -> None:
    """A stranger can copy the header of a token, and what follows may be anything."""
    header = issued(tokens, run)[0].partition(".")[0]
    assert run(tokens.find(f"{header}.{payload}.{signature}")) is None
