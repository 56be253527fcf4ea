"""The assertion that a client signs: RFC 7523."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from client_node.oauth.token.client_assertion import (
    ASSERTION_TYPE,
    LIFETIME,
    assertion_parameters,
    client_assertion,
    load_signing_key,
)
from pki import pem
from pki.keys import new_p256_key, new_rsa_key
from pki.pem import PemError, PrivateKey

NOW = 1_800_000_000.7
ISSUER = "https://as.example"


def kept(folder: Path, key: PrivateKey) -> JWK:
    """The key, written to a file and read again."""
    path = folder / "jwt-key.pem"
    pem.write_new(path, pem.private_key_to_pem(key))
    return load_signing_key(path)


@pytest.mark.parametrize(
    ("key", "alg"), [(new_p256_key(), "ES256"), (new_rsa_key(), "PS256")]
)
def test_an_assertion_says_who_signs_and_for_whom(
    key: PrivateKey, alg: str, tmp_path: Path
) -> None:
    """RFC 7523 section 3, FAPI 2.0 section 5.3.3.1: `aud` is the issuer, a string."""
    signing_key = kept(tmp_path, key)
    assertion = client_assertion(signing_key, "tpp", ISSUER, NOW)
    jws = JWS.from_jose_token(assertion)
    jws.allowed_algs = [alg]
    jws.verify(JWK.from_pyca(key.public_key()))
    header: dict[str, Any] = jws.jose_header
    assert header == {"typ": "JWT", "alg": alg, "kid": signing_key.thumbprint()}
    claims = json.loads(jws.payload)
    assert len(claims.pop("jti")) == 22
    assert claims == {
        "iss": "tpp",
        "sub": "tpp",
        "aud": ISSUER,
        "iat": 1_800_000_000,
        "exp": 1_800_000_000 + LIFETIME,
    }


def test_no_two_assertions_are_the_same() -> None:
    """RFC 7523 section 3: a server takes each `jti` once."""
    key = JWK.generate(kty="EC", crv="P-256", kid="a")
    first, second = (client_assertion(key, "tpp", ISSUER, NOW) for _ in range(2))
    assert first != second


def test_the_parameters_are_two() -> None:
    """RFC 7521 section 4.2."""
    assert assertion_parameters("a.b.c") == {
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": "a.b.c",
    }
    assert ASSERTION_TYPE == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def test_a_public_key_cannot_sign() -> None:
    """A mistake that is told in a line."""
    public = JWK.from_pyca(new_p256_key().public_key())
    with pytest.raises(ValueError, match="this key cannot sign"):
        client_assertion(public, "tpp", ISSUER, NOW)


def test_another_curve_is_refused(tmp_path: Path) -> None:
    """FAPI 2.0 section 5.4: ES256 is for P-256."""
    with pytest.raises(PemError, match="neither a P-256 nor an RSA key"):
        kept(tmp_path, ec.generate_private_key(ec.SECP384R1()))
    with pytest.raises(PemError, match="No such file"):
        load_signing_key(tmp_path / "none.pem")
