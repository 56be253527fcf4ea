"""JWT access tokens, RFC 9068 section 4: through the real listener, by real keys."""

import json
from base64 import urlsafe_b64encode

import pytest
from jwcrypto.jwk import JWK

from pki.http.journal import Journal
from pki.http.messages import Response, json_response
from pki.pem import Credential
from rs_node.access.claims import Expectations
from rs_node.access.token_validation import TokenValidation
from tests.rs_node.bank import (
    RESOURCE,
    Bank,
    Certificates,
    assert_invalid_token,
    assert_unavailable,
    keys_of,
    open_bank,
    status,
)
from tests.rs_node.fake_authorization_server import ISSUER, new_key, signed


def base64url(data: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def tampered(token: str, at: int, part: bytes) -> str:
    """The token with one of its three parts replaced."""
    parts = token.split(".")
    parts[at] = base64url(part)
    return ".".join(parts)


@pytest.mark.parametrize("alg", ["ES256", "PS256", "EdDSA"])
def test_algorithms(bank: Bank, tpp: Credential, alg: str) -> None:
    """FAPI 2.0 Security Profile section 5.4.1: ES256, PS256 and EdDSA are accepted."""
    bank.authorization_server.keys = [new_key("k", alg)]
    assert bank.get(tpp, bank.jwt(tpp)).status == 200


@pytest.mark.parametrize("typ", ["at+jwt", "AT+JWT", "application/at+jwt"])
def test_types(bank: Bank, tpp: Credential, typ: str) -> None:
    """RFC 9068 section 4: at+jwt, with or without its prefix."""
    key = bank.authorization_server.keys[0]
    claims = bank.claims(tpp, status=status(0))
    assert bank.get(tpp, signed(claims, key, typ=typ)).status == 200


@pytest.mark.check("token.form")
@pytest.mark.parametrize(
    "token",
    [
        "a.b.c",
        "..",
        ".e30.",
        f"{base64url(b'[]')}.e30.e30",
        f"{base64url(b'not json')}.e30.e30",
        f"{base64url(b'[' * 9_000)}.e30.e30",
        "+/+/.e30.e30",
        "e30~.e30.e30",
        "a.e30.e30",
    ],
)
def test_no_jws(bank: Bank, tpp: Credential, token: str) -> None:
    """RFC 7515 section 7.1: three parts of base64url, of which the first is JSON."""
    assert_invalid_token(bank.get(tpp, token))


@pytest.mark.check("token.form")
@pytest.mark.parametrize("more", ["=", "==", "~", "/", "+"])
def test_another_spelling(bank: Bank, tpp: Credential, more: str) -> None:
    """RFC 7515 section 2: base64url without padding; one token has one spelling."""
    assert_invalid_token(bank.get(tpp, bank.jwt(tpp) + more))
    assert "not a compact JWS" in bank.logged()


@pytest.mark.check("token.type")
@pytest.mark.parametrize("typ", [None, "JWT", "jwt", "id_token", "at+jwt ", 1])
def test_another_type(bank: Bank, tpp: Credential, typ: object) -> None:
    """RFC 9068 section 4: an ID token, signed by the same key, is no access token."""
    key = bank.authorization_server.keys[0]
    assert_invalid_token(bank.get(tpp, signed(bank.claims(tpp), key, typ=typ)))
    assert "typ is not that of an access token" in bank.logged()


@pytest.mark.check("token.algorithm")
def test_an_algorithm_not_ours(bank: Bank, tpp: Credential) -> None:
    """RFC 9068 section 4: RS256 by the right key is refused: not in the list."""
    key = JWK.generate(kty="RSA", size=2048, kid="first", alg="RS256", use="sig")
    bank.authorization_server.keys = [key]
    assert_invalid_token(bank.get(tpp, bank.jwt(tpp)))
    assert "alg is not one of ours" in bank.logged()


@pytest.mark.check("token.algorithm")
def test_algorithms_are_configured(certificates: Certificates, tpp: Credential) -> None:
    """RFC 9068 section 4: an algorithm that the configuration leaves out is refused."""
    old = 'signing_algorithms = ["ES256", "PS256", "EdDSA"]'
    bank = open_bank(certificates, (old, 'signing_algorithms = ["PS256"]'))
    assert_invalid_token(bank.get(tpp, bank.jwt(tpp)))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "HS256", 1, None])
