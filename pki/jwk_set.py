"""Self-signed certificates as a JWK set (RFC 7517 section 5)."""

import json
from base64 import b64encode
from collections.abc import Iterable

from cryptography import x509
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
    keys = [_jwk(certificate) for certificate in certificates]
    return json.dumps({"keys": keys}, indent=2).encode() + b"\n"


def _jwk(certificate: x509.Certificate) -> dict[str, object]:
    members = JWK.from_pyca(certificate.public_key()).export_public(as_dict=True)
    der = certificate.public_bytes(Encoding.DER)
    return {**members, "x5c": [b64encode(der).decode("ascii")]}
