"""Whether a JWT is revoked: by the real listener, and lists with real signatures."""

import zlib

import pytest
from jwcrypto.common import base64url_encode
from jwcrypto.jwk import JWK
from twisted.internet.defer import Deferred

from pki.http.answers import Answer
from pki.http.messages import Response
from pki.pem import Credential
from tests.rs_node.bank import (
    Bank,
    Certificates,
    assert_invalid_token,
    assert_unavailable,
    open_bank,
    status,
)
from tests.rs_node.fake_authorization_server import (
    ISSUER,
    new_key,
    signed,
    status_list,
)

LIST = f"{ISSUER}/status/0"


def read(bank: Bank, holder: Credential, token: str, after: float = 0) -> Answer:
    """The answer to a request for the accounts, so many seconds later."""
    bank.network.reactor.advance(after)
    return bank.get(holder, token)


def lists_asked(bank: Bank) -> int:
    """How often a list was fetched."""
    return bank.authorization_server.asked_at("/status/0")


@pytest.mark.check("token.not-revoked")
def test_one_list_for_all_tokens(bank: Bank, tpp: Credential) -> None:
    """FAPI 2.0 section 5.3.4: each is looked up, and nobody is asked about it."""
    bank.authorization_server.revoked = {3, 40}
    for idx in range(50):
        answer = read(bank, tpp, bank.jwt(tpp, status=status(idx)))
        assert answer.status == (401 if idx in {3, 40} else 200)
    assert lists_asked(bank) == 1
    assert bank.authorization_server.asked_at("/introspect") == 0


@pytest.mark.check("token.not-revoked")
@pytest.mark.parametrize("seconds", [5.1, 6.0, 59.0, 100.0])
def test_a_revocation_is_noticed(bank: Bank, tpp: Credential, seconds: float) -> None:
    """Within five seconds, whether the token was presented before or not."""
    known, new = (bank.jwt(tpp, status=status(idx)) for idx in (1, 2))
    assert read(bank, tpp, known).status == 200
    bank.authorization_server.revoked = {1, 2}
    bank.logged()
    assert_invalid_token(read(bank, tpp, known, after=seconds))
    assert "check=token.not-revoked" in bank.logged()
    assert_invalid_token(read(bank, tpp, new))


@pytest.mark.check("token.not-revoked")
def test_a_revocation_is_noticed_under_load(bank: Bank, tpp: Credential) -> None:
    """A list in use is replaced before its time, and nobody waits for it."""
    token = bank.jwt(tpp)
    assert read(bank, tpp, token).status == 200
    bank.authorization_server.revoked = {0}
    statuses = [read(bank, tpp, token, after=0.5).status for _ in range(11)]
    assert statuses[:4] == [200] * 4
    assert statuses[9:] == [401] * 2
    assert lists_asked(bank) <= 4


@pytest.mark.check("token.not-revoked")
def test_any_other_status_than_valid(bank: Bank, tpp: Credential) -> None:
    """Token Status List section 7.1: suspended is not valid either."""
    octet = base64url_encode(zlib.compress(b"\x08"))
    two_bits = {"bits": 2, "lst": octet}
    bank.authorization_server.status = {"status_list": two_bits}
    assert read(bank, tpp, bank.jwt(tpp, status=status(0))).status == 200
    assert_invalid_token(read(bank, tpp, bank.jwt(tpp, status=status(1))))


@pytest.mark.check("token.status")
@pytest.mark.parametrize(
    "claim",
    [
        None,
        {},
        [],
        LIST,
        {"status_list": {}},
        {"status_list": {"idx": 0}},
        {"status_list": {"uri": LIST}},
        {"status_list": {"idx": -1, "uri": LIST}},
        {"status_list": {"idx": True, "uri": LIST}},
        {"status_list": {"idx": 0.5, "uri": LIST}},
        {"status_list": {"idx": "0", "uri": LIST}},
        {"status_list": {"idx": 0, "uri": 7}},
        {"status_list": [0, LIST]},
        {"status_list": {"idx": 512, "uri": LIST}},  # beyond the end
        {"status_list": {"idx": 10**30, "uri": LIST}},
    ],
)
def test_a_token_without_a_place_in_a_list(
    bank: Bank, tpp: Credential, claim: object
) -> None:
    """Token Status List section 8.3: nothing can be said of it, so it is refused."""
    assert_invalid_token(read(bank, tpp, bank.jwt(tpp, status=claim)))
    assert "check=token.status " in bank.logged()