def test_unsigned_tokens(bank: Bank, tpp: Credential, alg: object) -> None:
    """RFC 8725 section 3.2: alg none, or no alg, with and without a signature."""
    header = json.dumps({"typ": "at+jwt", "alg": alg, "kid": "first"}).encode()
    payload = base64url(json.dumps(bank.claims(tpp)).encode())
    for signature in ("", "e30", bank.jwt(tpp).split(".")[2]):
        token = f"{base64url(header)}.{payload}.{signature}"
        assert_invalid_token(bank.get(tpp, token))


@pytest.mark.check("token.algorithm")
def test_the_public_key_as_a_secret(bank: Bank, tpp: Credential) -> None:
    """RFC 8725 section 3.1: HS256 keyed with our public key is refused."""
    public = bank.authorization_server.keys[0].export_to_pem()
    secret = JWK(kty="oct", k=base64url(public), kid="first", alg="HS256")
    token = signed(bank.claims(tpp), secret)
    assert_invalid_token(bank.get(tpp, token))


@pytest.mark.check("token.critical-extensions")
def test_critical_headers(bank: Bank, tpp: Credential) -> None:
    """RFC 7515 section 4.1.11: an extension that must be understood, and is not."""
    key = bank.authorization_server.keys[0]
    token = signed(bank.claims(tpp), key, crit=["b64"], b64=True)
    assert_invalid_token(bank.get(tpp, token))
    assert "critical extensions" in bank.logged()


@pytest.mark.check("token.key-named")
@pytest.mark.parametrize("kid", [None, 1, ["first"]])
def test_no_kid(bank: Bank, tpp: Credential, kid: object) -> None:
    """RFC 9068 section 2.1: a token that names no key is not tried with all of them."""
    header = {"typ": "at+jwt", "alg": "ES256", "kid": kid}
    token = tampered(bank.jwt(tpp), 0, json.dumps(header).encode())
    assert_invalid_token(bank.get(tpp, token))
    assert "the header names no key" in bank.logged()


@pytest.mark.check("token.signature")
@pytest.mark.parametrize("member", ["jwk", "jku", "x5c", "x5u"])
def test_keys_in_the_header(bank: Bank, tpp: Credential, member: str) -> None:
    """RFC 8725 section 3.10: a key that the token itself brings is never used."""
    own = new_key("first")
    value = {"jwk": own.export_public(as_dict=True), "x5c": ["AAAA"]}
    said = {member: value.get(member, "https://evil.example/jwks")}
    assert_invalid_token(bank.get(tpp, signed(bank.claims(tpp), own, **said)))
    assert "the signature is wrong" in bank.logged()


@pytest.mark.check("token.signing-key")
def test_a_kid_of_another_kind_of_key(bank: Bank, tpp: Credential) -> None:
    """RFC 8725 section 3.1: a key is used with its own algorithm only."""
    bank.authorization_server.keys = [new_key("first", "PS256")]
    token = signed(bank.claims(tpp), new_key("first"))
    assert_invalid_token(bank.get(tpp, token))
    assert "no such key for this algorithm" in bank.logged()


@pytest.mark.check("token.signature")
def test_another_key(bank: Bank, tpp: Credential) -> None:
    """RFC 9068 section 4: the signature must be by the key that the kid names."""
    assert_invalid_token(bank.get(tpp, signed(bank.claims(tpp), new_key("first"))))
    assert "the signature is wrong" in bank.logged()


