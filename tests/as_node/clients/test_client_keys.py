"""The keys with which a client's assertions are verified."""

from typing import Any

import pytest
from jwcrypto.jwk import JWK

from as_node.clients.client_keys import registered_keys
from as_node.clients.jwks import JwksError

EC = JWK.generate(kty="EC", crv="P-256", kid="ec")
RSA = JWK.generate(kty="RSA", size=2048, kid="rsa")
ED = JWK.generate(kty="OKP", crv="Ed25519", kid="ed")


def public(key: JWK, **changes: Any) -> dict[str, Any]:
    """The public members of a key; `None` removes one."""
    members: dict[str, Any] = {**key.export_public(as_dict=True), **changes}
    return {name: value for name, value in members.items() if value is not None}


def refusal(*keys: Any) -> str:
    """Why a set of these keys is refused, in one line."""
    with pytest.raises(JwksError) as refused:
        registered_keys({"keys": list(keys)})
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_the_kind_of_a_key_says_its_algorithm() -> None:
    """FAPI 2.0 section 5.4: ES256, PS256 and EdDSA, one for each kind of key."""
    found = registered_keys({"keys": [public(EC), public(RSA), public(ED)]})
    assert [(key.kid, key.alg) for key in found.keys] == [
        ("ec", "ES256"),
        ("rsa", "PS256"),
        ("ed", "EdDSA"),
    ]


def test_one_key_needs_no_name() -> None:
    """RFC 7517 section 4.5: `kid` is optional."""
    (key,) = registered_keys({"keys": [public(EC, kid=None)]}).keys
    assert key.kid is None


def test_keys_for_encryption_are_left_aside() -> None:
    """RFC 7517 section 4.2: `use` says what a key is for."""
    keys = [public(EC, use="enc"), public(ED, use="sig")]
    assert [key.kid for key in registered_keys({"keys": keys}).keys] == ["ed"]
    assert refusal(public(EC, use="enc")) == "expected a key for signatures, found none"


@pytest.mark.parametrize("jwks", [None, [], {}, {"keys": None}, {"keys": {}}, "x"])
def test_what_is_no_jwk_set_is_refused(jwks: object) -> None:
    """RFC 7517 section 5."""
    with pytest.raises(JwksError, match="expected a JWK set"):
        registered_keys(jwks)


def test_a_private_key_is_refused() -> None:
    """It is not the server's to have; it is secret no more."""
    private: dict[str, Any] = EC.export(as_dict=True)
    assert "expected a public key, found the private 'd'" in refusal(private)
    assert "found the private 'k'" in refusal({"kty": "oct", "k": "c2VjcmV0"})


@pytest.mark.parametrize(
    "key",
    [
        public(JWK.generate(kty="EC", crv="P-384", kid="x")),
        public(JWK.generate(kty="EC", crv="secp256k1", kid="x")),
        public(JWK.generate(kty="OKP", crv="X25519", kid="x")),
    ],
    ids=["P-384", "secp256k1", "X25519"],
)
def test_another_kind_of_key_is_refused(key: dict[str, Any]) -> None:
    """FAPI 2.0 section 5.4."""
    assert "expected P-256, Ed25519 or RSA" in refusal(key)


def test_a_short_rsa_key_is_refused() -> None:
    """FAPI 2.0 section 5.4: 2048 bits at least."""
    short = JWK.generate(kty="RSA", size=1024, kid="x")
    assert refusal(public(short)) == "keys[0]: expected 2048 bits, found 1024"


@pytest.mark.parametrize("alg", ["RS256", "none", "HS256", "PS256", 7])
def test_another_algorithm_than_the_keys_is_refused(alg: object) -> None:
    """RFC 7517 section 4.4: `alg` says what the key is for, here one thing only."""
    assert refusal(public(EC, alg=alg)).startswith("keys[0]: alg: expected ES256")


@pytest.mark.parametrize(
    "key",
    [
        None,
        "x",
        {},
        {"kty": "EC"},
        public(EC, x="AAAA"),
        public(EC, kty="unknown"),
        public(EC, kid=7),
        public(EC, key_ops=["encrypt"]),
        public(RSA, n="!"),
    ],
)
def test_what_is_no_key_is_refused(key: object) -> None:
    """An operator learns it when the server starts."""
    assert refusal(key).startswith("keys[0]: ")


@pytest.mark.parametrize(("first", "second"), [("a", "a"), (None, "a"), (None, None)])
def test_two_keys_may_have_one_name(first: str | None, second: str | None) -> None:
    """FAPI 2.0 section 5.6.4: what else is known of them tells them apart."""
    keys = [public(EC, kid=first), public(ED, kid=second)]
    found = registered_keys({"keys": keys}).keys
    assert [(key.kid, key.alg) for key in found] == [
        (first, "ES256"),
        (second, "EdDSA"),
    ]


@pytest.mark.parametrize(
    "odd",
    [
        None,
        "x",
        7,
        [],
        {},
        {"kty": None},
        {"kty": 7},
        {"kty": ["EC"]},
        {"kty": "AKP", "alg": "ML-DSA-65", "kid": "q", "pub": "AAAA"},
        {"kty": "AKP", "alg": "SLH-DSA-SHA2-128s", "kid": "s", "pub": "AAAA"},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"kty": "EC", "generate": "EC", "crv": "P-256"},
        {"generate": "oct", "size": 256},
        EC.export(as_dict=True),
        public(EC, y=None),
        {**public(EC), "y": None},
        {**public(EC), "x": 7},
        {**public(EC), "use": None},
        {**public(EC), "kid": None, "alg": None},
        public(EC, crv="P-384"),
        public(JWK.generate(kty="EC", crv="P-384", kid="x")),
        public(RSA, alg="RS256"),
        public(RSA, e="AQ"),
        public(RSA, n=""),
        public(ED, x=""),
        public(ED, key_ops=["encrypt"]),
    ],
)
def test_an_odd_key_makes_no_other_useless(odd: object) -> None:
    """RFC 7517 section 5: it is passed over, and the operator reads why."""
    told: list[str] = []
    good = public(RSA, kid="good")
    found = registered_keys({"keys": [odd, good]}, told.append).keys
    assert [key.kid for key in found] == ["good"]
    (line,) = told
    assert line.startswith("keys[0]: ")
    assert line.endswith("; this key is passed over")
    assert refusal(odd) + "; this key is passed over" == line
    assert not line.startswith("keys[0]: ;")
    assert ": ;" not in line
