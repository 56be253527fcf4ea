"""What is signed here, jwcrypto verifies."""

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from jwcrypto.common import base64url_decode
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from as_node.tokens.jwt_signing import (
    SIGNING_ALGS,
    JWTSigner,
    SigningAlg,
    new_private_key,
)
from pki.keys import new_rsa_key

CLAIMS: dict[str, object] = {"iss": "https://as.example", "sub": "Łódź", "exp": 1}

# Made once: an RSA key takes a while.
KEYS = {alg: new_private_key(alg) for alg in SIGNING_ALGS}


def verified(jwt: str, key: PrivateKeyTypes, alg: str) -> Any:
    """The claims, once jwcrypto is content with the signature and the algorithm."""
    jws = JWS.from_jose_token(jwt)
    jws.allowed_algs = [alg]
    jws.verify(JWK.from_pyca(key.public_key()))
    return json.loads(jws.payload)


@pytest.mark.parametrize("alg", SIGNING_ALGS)
def test_jwcrypto_verifies_each_algorithm(alg: SigningAlg) -> None:
    """RFC 7515 section 5.2: each algorithm's output is verified by another library."""
    signer = JWTSigner(KEYS[alg], alg=alg, kid="k", typ="at+jwt")
    assert verified(signer.sign(CLAIMS), KEYS[alg], alg) == CLAIMS


@pytest.mark.parametrize("alg", SIGNING_ALGS)
def test_the_header_names_type_algorithm_and_key(alg: SigningAlg) -> None:
    """RFC 9068 section 2.1: `typ`, `alg` and `kid`, and nothing more."""
    jwt = JWTSigner(KEYS[alg], alg=alg, kid="k", typ="at+jwt").sign(CLAIMS)
    assert json.loads(base64url_decode(jwt.partition(".")[0])) == {
        "typ": "at+jwt",
        "alg": alg,
        "kid": "k",
    }


def test_an_es256_signature_is_always_64_octets() -> None:
    """RFC 7518 section 3.4: small r or s are filled up with zeros on the left."""
    signer = JWTSigner(KEYS["ES256"], alg="ES256", kid="k", typ="at+jwt")
    starts: set[str] = set()
    # One r, and one s, in 256 begins with a zero octet.
    while not {"r", "s"} <= starts:
        jwt = signer.sign(CLAIMS)
        signature = base64url_decode(jwt.rpartition(".")[2])
        assert len(signature) == 64
        starts |= {"r"} if signature[0] == 0 else set()
        starts |= {"s"} if signature[32] == 0 else set()
        if signature[0] == 0 or signature[32] == 0:
            assert verified(jwt, KEYS["ES256"], "ES256") == CLAIMS


def test_nothing_is_padded() -> None:
    """RFC 7515 section 2: no `=`, and only the letters of base64url and two dots."""
    signer = JWTSigner(KEYS["ES256"], alg="ES256", kid="k", typ="at+jwt")
    for length in range(4):
        segments = signer.sign({"x": "ÿ" * length}).split(".")
        assert len(segments) == 3
        assert all(s.replace("-", "").replace("_", "").isalnum() for s in segments)


@pytest.mark.parametrize(
    ("alg", "key"),
    [
        ("ES256", ec.generate_private_key(ec.SECP384R1())),
        ("ES256", ec.generate_private_key(ec.SECP256K1())),
        ("PS256", rsa.generate_private_key(65537, 1024)),  # noqa: S505 - refused
        ("EdDSA", Ed448PrivateKey.generate()),
        ("ES256", Ed25519PrivateKey.generate()),
        ("EdDSA", KEYS["ES256"]),
        ("RS256", new_rsa_key()),
        ("none", KEYS["ES256"]),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_key_signs_with_its_own_algorithm_only(
    alg: str, key: PrivateKeyTypes
) -> None:
    """FAPI 2.0 section 5.4: P-256, RSA of 2048 bits or more, Ed25519; never `none`."""
    with pytest.raises(ValueError, match=f"no private key for {alg}"):
        JWTSigner(key, alg=alg, kid="k", typ="at+jwt")