@pytest.mark.check("token.signature")
def test_changed_claims(bank: Bank, tpp: Credential, thief: Credential) -> None:
    """RFC 8705 section 3.1: writing another thumbprint breaks the signature."""
    claims = json.dumps(bank.claims(thief)).encode()
    assert_invalid_token(bank.get(thief, tampered(bank.jwt(tpp), 1, claims)))
    assert "the signature is wrong" in bank.logged()


@pytest.mark.check("token.form")
def test_claims_that_are_no_object(bank: Bank, tpp: Credential) -> None:
    """RFC 7519 section 4: even a signed token must have claims."""
    key = bank.authorization_server.keys[0]
    for payload in (b"[]", b"text", b"\xff", b"[" * 6_000, b'{"exp":NaN}'):
        assert_invalid_token(bank.get(tpp, signed(payload, key)))
        assert "the claims: " in bank.logged()


@pytest.mark.check("token.claims")
@pytest.mark.parametrize(
    "name", ["iss", "exp", "aud", "sub", "client_id", "iat", "jti"]
)
def test_missing_claims(bank: Bank, tpp: Credential, name: str) -> None:
    """RFC 9068 section 2.2: a signed token that lacks a required claim is refused."""
    assert_invalid_token(bank.get(tpp, bank.jwt(tpp, **{name: None})))
    assert f"claim {name} is missing" in bank.logged()


@pytest.mark.check("token.issuer")
def test_another_issuer(bank: Bank, tpp: Credential) -> None:
    """RFC 9068 section 4: iss is our issuer exactly."""
    assert_invalid_token(bank.get(tpp, bank.jwt(tpp, iss="https://localhost:9443/")))


@pytest.mark.check("token.audience")
def test_another_audience(bank: Bank, tpp: Credential) -> None:
    """RFC 9068 section 4: a token for another resource server is not for us."""
    assert_invalid_token(bank.get(tpp, bank.jwt(tpp, aud="https://other.example")))


@pytest.mark.check("token.not-before")
def test_not_valid_yet(bank: Bank, tpp: Credential) -> None:
    """RFC 7519 section 4.1.5: before nbf a token is refused, but for five seconds."""
    token = bank.jwt(tpp, nbf=bank.network.clock() + 6)
    assert_invalid_token(bank.get(tpp, token))
    assert "not valid yet" in bank.logged()
    bank.network.reactor.advance(1)
    assert bank.get(tpp, token).status == 200


@pytest.mark.check("token.not-before")
def test_issued_in_the_future(bank: Bank, tpp: Credential) -> None:
    """RFC 9068 section 2.2: nothing is issued tomorrow."""
    token = bank.jwt(tpp, iat=bank.network.clock() + 60, nbf=None)
    assert_invalid_token(bank.get(tpp, token))


@pytest.mark.check("token.remembered")
def test_a_verified_token_is_not_verified_again(bank: Bank, tpp: Credential) -> None:
    """RFC 9068 section 4: the signature is remembered, and the recording can tell."""
    expected = Expectations(ISSUER, RESOURCE)
    keys = keys_of(bank)
    validation = TokenValidation(keys, expected, ["ES256"])
    token, first, second = bank.jwt(tpp), Journal(), Journal()
    verified = bank.network.run(validation.validate(token, first))
    assert bank.network.run(validation.validate(token, second)) is verified
    assert "the token's signature" in [d.check.title for d in first.decisions]
    remembered = "signature, typ, iss and aud: verified when first presented"
    assert [d.check.title for d in second.decisions] == [remembered]


@pytest.mark.check("token.not-expired")
def test_a_remembered_token_expires(bank: Bank, tpp: Credential) -> None:
    """RFC 7519 section 4.1.4: a token is not remembered to be current."""
    token = bank.jwt(tpp)
    assert bank.get(tpp, token).status == 200
    bank.network.reactor.advance(300)
    assert_invalid_token(bank.get(tpp, token))