@pytest.mark.check("token.status")
def test_where_nobody_is_to_ask(certificates: Certificates, tpp: Credential) -> None:
    """`jwt_revocation = "none"`: for an issuer that has no lists."""
    bank = open_bank(certificates, ('"status-list"\n', '"none"\n'))
    bank.authorization_server.revoked = {0}
    for claim in (None, status(0), status(0, "https://elsewhere.example/")):
        assert read(bank, tpp, bank.jwt(tpp, status=claim)).status == 200
    assert lists_asked(bank) == 0


@pytest.mark.check("token.status-uri")
@pytest.mark.parametrize(
    "uri",
    [
        "",
        "/status/0",
        ISSUER,
        f"{ISSUER}/",
        "http://localhost:9443/status/0",
        "https://localhost:94430/status/0",
        "https://localhost:9443@elsewhere.example/status/0",
        "https://localhost:9443.elsewhere.example/status/0",
        "https://localhost:9444/status/0",
        "https://elsewhere.example/status/0",
        "https://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        f"{ISSUER}/status/../introspect",
        f"{ISSUER}//status/0",
        f"{ISSUER}/status/0?time=1",
        f"{ISSUER}/status/0#f",
        f"{ISSUER}/status/%30",
        f"{ISSUER}/status/0\r\nX: y",
        f"{ISSUER}/status/\u0660",
    ],
)
def test_a_list_elsewhere(bank: Bank, tpp: Credential, uri: str) -> None:
    """RFC 8725 section 3.10: a token has us fetch nothing but its issuer's lists."""
    token = bank.jwt(tpp, status=status(0, uri))
    assert_invalid_token(read(bank, tpp, token))
    paths = {request.path for request in bank.authorization_server.asked}
    assert paths <= {"/jwks", "/.well-known/oauth-authorization-server"}


@pytest.mark.check("status-list.subject")
def test_another_list(bank: Bank, tpp: Credential) -> None:
    """Token Status List section 8.3: `sub` is the address, or it is not the list."""
    for sub in (None, f"{ISSUER}/status/1", LIST + "/", 7):
        bank.authorization_server.status = {"sub": sub}
        assert_unavailable(read(bank, tpp, bank.jwt(tpp), after=2))
    assert "check=status-list.subject" in bank.logged()


@pytest.mark.check("status-list.times")
@pytest.mark.parametrize(
    "wrong",
    [
        {"iat": None},
        {"iat": 10_000},
        {"iat": "yesterday"},
        {"iat": True},
        {"exp": 0},
        {"exp": -1},
        {"exp": "tomorrow"},
        {"ttl": 0},
        {"ttl": -5},
        {"ttl": "5"},
    ],
)
def test_a_list_that_is_not_in_force(
    bank: Bank, tpp: Credential, wrong: dict[str, object]
) -> None:
    """Token Status List section 8.3: issued later than now, expired, or no times."""
    now = int(bank.network.clock())
    moved = {
        name: now + value if type(value) is int and name != "ttl" else value
        for name, value in wrong.items()
    }
    bank.authorization_server.status = moved
    assert_unavailable(read(bank, tpp, bank.jwt(tpp)))
    assert "check=status-list.times" in bank.logged()


@pytest.mark.check("status-list.times")
def test_a_list_without_an_end(bank: Bank, tpp: Credential) -> None:
    """Token Status List section 5.1: `exp` and `ttl` need not be there."""
    bank.authorization_server.status = {"exp": None, "ttl": None}
    assert read(bank, tpp, bank.jwt(tpp)).status == 200


@pytest.mark.check("status-list.times")
def test_a_list_that_ends_soon(bank: Bank, tpp: Credential) -> None:
    """Token Status List section 8.3: it is not used after its end, away or not."""
    now = int(bank.network.clock())
    bank.authorization_server.status = {"exp": now + 10}
    assert read(bank, tpp, bank.jwt(tpp)).status == 200
    bank.authorization_server.stop()
    assert read(bank, tpp, bank.jwt(tpp), after=8).status == 200
    assert_unavailable(read(bank, tpp, bank.jwt(tpp), after=3))


@pytest.mark.check("status-list.recent")
def test_a_list_that_says_to_ask_sooner(bank: Bank, tpp: Credential) -> None:
    """Token Status List section 8.3: a `ttl` that is less than ours counts."""
    bank.authorization_server.status = {"ttl": 1}
    token = bank.jwt(tpp)
    assert read(bank, tpp, token).status == 200
    bank.authorization_server.revoked = {0}
    assert_invalid_token(read(bank, tpp, token, after=1.1))


