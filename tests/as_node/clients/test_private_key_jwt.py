"""Client assertions, check by check: RFC 7523 section 3."""

import json
from typing import Any

import pytest
from jwcrypto.common import base64url_encode
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from as_node.clients.client_assertion import (
    ASSERTION_TYPE,
    LONGEST_ASSERTION,
    find_client_assertion,
)
from as_node.clients.client_keys import registered_keys
from as_node.clients.private_key_jwt import (
    CLOCK_SKEW,
    LONGEST_JTI,
    LONGEST_LIFETIME,
    PrivateKeyJwt,
)
from as_node.protocol.errors import InvalidClient
from pki.http.journal import Journal
from tests.in_memory.client_authentication import UsedAssertions
from tests.in_memory.network import MemoryNetwork

ISSUER = "https://as.example"
NOW = 1_800_000_000
KEY = JWK.generate(kty="EC", crv="P-256", kid="first")
OTHER = JWK.generate(kty="EC", crv="P-256", kid="other")
RSA = JWK.generate(kty="RSA", size=2048, kid="rsa")
ED = JWK.generate(kty="OKP", crv="Ed25519", kid="ed")


def claims(**changes: object) -> dict[str, object]:
    """The claims of a good assertion; `None` removes one."""
    members: dict[str, object] = {
        "iss": "tpp",
        "sub": "tpp",
        "aud": ISSUER,
        "jti": "jti-1",
        "iat": NOW,
        "exp": NOW + 60,
        **changes,
    }
    return {name: value for name, value in members.items() if value is not None}


def signed(payload: str | bytes, key: JWK = KEY, **header: object) -> str:
    """*payload*, signed by jwcrypto; `None` removes a member of the header."""
    algs = {"EC": "ES256", "RSA": "PS256", "OKP": "EdDSA", "oct": "HS256"}
    members = {"alg": algs[key["kty"]], "kid": key["kid"], **header}
    protected = {name: value for name, value in members.items() if value is not None}
    jws = JWS(payload)
    jws.allowed_algs = ["ES256", "PS256", "EdDSA", "RS256", "HS256"]
    jws.add_signature(key, protected=json.dumps(protected))
    return str(jws.serialize(compact=True))


class Server:
    """An authorization server that knows the keys of one client."""

    def __init__(self, *keys: JWK) -> None:
        public = [key.export_public(as_dict=True) for key in keys or (KEY,)]
        self.registered = registered_keys({"keys": public})
        self.assertions = UsedAssertions()
        self.now = float(NOW)
        self.journal = Journal()
        self.method = PrivateKeyJwt(
            self.assertions, issuer=ISSUER, clock=lambda: self.now
        )

    def take(self, token: str, client_id: str = "tpp") -> None:
        """Raises the refusal of an assertion."""
        parameters = {
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": token,
        }
        assertion = find_client_assertion(parameters)
        assert assertion is not None
        MemoryNetwork().run(
            self.method.verify(client_id, self.registered, assertion, self.journal)
        )

    def refusal(self, token: str, client_id: str = "tpp") -> InvalidClient:
        """Why an assertion is refused; nothing of it is used up."""
        with pytest.raises(InvalidClient) as refused:
            self.take(token, client_id)
        assert self.assertions.used == {}
        assert "\n" not in refused.value.detail + refused.value.presented
        return refused.value


@pytest.fixture
def server() -> Server:
    """It knows one key."""
    return Server()


@pytest.mark.parametrize("key", [KEY, RSA, ED], ids=["ES256", "PS256", "EdDSA"])
def test_a_good_assertion_is_taken(key: JWK) -> None:
    """FAPI 2.0 section 5.3.2.1: ES256, PS256, EdDSA; the journal says what counted."""
    server = Server(KEY, RSA, ED)
    server.take(signed(json.dumps(claims()), key))
    assert server.assertions.used == {("tpp", "jti-1"): NOW + 60}
    assert len(server.journal.decisions) == 6
    assert {decision.check.rule for decision in server.journal.decisions} == {
        "RFC 7523 section 3"
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"iat": None},
        {"nbf": NOW - 1},
        {"exp": NOW + LONGEST_LIFETIME},
        {"exp": NOW + 0.5},
        {"jti": "j" * LONGEST_JTI},
        {"surprise": [1]},
    ],
)
def test_what_is_not_required_makes_no_difference(
    server: Server, changes: dict[str, object]
) -> None:
    """RFC 7523 section 3: `iat` and `nbf` are optional, unknown claims are ignored."""
    server.take(signed(json.dumps(claims(**changes))))


@pytest.mark.parametrize("typ", ["JWT", "jwt", "client-authentication+jwt"])
def test_a_typ_of_an_assertion_is_taken(server: Server, typ: str) -> None:
    """RFC 7519 section 5.1: `JWT` in any case; the other is a draft's."""
    server.take(signed(json.dumps(claims()), typ=typ))