@pytest.mark.check("token.signing-key", "token.remembered")
def test_a_withdrawn_key(bank: Bank, tpp: Credential) -> None:
    """RFC 7517 section 5: a withdrawn key takes the tokens it verified with it."""
    token = bank.jwt(tpp, exp=int(bank.network.clock()) + 3_600)
    assert bank.get(tpp, token).status == 200
    bank.authorization_server.keys = [new_key("second")]
    bank.network.reactor.advance(300)
    assert bank.get(tpp, token).status == 200  # this one starts the refresh
    bank.network.flush()
    assert_invalid_token(bank.get(tpp, token))


def test_a_withdrawn_key_and_nobody_to_ask(bank: Bank, tpp: Credential) -> None:
    """A token whose key was withdrawn is not good again because nobody can be asked."""
    token = bank.jwt(tpp, exp=int(bank.network.clock()) + 3_600)
    assert bank.get(tpp, token).status == 200
    bank.authorization_server.keys = [new_key("second")]
    bank.network.reactor.advance(300)
    bank.get(tpp, token)
    bank.network.flush()
    bank.authorization_server.stop()
    bank.network.reactor.advance(20)
    assert_unavailable(bank.get(tpp, token))
    assert_unavailable(bank.get(tpp, token))


def test_rotation(bank: Bank, tpp: Credential) -> None:
    """RFC 7517 section 5: the first token of a new key works, the old key goes on."""
    server = bank.authorization_server
    old = bank.jwt(tpp)
    assert bank.get(tpp, old).status == 200
    bank.network.reactor.advance(10)
    server.keys = [new_key("second"), *server.keys]
    assert bank.get(tpp, bank.jwt(tpp)).status == 200
    assert bank.get(tpp, old).status == 200
    assert server.asked_at("/jwks") == 2


def test_the_server_is_away_and_the_key_is_known(
    certificates: Certificates, tpp: Credential
) -> None:
    """RFC 9068 section 4: known keys work, however long the server is away."""
    bank = open_bank(certificates, ('= "status-list"', '= "none"'))
    assert bank.get(tpp, bank.jwt(tpp)).status == 200
    bank.authorization_server.stop()
    for _ in range(3):
        bank.network.reactor.advance(3_600)
        assert bank.get(tpp, bank.jwt(tpp)).status == 200
    assert "no keys of https://localhost:9443" in bank.logged()


@pytest.mark.check("token.signing-key")
def test_the_server_is_away_and_the_key_is_not_known(
    bank: Bank, tpp: Credential
) -> None:
    """RFC 9068 section 4: without keys nobody can say that the token is bad."""
    bank.authorization_server.stop()
    assert_unavailable(bank.get(tpp, bank.jwt(tpp)))


@pytest.mark.parametrize(
    "instead",
    [
        Response(404),
        Response(302, (("Location", "https://localhost:9443/elsewhere"),)),
        Response(200, (), b"not json"),
        json_response(200, {"keys": "none"}),
        json_response(200, {}),
    ],
)
def test_a_jwk_set_that_is_none(bank: Bank, tpp: Credential, instead: Response) -> None:
    """RFC 7517 section 5: what is no JWK set is no reason to call a token bad."""
    bank.authorization_server.instead["/jwks"] = instead
    assert_unavailable(bank.get(tpp, bank.jwt(tpp)))


@pytest.mark.parametrize(
    "issuer", [None, "https://localhost:9443/", "https://evil.example", 1]
)
def test_metadata_of_another_issuer(
    bank: Bank, tpp: Credential, issuer: object
) -> None:
    """RFC 8414 section 3.3: metadata of another issuer are not used."""
    bank.authorization_server.metadata["issuer"] = issuer
    assert_unavailable(bank.get(tpp, bank.jwt(tpp)))
    assert bank.authorization_server.asked_at("/jwks") == 0