def forged(bank: Bank, key: JWK, **header: object) -> Response:
    """A list in which nobody is revoked, signed in another way."""
    claims = status_list(LIST, int(bank.network.clock()))
    jwt = signed(claims, key, **{"typ": "statuslist+jwt", **header})
    return Response(200, (), jwt.encode())


@pytest.mark.check("status-list.signature")
def test_a_forged_list(bank: Bank, tpp: Credential) -> None:
    """Token Status List section 8.3: by a stranger's key, or by no key at all."""
    server = bank.authorization_server
    server.revoked = {0}
    ours = server.keys[0]
    stranger = new_key("stranger")
    unsigned = forged(bank, ours).body.rsplit(b".", 1)[0] + b"."
    cases = (
        forged(bank, stranger),
        forged(bank, new_key("first")),  # under the name of ours
        forged(bank, JWK.generate(kty="oct", kid="first", alg="HS256"), alg="HS256"),
        forged(bank, ours, kid=None),
        forged(bank, ours, crit=["b64"], b64=True),
        Response(200, (), unsigned),
        Response(200, (), forged(bank, ours).body[:-4] + b"AAAA"),
    )
    for case in cases:
        server.instead = {"/status/0": case}
        assert_unavailable(read(bank, tpp, bank.jwt(tpp), after=11))
    assert "check=status-list.signature" in bank.logged()


@pytest.mark.check("status-list.type")
@pytest.mark.parametrize("typ", ["at+jwt", "JWT", None, 1, "statuslist+cwt"])
def test_another_kind_of_jwt(bank: Bank, tpp: Credential, typ: object) -> None:
    """RFC 8725 section 3.11: what else the issuer signs is no list."""
    ours = bank.authorization_server.keys[0]
    bank.authorization_server.instead = {"/status/0": forged(bank, ours, typ=typ)}
    assert_unavailable(read(bank, tpp, bank.jwt(tpp)))
    assert "check=status-list.type" in bank.logged()


def test_a_list_is_no_access_token(bank: Bank, tpp: Credential) -> None:
    """RFC 8725 section 3.11: nor the other way round."""
    claims = {**bank.claims(tpp), "status": status(0)}
    key = bank.authorization_server.keys[0]
    assert_invalid_token(read(bank, tpp, signed(claims, key, typ="statuslist+jwt")))


@pytest.mark.check("status-list.form")
@pytest.mark.check("status-list.answered")
@pytest.mark.parametrize(
    "instead",
    [
        Response(404),
        Response(302, (("Location", f"{ISSUER}/status/1"),)),
        Response(200),
        Response(200, (), b"{}"),
        Response(200, (), b"a.b.c"),
        Response(200, (), "\u00e9.b.c".encode()),
        Response(200, (), b"A" * 2_000_000),
    ],
)
def test_no_list(bank: Bank, tpp: Credential, instead: Response) -> None:
    """503, and no traceback: the token may be good, and nobody can tell."""
    bank.authorization_server.instead = {"/status/0": instead}
    assert_unavailable(read(bank, tpp, bank.jwt(tpp)))
    assert "Traceback" not in bank.logged()


@pytest.mark.check("status-list.form")
@pytest.mark.parametrize("payload", [b"[]", b"no JSON", b'{"a": 1, "a": 2}'])
def test_a_signed_something(bank: Bank, tpp: Credential, payload: bytes) -> None:
    """Even where the issuer signed it."""
    key = bank.authorization_server.keys[0]
    jwt = signed(payload, key, typ="statuslist+jwt")
    bank.authorization_server.instead = {"/status/0": Response(200, (), jwt.encode())}
    assert_unavailable(read(bank, tpp, bank.jwt(tpp)))


@pytest.mark.check("status-list.recent")
def test_the_server_is_away(bank: Bank, tpp: Credential) -> None:
    """For a minute the last list serves; then we fail closed, and say when to retry."""
    bank.authorization_server.revoked = {7}
    token, dead = (bank.jwt(tpp, status=status(idx)) for idx in (0, 7))
    assert read(bank, tpp, token).status == 200
    bank.authorization_server.stop()
    for after in (5.5, 20, 30, 4):
        assert read(bank, tpp, token, after=after).status == 200
        assert_invalid_token(read(bank, tpp, dead))
    assert "status_list=" in bank.logged()
    for after in (1, 1, 100):
        assert_unavailable(read(bank, tpp, token, after=after))


