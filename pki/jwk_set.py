"""What a client registers as a JWK set (RFC 7517 section 5): certificates, or keys."""

import json
from base64 import b64encode
from collections.abc import Iterable

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from jwcrypto.jwk import JWK


def jwk_set(certificates: Iterable[x509.Certificate]) -> bytes:
    """
    A JWK set with one key for each certificate, as JSON.

    RFC 7517 section 4.7: `x5c` holds the certificate in standard base64 (with
    padding) of its DER, and the key's own members (`x` and `y`, or `n` and `e`)
    say the same key as the certificate does. `kid` is the RFC 7638 thumbprint of
    the key, which is not the certificate's.
    """
    return _written(_jwk(certificate) for certificate in certificates)


def signing_jwk_set(keys: Iterable[ec.EllipticCurvePublicKey]) -> bytes:
    """
    A JWK set with P-256 keys that verify a client's signatures, as JSON.

    No certificate is in it: what such a client signs is believed by its key alone
    (RFC 7523), and its certificate is another matter.
    """
    return _written(
        {**JWK.from_pyca(key).export_public(as_dict=True), "use": "sig", "alg": "ES256"}
        for key in keys
    )


def _written(jwks: Iterable[dict[str, object]]) -> bytes:
    return json.dumps({"keys": list(jwks)}, indent=2).encode() + b"\n"


def _jwk(certificate: x509.Certificate) -> dict[str, object]:
    members = JWK.from_pyca(certificate.public_key()).export_public(as_dict=True)
    der = certificate.public_bytes(Encoding.DER)
    return {**members, "x5c": [b64encode(der).decode("ascii")]}