@pytest.mark.check("assertion.key")
def test_one_key_needs_no_kid() -> None:
    """RFC 7515 section 4.1.4: `kid` is a hint, needed only where there is a choice."""
    Server().take(signed(json.dumps(claims()), kid=None))
    refused = Server(KEY, ED).refusal(signed(json.dumps(claims()), kid=None))
    assert "kid" in refused.detail
    assert refused.expected == "first, ed"


# The assertion as it is sent.


@pytest.mark.check("assertion.form")
@pytest.mark.parametrize(
    "assertion_type",
    [
        None,
        "",
        "jwt-bearer",
        ASSERTION_TYPE.upper(),
        "urn:ietf:params:oauth:client-assertion-type:saml2-bearer",
    ],
)
def test_another_type_is_refused(assertion_type: str | None) -> None:
    """RFC 7523 section 2.2: the value is exactly this."""
    parameters = {"client_assertion": signed(json.dumps(claims()))}
    if assertion_type is not None:
        parameters["client_assertion_type"] = assertion_type
    with pytest.raises(InvalidClient, match="another client_assertion_type"):
        find_client_assertion(parameters)


@pytest.mark.check("assertion.form")
def test_a_type_without_an_assertion_is_refused() -> None:
    """RFC 7521 section 4.2: the two go together; neither is no assertion."""
    with pytest.raises(InvalidClient, match="no JWT"):
        find_client_assertion({"client_assertion_type": ASSERTION_TYPE})
    assert find_client_assertion({"client_id": "tpp"}) is None


@pytest.mark.check("assertion.form")
@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b",
        "a.b.c.d",
        "a.b.c.d.e",
        "e30.e30.",
        "e30.e30.a=",
        "e30.e30.a b",
        "e30.e30.AA\n",
        '{"payload": "e30"}',
    ],
)
def test_what_is_no_signed_jwt_is_refused(server: Server, token: str) -> None:
    """RFC 7523 section 2.2: one JWT in compact form."""
    assert "no JWT" in server.refusal(token).detail


@pytest.mark.check("assertion.readable")
@pytest.mark.parametrize(
    ("header", "payload"),
    [
        ("[]", "{}"),
        ("{}", "[]"),
        ("{", "{}"),
        ("{}", "no JSON"),
        ('{"alg": "none", "alg": "ES256"}', "{}"),
        ("{}", '{"sub": "tpp", "sub": "other"}'),
        ("{}", '{"exp": NaN}'),
    ],
)
def test_what_cannot_be_read_in_one_way_is_refused(
    server: Server, header: str, payload: str
) -> None:
    """RFC 7519 section 4: claim names are unique."""
    token = f"{base64url_encode(header)}.{base64url_encode(payload)}.AAAA"
    assert "cannot be read" in server.refusal(token).detail


def test_a_segment_of_a_wrong_length_is_refused(server: Server) -> None:
    """RFC 7515 section 2: no base64url has one character more than a multiple of 4."""
    assert "cannot be read" in server.refusal("e30aa.e30.AAAA").detail


@pytest.mark.check("assertion.readable")
def test_members_that_come_twice_are_refused_though_signed(server: Server) -> None:
    """RFC 7519 section 4: what one reader checks another would not see."""
    twice = json.dumps(claims())[:-1] + ', "sub": "tpp"}'
    assert "there twice" in server.refusal(signed(twice)).detail


@pytest.mark.check("assertion.readable")
@pytest.mark.parametrize("name", ["jti", "sub", "iss", "aud", "else"])
def test_half_a_character_is_refused_though_signed(server: Server, name: str) -> None:
    """RFC 8259 section 8.2: no lone surrogate gets as far as a log or a database."""
    payload = json.dumps({**claims(), name: "\ud800"})
    assert "half a character" in server.refusal(signed(payload)).detail


@pytest.mark.check("assertion.readable")
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32-be"])
def test_another_encoding_is_refused_though_signed(
    server: Server, encoding: str
) -> None:
    """RFC 8259 section 8.1: JSON is in UTF-8, without a byte order mark."""
    payload = json.dumps(claims()).encode(encoding)
    assert "cannot be read" in server.refusal(signed(payload)).detail


# The signature.


@pytest.mark.check("assertion.key")
def test_another_kid_is_refused(server: Server) -> None:
    """RFC 7515 section 4.1.4: a key of somebody else is none of the client's."""
    assert "kid" in server.refusal(signed(json.dumps(claims()), OTHER)).detail
    refused = server.refusal(signed(json.dumps(claims()), kid=7))
    assert refused.presented == "7"