@pytest.mark.check("status-list.answered")
def test_the_server_was_never_there(bank: Bank, tpp: Credential) -> None:
    """Keys are known and no list: nobody can tell."""
    bank.authorization_server.instead = {"/status/0": Response(503)}
    for after in (0, 0.1, 10):
        assert_unavailable(read(bank, tpp, bank.jwt(tpp), after=after))
    assert lists_asked(bank) == 2  # not again within a second


@pytest.mark.check("status-list.recent")
def test_the_server_is_back(bank: Bank, tpp: Credential) -> None:
    """What was revoked meanwhile is noticed, and nobody has to start anything."""
    server = bank.authorization_server
    token = bank.jwt(tpp)
    assert read(bank, tpp, token).status == 200
    server.instead = {"/status/0": Response(503)}
    assert read(bank, tpp, token, after=30).status == 200
    server.revoked = {0}
    server.instead = {}
    assert read(bank, tpp, token, after=2).status == 200  # this one has it fetched
    assert_invalid_token(read(bank, tpp, token, after=0.1))
    server.instead = {"/status/0": Response(503)}
    assert_unavailable(read(bank, tpp, token, after=100))
    server.instead = {}
    assert_invalid_token(read(bank, tpp, token, after=2))


@pytest.mark.check("status-list.recent")
def test_the_server_has_been_back_for_a_while(bank: Bank, tpp: Credential) -> None:
    """Nobody asked meanwhile: what was revoked since is noticed at once."""
    server = bank.authorization_server
    token = bank.jwt(tpp)
    assert read(bank, tpp, token).status == 200
    server.instead = {"/status/0": Response(503)}
    assert read(bank, tpp, token, after=5.5).status == 200
    server.instead = {}
    server.revoked = {0}
    assert_invalid_token(read(bank, tpp, token, after=5.1))


@pytest.mark.check("status-list.recent")
def test_a_server_that_hangs_holds_up_one_request(bank: Bank, tpp: Credential) -> None:
    """Those who come while it is tried again are served from the last copy."""
    server = bank.authorization_server
    token = bank.jwt(tpp)
    assert read(bank, tpp, token).status == 200
    server.instead = {"/status/0": Response(503)}
    assert read(bank, tpp, token, after=5.5).status == 200
    server.held = Deferred()
    for _ in range(4):
        assert read(bank, tpp, token, after=1.1).status == 200
    server.held.callback(None)
    bank.network.flush()
    assert lists_asked(bank) == 3


@pytest.mark.check("status-list.recent")
def test_the_clock_was_set_back(bank: Bank, tpp: Credential) -> None:
    """How old a copy is nobody knows then: a new one is fetched."""
    token = bank.jwt(tpp, nbf=None, iat=1, exp=int(bank.network.clock()) + 9999)
    assert read(bank, tpp, token).status == 200
    bank.network.reactor.rightNow -= 1000
    assert read(bank, tpp, token).status == 200
    assert lists_asked(bank) == 2


@pytest.mark.check("status-list.recent")
def test_one_request_for_all_who_wait(bank: Bank, tpp: Credential) -> None:
    """However many requests come while the list is fetched, and who goes away."""
    server = bank.authorization_server
    server.held = Deferred()
    tokens = [bank.jwt(tpp, status=status(idx)) for idx in range(4)]
    client = bank.client(tpp)
    answers = [
        Deferred.fromCoroutine(
            client.request(
                "GET",
                "https://localhost:9445/accounts",
                headers=(("Authorization", f"Bearer {token}"),),
            )
        )
        for token in tokens
    ]
    bank.network.flush()
    answers[0].addErrback(lambda _: None)
    answers[0].cancel()
    server.held.callback(None)
    bank.network.flush()
    statuses: list[int] = []
    for answer in answers[1:]:
        answer.addCallback(lambda found: statuses.append(found.status))
    assert statuses == [200] * 3
    assert lists_asked(bank) == 1


def test_opaque_tokens_have_no_list(bank: Bank, tpp: Credential) -> None:
    """They are asked about, as ever."""
    assert read(bank, tpp, bank.opaque(tpp)).status == 200
    assert lists_asked(bank) == 0


def test_introspected_jwts_have_no_need_of_one(
    certificates: Certificates, tpp: Credential
) -> None:
    """`jwt_validation = "introspection"`: who answers knows of every revocation."""
    bank = open_bank(certificates, ('"local"\n', '"introspection"\n'))
    token = bank.jwt(tpp, status=None)
    said = {**bank.claims(tpp), "active": True}
    bank.authorization_server.tokens[token] = said
    assert read(bank, tpp, token).status == 200
    assert lists_asked(bank) == 0
