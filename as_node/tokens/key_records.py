"""One signing key, to and from the record that is kept of it."""

from typing import Literal

from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)
from jwcrypto.jwk import JWK

from as_node.store.store import SigningKeyRecord
from as_node.tokens.jwt_signing import SigningAlg, new_private_key


def new_record(alg: SigningAlg, state: Literal["next", "current"]) -> SigningKeyRecord:
    """The record of a new key; its `kid` is its RFC 7638 thumbprint."""
    private_key = new_private_key(alg)
    public_key = private_key.public_key()
    return SigningKeyRecord(
        kid=JWK.from_pyca(public_key).thumbprint(),
        alg=alg,
        state=state,
        public_key=public_key.public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        ),
        private_key=private_key.private_bytes(
            Encoding.DER, PrivateFormat.PKCS8, NoEncryption()
        ),
    )


def private_key_of(record: SigningKeyRecord) -> PrivateKeyTypes:
    """The private key; a retired record has none, and must not be given."""
    assert record.private_key is not None  # noqa: S101 - the store sees to it
    return load_der_private_key(record.private_key, password=None)


def public_jwk_of(record: SigningKeyRecord) -> JWK:
    """The public key as a JWK (RFC 7517); the private one is not even looked at."""
    return JWK.from_pyca(load_der_public_key(record.public_key))
