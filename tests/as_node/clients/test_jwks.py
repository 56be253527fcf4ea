"""The certificates in a client's JWK set: RFC 8705 section 2.2.2."""

import base64
import json
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa, x448
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from jwcrypto.jwk import JWK

from as_node.clients.jwks import JwksError, registered_thumbprints
from pki.issuing.authority import client_root, self_signed
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from pki.jwk_set import jwk_set
from pki.keys import new_rsa_key
from pki.pem import Credential
from pki.thumbprint import x5t_s256

NOW = 1_800_000_000.0
# RFC 8705 appendix A, the JWK; its x5c in one line.
APPENDIX_A = {
    "kty": "EC",
    "x": "1yfLHCpXqFjxCeHHHMVDTcLscpb07KUxudBmOMn8C7Q",
    "y": "8_coZwxS7LfA4vOLS9WuneIXhbGGWvsDSb0tH6IxLm8",
    "crv": "P-256",
    "x5c": [
        (
            "MIIBBjCBrAIBAjAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARtdGxzMB4XDTE4MTAxODEyMzcwOVo"
            "XDTIyMDUwMjEyMzcwOVowDzENMAsGA1UEAwwEbXRsczBZMBMGByqGSM49AgEGCCqGSM49AwEHA0"
            "IABNcnyxwqV6hY8QnhxxzFQ03C7HKW9OylMbnQZjjJ/Au08/coZwxS7LfA4vOLS9WuneIXhbGGW"
            "vsDSb0tH6IxLm8wCgYIKoZIzj0EAwIDSQAwRgIhAP0RC1E+vwJD/D1AGHGzuri+hlV/PpQEKTWU"
            "VeORWz83AiEA5x2eXZOVbUlJSGQgjwD5vaUaKlLR50Q2DmFfQj1L+SY="
        )
    ],
}
APPENDIX_A_X5T = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0"


def made(*, rsa: bool = False) -> Credential:
    """A new self-signed certificate."""
    key = new_rsa_key() if rsa else None
    return self_signed(CLIENT, subject("tpp", "TPP"), validity(NOW, 30), key=key)


def jwk_of(credential: Credential) -> dict[str, Any]:
    """The JWK of a certificate as our own PKI makes it."""
    keys: list[dict[str, Any]] = json.loads(jwk_set([credential.leaf]))["keys"]
    return keys[0]


ONE, TWO = made(), made()
JWK_ONE, JWK_TWO = jwk_of(ONE), jwk_of(TWO)


def refusal(*keys: object) -> str:
    """Why a JWK set with these keys is refused."""
    with pytest.raises(JwksError) as refused:
        registered_thumbprints({"keys": list(keys)})
    assert "\n" not in str(refused.value)
    return str(refused.value)


def passed_over(odd: object) -> str:
    """Why one key of a set is passed over, before a good one and after it."""
    good = frozenset({x5t_s256(ONE.leaf_der)})
    told: list[str] = []
    for keys in ([JWK_ONE, odd], [odd, JWK_ONE]):
        assert registered_thumbprints({"keys": keys}, told.append) == good
    last, first = told
    reason = first.removeprefix("keys[0]: ").removesuffix("; this key is passed over")
    assert last == f"keys[1]: {reason}; this key is passed over"
    assert refusal(odd) == f"keys[0]: {reason}"
    assert reason
    return reason


def with_x5c(value: object) -> dict[str, Any]:
    """The first JWK with another `x5c`."""
    return {**JWK_ONE, "x5c": value}


def with_other_x5c() -> dict[str, Any]:
    """The second JWK with DER in its `x5c` that is no certificate's."""
    return {**JWK_TWO, "x5c": ["MAA="]}


def test_the_rfcs_own_example_is_read() -> None:
    """RFC 8705 appendix A: the certificate of the JWK has the thumbprint given."""
    assert registered_thumbprints({"keys": [APPENDIX_A]}) == {APPENDIX_A_X5T}


def test_every_certificate_of_the_set_is_registered() -> None:
    """RFC 8705 section 2.2.2: a set may hold several, as during a rotation."""
    rsa = made(rsa=True)
    found = registered_thumbprints({"keys": [JWK_ONE, jwk_of(rsa), JWK_TWO]})
    ders = (ONE.leaf_der, rsa.leaf_der, TWO.leaf_der)
    assert found == {x5t_s256(der) for der in ders}


def test_use_and_other_members_make_no_difference() -> None:
    """RFC 8705 section 2.2.2: what is registered is the certificate, for any `use`."""
    members = {"use": "enc", "alg": "ES512", "kid": "x", "key_ops": ["sign"]}
    assert registered_thumbprints({"keys": [{**JWK_ONE, **members}]})