@pytest.mark.check("assertion.type")
@pytest.mark.parametrize(
    "typ", ["at+jwt", "oauth-authz-req+jwt", "dpop+jwt", "", 7, ["JWT"]]
)
def test_a_jwt_for_something_else_is_refused(server: Server, typ: object) -> None:
    """RFC 8725 section 3.11: explicit typing."""
    refused = server.refusal(signed(json.dumps(claims()), typ=typ))
    assert "another typ" in refused.detail


@pytest.mark.check("assertion.algorithm")
@pytest.mark.parametrize("alg", ["none", "RS256", "HS256", "PS256", "es256", None, 7])
def test_another_algorithm_is_refused(server: Server, alg: object) -> None:
    """RFC 8725 section 3.1: the registered key decides, and never the sender."""
    token = signed(json.dumps(claims()))
    header = {"alg": alg, "kid": "first"} if alg else {"kid": "first"}
    rest = token.partition(".")[2]
    forged = f"{base64url_encode(json.dumps(header))}.{rest}"
    assert "another algorithm" in server.refusal(forged).detail


@pytest.mark.check("assertion.algorithm")
def test_an_rsa_key_signs_with_pss_only() -> None:
    """FAPI 2.0 section 5.4: no RS256, though the key is the client's."""
    refused = Server(RSA).refusal(signed(json.dumps(claims()), RSA, alg="RS256"))
    assert (refused.expected, refused.presented) == ("PS256", "'RS256'")


@pytest.mark.check("assertion.algorithm")
def test_the_public_key_is_no_hmac_secret(server: Server) -> None:
    """RFC 8725 section 2.1: HS256 with what everybody knows."""
    secret = base64url_encode(KEY.export_to_pem())
    token = signed(
        json.dumps(claims()),
        JWK(kty="oct", k=secret, kid="first"),
        alg="HS256",
    )
    assert "another algorithm" in server.refusal(token).detail


@pytest.mark.check("assertion.critical-extensions")
@pytest.mark.parametrize("header", [{"crit": ["b64"], "b64": True}, {"b64": False}])
def test_extensions_are_refused(server: Server, header: dict[str, Any]) -> None:
    """RFC 7515 section 4.1.11: what is not understood must not be accepted."""
    token = signed(json.dumps(claims()))
    _, payload, signature = token.split(".")
    members = json.dumps({"alg": "ES256", "kid": "first", **header})
    forged = f"{base64url_encode(members)}.{payload}.{signature}"
    assert "extension" in server.refusal(forged).detail


@pytest.mark.check("assertion.signature")
def test_a_signature_of_another_key_is_refused(server: Server) -> None:
    """RFC 7523 section 3: the key must be the client's, whatever `kid` says."""
    token = signed(json.dumps(claims()), OTHER, kid="first")
    assert "signature" in server.refusal(token).detail


@pytest.mark.check("assertion.signature")
def test_a_key_in_the_header_is_not_looked_at(server: Server) -> None:
    """FAPI 2.0 section 5.4: `jwk`, `jku` and `x5u` would be keys of the sender."""
    public: dict[str, Any] = OTHER.export_public(as_dict=True)
    for more in ({"jwk": public}, {"jku": "https://x.example"}, {"x5u": "https://x"}):
        token = signed(json.dumps(claims()), OTHER, kid="first", **more)
        assert "signature" in server.refusal(token).detail


@pytest.mark.check("assertion.signature")
def test_changed_claims_are_refused(server: Server) -> None:
    """RFC 7523 section 3: the signature is over the claims."""
    header, _, signature = signed(json.dumps(claims())).split(".")
    payload = base64url_encode(json.dumps(claims(jti="jti-2")))
    forged = f"{header}.{payload}.{signature}"
    assert "signature" in server.refusal(forged).detail


# The claims.


@pytest.mark.check("assertion.issuer", "assertion.subject")
@pytest.mark.parametrize("name", ["iss", "sub"])
@pytest.mark.parametrize("value", [None, "other", "", 7, ["tpp"]])
def test_another_client_is_refused(server: Server, name: str, value: object) -> None:
    """RFC 7523 section 3: `iss` and `sub` are the client_id."""
    refused = server.refusal(signed(json.dumps(claims(**{name: value}))))
    assert refused.detail == f"private_key_jwt: another {name}"


@pytest.mark.check("assertion.issuer")
def test_an_assertion_of_another_client_is_refused(server: Server) -> None:
    """RFC 7521 section 4.2: a client_id beside it must be the same."""
    refused = server.refusal(signed(json.dumps(claims())), "other")
    assert refused.detail == "private_key_jwt: another iss"


