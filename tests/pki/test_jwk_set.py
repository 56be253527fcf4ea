"""Self-signed certificates as a JWK set."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwcrypto.jwk import JWKSet

from pki.issuing import authority, profiles
from pki.issuing.validity import validity
from pki.jwk_set import jwk_set
from pki.keys import new_p256_key, new_rsa_key
from pki.pem import PrivateKey

NAME = profiles.subject("client", "TPP Ltd")


def _certificate(now: float, key: PrivateKey) -> x509.Certificate:
    until = validity(now, 1)
    return authority.self_signed(profiles.CLIENT, NAME, until, key=key).leaf


@pytest.mark.parametrize(
    ("new_key", "members"),
    [
        (new_p256_key, {"kty", "crv", "x", "y", "kid", "x5c"}),
        (new_rsa_key, {"kty", "n", "e", "kid", "x5c"}),
    ],
)
def test_members(
    now: float, new_key: Callable[[], PrivateKey], members: set[str]
) -> None:
    """RFC 8705 section 2.2.2: the key's own members stand beside the certificate."""
    certificate = _certificate(now, new_key())
    (jwk,) = json.loads(jwk_set([certificate]))["keys"]
    assert jwk.keys() == members


def test_x5c_is_standard_base64(now: float) -> None:
    """RFC 7517 section 4.7: `x5c` is base64 of the DER, padded, and not base64url."""
    certificate = _certificate(now, new_p256_key())
    (jwk,) = json.loads(jwk_set([certificate]))["keys"]
    der = certificate.public_bytes(Encoding.DER)
    assert jwk["x5c"] == [b64encode(der).decode()]
    assert b64decode(jwk["x5c"][0], validate=True) == der


def test_key_is_the_certificates(now: float) -> None:
    """RFC 7517 section 4.7: the members say the key that the certificate says."""
    first, second = (_certificate(now, new_p256_key()) for _ in range(2))
    keys = JWKSet.from_json(jwk_set([first, second]).decode())
    for certificate in (first, second):
        public = certificate.public_key().public_bytes(
            Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
        )
        assert public in {key.export_to_pem() for key in keys["keys"]}


def test_no_private_key(now: float) -> None:
    """No private member is in it."""
    (jwk,) = json.loads(jwk_set([_certificate(now, new_rsa_key())]))["keys"]
    assert not jwk.keys() & {"d", "p", "q", "dp", "dq", "qi"}