def test_keys_without_x5c_are_ignored() -> None:
    """RFC 8705 section 2.2.2: a set may hold keys for other purposes."""
    plain = {"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}
    found = registered_thumbprints({"keys": [plain, {"kty": "new"}, JWK_ONE]})
    assert found == {x5t_s256(ONE.leaf_der)}


def test_only_the_first_certificate_of_a_chain_is_registered() -> None:
    """RFC 7517 section 4.7: the following ones certify those before them."""
    root = client_root(subject("Root", "Bank"), now=NOW)
    leaf = root.issue_client(subject("tpp", "TPP"), now=NOW)
    above = base64.b64encode(root.certificate.public_bytes(Encoding.DER)).decode()
    jwk = jwk_of(leaf)
    found = registered_thumbprints({"keys": [{**jwk, "x5c": [*jwk["x5c"], above]}]})
    assert found == {x5t_s256(leaf.leaf_der)}


@pytest.mark.parametrize("jwks", [None, [], "{}", {}, {"keys": {}}, {"keys": "x"}])
def test_what_is_no_jwk_set_is_refused(jwks: object) -> None:
    """RFC 7517 section 5: a set is an object with an array `keys`."""
    with pytest.raises(JwksError, match="expected a JWK set"):
        registered_thumbprints(jwks)


@pytest.mark.parametrize("key", [None, "x", [], 1])
def test_a_key_that_is_no_object_is_refused(key: object) -> None:
    """RFC 7517 section 4: a JWK is an object."""
    assert "expected a JSON object" in passed_over(key)


@pytest.mark.parametrize(
    "member", ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"]
)
def test_a_private_key_is_passed_over(member: str) -> None:
    """RFC 7591 section 2: a registration holds public keys; `x5c` or not."""
    reason = f"expected a public key, found the private '{member}'"
    assert passed_over({"kty": "RSA", member: "x"}) == reason
    assert passed_over({**JWK_TWO, member: None}) == reason


@pytest.mark.parametrize(
    ("odd", "reason"),
    [
        (
            {"kty": "RSA", "n": "AQAB", "e": "AQAB", "x5c": ["MIIF==-----END CERT"]},
            "x5c: expected standard base64",
        ),
        ({"kty": "RSA", "n": "AQAB", "e": "AQAB", "x5c": None}, "expected an array"),
        ({**JWK_TWO, "x": None}, "x: expected the certificate's key"),
        ({**JWK_TWO, "kty": ["EC"]}, "kty: expected the certificate's key"),
        (with_other_x5c(), "expected a certificate"),
    ],
)
def test_an_odd_key_makes_no_other_useless(odd: object, reason: str) -> None:
    """RFC 7517 section 5: it is passed over, and the operator reads of it."""
    assert reason in passed_over(odd)


@pytest.mark.check("client-auth.registered-certificate")
def test_a_short_rsa_key_is_not_registered() -> None:
    """FAPI 2.0 section 5.4: 2048 bits, for this method as for the others."""
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505 - what is refused
    made = self_signed(CLIENT, subject("tpp", "TPP"), validity(NOW, 30), key=short)
    assert passed_over(jwk_of(made)) == "expected 2048 bits, found 1024"


@pytest.mark.parametrize("keys", [(), ({"kty": "EC", "x": "x"},)])
def test_a_set_without_certificate_is_refused(keys: tuple[object, ...]) -> None:
    """RFC 8705 section 2.2.2: a set with none could authenticate nobody."""
    assert "expected an x5c" in refusal(*keys)


@pytest.mark.parametrize("x5c", [None, "MII", [], {}])
def test_an_x5c_that_is_no_array_is_refused(x5c: object) -> None:
    """RFC 7517 section 4.7: `x5c` is an array with one certificate at least."""
    assert "x5c: expected an array" in refusal(with_x5c(x5c))


def test_pem_in_x5c_is_refused_in_its_own_words() -> None:
    """RFC 7517 section 4.7: the value is no PEM."""
    pem = ONE.leaf.public_bytes(Encoding.PEM).decode()
    assert refusal(with_x5c([pem])).endswith("standard base64 of DER, found PEM")


@pytest.mark.parametrize("strip", [True, False])
def test_base64url_in_x5c_is_refused_in_its_own_words(strip: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """RFC 7517 section 4.7: the value is not base64url-encoded."""
    der = next(d for d in iter(lambda: made().leaf_der, b"") if has_both_characters(d))
    text = base64.urlsafe_b64encode(der).decode()
    text = text.rstrip("=") if strip else text
    assert "found base64url" in refusal(with_x5c([text]))


def has_both_characters(der: bytes) -> bool:
    """Whether the two alphabets differ for these octets."""
    return b"-" in base64.urlsafe_b64encode(der)


def test_missing_padding_in_x5c_is_refused() -> None:
    """RFC 4648 section 3.2: base64 has its padding; only base64url leaves it out."""
    der = ONE.leaf_der
    while len(der) % 3 == 0:
        der = made().leaf_der
    text = base64.b64encode(der).decode().rstrip("=")
    assert "x5c: expected standard base64" in refusal(with_x5c([text]))
    assert "with padding, found base64url" in refusal(with_x5c(["MII"]))


@pytest.mark.parametrize("extra", ["\n", " ", "\r\n    ", "*"])
def test_a_line_break_in_x5c_is_refused(extra: str) -> None:
    """RFC 4648 section 3.3: what is outside the alphabet is not skipped."""
    text = JWK_ONE["x5c"][0]
    broken = f"{text[:64]}{extra}{text[64:]}"
    assert "x5c: expected standard base64" in refusal(with_x5c([broken]))


@pytest.mark.parametrize("text", ["MII*", "MI=I", "M\nII", "\N{KELVIN SIGN}III", ""])
def test_no_base64_in_x5c_is_refused(text: str) -> None:
    """RFC 7517 section 4.7: neither other characters nor line breaks."""
    assert "x5c: expected" in refusal(with_x5c([text]))


def test_a_second_certificate_is_base64_as_well() -> None:
    """RFC 7517 section 4.7: each value of the array, not only the first."""
    assert "found no string" in refusal(with_x5c([*JWK_ONE["x5c"], 1]))


def test_octets_that_are_no_certificate_are_refused() -> None:
    """RFC 7517 section 4.7: DER of a PKIX certificate."""
    assert "expected a certificate" in refusal(with_x5c(["MAA="]))


def test_a_key_that_cryptography_cannot_read_is_refused() -> None:
    """A certificate over a curve that nobody knows."""
    der = ONE.leaf_der.replace(  # the OID of P-256 made one that is not assigned
        bytes.fromhex("06082a8648ce3d030107"), bytes.fromhex("06082a8648ce3d03010f")
    )
    text = base64.b64encode(der).decode()
    assert "expected a certificate" in refusal(with_x5c([text]))


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP224R1()).public_key(),
        x448.X448PrivateKey.generate().public_key(),
    ],
)
def test_a_key_that_no_jwk_can_say_is_refused(
    key: ec.EllipticCurvePublicKey | x448.X448PublicKey,
) -> None:
    """jwcrypto 1.6.1 raises KeyError for the one and its own for the other."""
    dates = validity(NOW, 30)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject("tpp", "TPP"))
        .issuer_name(subject("Root", "Bank"))
        .public_key(key)
        .serial_number(1)
        .not_valid_before(dates.not_before)
        .not_valid_after(dates.not_after)
        .sign(ONE.private_key, SHA256())
    )
    text = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    assert "expected a key that a JWK can say" in refusal(with_x5c([text]))