@pytest.mark.check("assertion.audience")
@pytest.mark.parametrize(
    "aud",
    [
        None,
        f"{ISSUER}/",
        f"{ISSUER}/token",
        "https://other.example",
        [ISSUER],
        [ISSUER, "https://other.example"],
        [],
        7,
    ],
)
def test_another_audience_is_refused(server: Server, aud: object) -> None:
    """FAPI 2.0 section 5.3.2.1: the issuer identifier as a string, and nothing else."""
    refused = server.refusal(signed(json.dumps(claims(aud=aud))))
    assert refused.detail == "private_key_jwt: another aud"
    assert refused.expected == ISSUER


@pytest.mark.check("assertion.in-force")
@pytest.mark.parametrize(
    "exp", [None, NOW, NOW - 1, 0, -1, NOW + LONGEST_LIFETIME + 1, 10**400, 1e308]
)
def test_an_assertion_that_is_not_in_force_is_refused(
    server: Server, exp: object
) -> None:
    """RFC 7523 section 3: `exp` is required, not past, and not unreasonably far."""
    refused = server.refusal(signed(json.dumps(claims(exp=exp))))
    assert refused.detail == "private_key_jwt: not in force"


@pytest.mark.check("assertion.in-force")
@pytest.mark.parametrize("name", ["exp", "nbf", "iat"])
@pytest.mark.parametrize("value", ["1800000060", True, [NOW], {}])
def test_a_time_that_is_no_number_is_refused(
    server: Server, name: str, value: object
) -> None:
    """RFC 7519 section 2: a NumericDate."""
    refused = server.refusal(signed(json.dumps(claims(**{name: value}))))
    assert refused.detail == f"private_key_jwt: {name} is no number"


@pytest.mark.check("assertion.not-before")
@pytest.mark.parametrize("name", ["nbf", "iat"])
def test_clocks_may_differ_a_little(server: Server, name: str) -> None:
    """FAPI 2.0 section 5.3.2.1: 0 to 10 s in the future is accepted, 60 s refused."""
    for ahead in (CLOCK_SKEW + 1, 61, 10**400):
        refused = server.refusal(signed(json.dumps(claims(**{name: NOW + ahead}))))
        assert refused.detail == f"private_key_jwt: {name} in the future"
    server.take(signed(json.dumps(claims(**{name: NOW + 10}))))


@pytest.mark.check("assertion.used-once")
@pytest.mark.parametrize("jti", [None, "", 7, ["x"], "j" * (LONGEST_JTI + 1)])
def test_an_assertion_without_identifier_is_refused(
    server: Server, jti: object
) -> None:
    """RFC 7523 section 3: without `jti` nobody could tell that it was used before."""
    refused = server.refusal(signed(json.dumps(claims(jti=jti))))
    assert refused.detail == "private_key_jwt: no jti"


@pytest.mark.check("assertion.used-once")
def test_an_assertion_is_used_once(server: Server) -> None:
    """RFC 7523 section 3: replayed, or another with the same `jti`."""
    token = signed(json.dumps(claims()))
    server.take(token)
    for again in (token, signed(json.dumps(claims(exp=NOW + 90)))):
        with pytest.raises(InvalidClient, match="used before"):
            server.take(again)
    server.take(signed(json.dumps(claims(jti="jti-2"))))


@pytest.mark.check("assertion.key")
def test_several_keys_may_have_one_kid() -> None:
    """FAPI 2.0 section 5.6.4: the algorithm and the signature tell them apart."""
    second = JWK.generate(kty="EC", crv="P-256", kid="first")
    ed = JWK.generate(kty="OKP", crv="Ed25519", kid="first")
    for number, key in enumerate((KEY, second, ed)):
        server = Server(KEY, second, ed)
        server.take(signed(json.dumps(claims(jti=f"jti-{number}")), key))
    stranger = JWK.generate(kty="EC", crv="P-256", kid="first")
    refused = Server(KEY, second, ed).refusal(signed(json.dumps(claims()), stranger))
    assert "the signature is not one of the client's key" in refused.detail
    rsa = JWK.generate(kty="RSA", size=2048, kid="first")
    refused = Server(KEY, second, ed).refusal(signed(json.dumps(claims()), rsa))
    assert refused.expected == "ES256, EdDSA"


@pytest.mark.check("assertion.form")
def test_an_assertion_that_is_too_long_is_told_as_such(server: Server) -> None:
    """Some put a certificate chain into it: how long it is, and may be, is said."""
    with_chain = signed(json.dumps(claims()), x5c=["MIIB" * 1200] * 3)
    for token in (with_chain, f"e30.e30.{'A' * LONGEST_ASSERTION}"):
        assert server.refusal(token).detail.startswith(
            f"private_key_jwt: client_assertion is too long: {len(token)} characters,"
            f" at most {LONGEST_ASSERTION} are read"
        )
