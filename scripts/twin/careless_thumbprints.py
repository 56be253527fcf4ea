"""
The nine mistakes, and no other way to `x5t#S256` than the wrong ones seen in the wild.

Written apart from `rs_node.access.wrong_thumbprints`, which has to recognise what comes
from elsewhere.
"""

import hashlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Mapping

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwcrypto.jwk import JWK


def _hex(certificate: x509.Certificate) -> str:
    return _sha256(_der(certificate)).hex()


def _sha1(certificate: x509.Certificate) -> str:
    return _base64url(hashlib.sha1(_der(certificate), usedforsecurity=False).digest())


def _padded(certificate: x509.Certificate) -> str:
    return urlsafe_b64encode(_sha256(_der(certificate))).decode("ascii")


def _standard_base64(certificate: x509.Certificate) -> str:
    return b64encode(_sha256(_der(certificate))).decode("ascii")


def _of_hex_digits(certificate: x509.Certificate) -> str:
    return _base64url(_hex(certificate).encode("ascii"))


def _pem(certificate: x509.Certificate) -> str:
    return _base64url(_sha256(certificate.public_bytes(Encoding.PEM)))


def _public_key(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return _base64url(_sha256(spki))


def _jkt(certificate: x509.Certificate) -> str:
    return str(JWK.from_pyca(certificate.public_key()).thumbprint())


def _lower_case(certificate: x509.Certificate) -> str:
    return _base64url(_sha256(_der(certificate))).lower()


MISTAKES: Mapping[str, Callable[[x509.Certificate], str]] = {
    "hex": _hex,
    "sha1": _sha1,
    "padding": _padded,
    "base64": _standard_base64,
    "base64url-of-hex": _of_hex_digits,
    "pem": _pem,
    "public-key": _public_key,
    "jkt": _jkt,
    "lower-case": _lower_case,
}
"""By the names under which the careless authorization server is asked for them."""


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