@pytest.mark.parametrize("member", ["kty", "crv", "x", "y"])
def test_a_missing_public_member_is_refused(member: str) -> None:
    """RFC 8705 section 2.2.2: the public members are there, though unused."""
    jwk = {name: value for name, value in JWK_ONE.items() if name != member}
    assert f"keys[0]: {member}: expected the certificate's key" in refusal(jwk)


def test_the_key_of_another_certificate_is_refused() -> None:
    """RFC 7517 section 4.7: x5c[0] has the JWK's own key; jwcrypto does not look."""
    crossed = {**JWK_TWO, "x5c": JWK_ONE["x5c"]}
    assert "keys[0]: x: expected the certificate's key" in refusal(crossed)
    JWK(**crossed)  # jwcrypto 1.6.1 takes it


def test_the_key_of_an_rsa_certificate_is_compared_too() -> None:
    """RFC 7517 section 4.7: `n` and `e` are those of the certificate."""
    jwk = jwk_of(made(rsa=True))
    assert "e: expected" in refusal({**jwk, "e": "Aw"})
    assert "n: expected" in refusal({**jwk, "n": jwk["n"][:-2]})


def test_a_member_of_another_key_type_is_refused() -> None:
    """RFC 7518 section 6.2.1: an EC key has no modulus."""
    assert "n: expected the certificate's key, None" in refusal({**JWK_ONE, "n": "AQ"})


def test_an_okp_key_beside_is_no_matter() -> None:
    """RFC 8037 section 2: its `x` is public and its `d` is not."""
    key = ed25519.Ed25519PrivateKey.generate()
    okp = JWK.from_pyca(key)
    assert registered_thumbprints({"keys": [okp.export_public(as_dict=True), JWK_ONE]})
    assert "private 'd'" in passed_over(okp.export_private(as_dict=True))
