"""
A certificate field by field, in the order of RFC 5280 section 4.1, in words.

Anybody can present one, and `cryptography` reads lazily: a part that cannot be read is
told as such, and the rest is told all the same.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from pki.malformed import UNREADABLE
from pki.names import from_x509
from scripts.walkthrough.certificates.abbreviation import abbreviated
from scripts.walkthrough.certificates.extensions import (
    extension_name,
    extension_words,
)

_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
_SIGNATURES = {
    "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
    "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
    "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
    "1.2.840.113549.1.1.5": "sha1WithRSAEncryption",
    "1.2.840.113549.1.1.10": "RSASSA-PSS",
    "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
    "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
    "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
}


def readable(read: Callable[[], str]) -> str:
    """What *read* returns, or that it cannot be read, and why."""
    try:
        return read()
    except (*UNREADABLE, UnsupportedAlgorithm) as error:
        return not_readable(error)


def not_readable(error: Exception) -> str:
    """What is told in place of something that `cryptography` cannot read."""
    return f"(not readable: {' '.join(str(error).split())[:200]})"


def certificate_fields(certificate: x509.Certificate) -> Iterator[tuple[str, str]]:
    """Every field by its name, and its value in words."""
    for name, read in (
        ("version", lambda: str(certificate.version.value + 1)),
        ("serial number", lambda: f"{certificate.serial_number:x}"),
        ("signature algorithm", partial(_signature_algorithm, certificate)),
        ("issuer", lambda: str(from_x509(certificate.issuer))),
        ("not before", partial(_moment, certificate, "not_valid_before_utc")),
        ("not after", partial(_moment, certificate, "not_valid_after_utc")),
        ("subject", lambda: str(from_x509(certificate.subject))),
        ("public key", lambda: "; ".join(_public_key(certificate))),
    ):
        yield name, readable(read)
    yield from _extensions(certificate)
    yield "signature", readable(lambda: abbreviated(certificate.signature))
    size = len(certificate.public_bytes(Encoding.DER))
    yield "size", f"{size} bytes of DER"


def key_kind(certificate: x509.Certificate) -> str:
    """The kind of the public key: `P-256`, `RSA-2048`."""
    match certificate.public_key():
        case ec.EllipticCurvePublicKey() as key:
            return _CURVES.get(key.curve.name, key.curve.name)
        case rsa.RSAPublicKey() as key:
            return f"RSA-{key.key_size}"
        case other:
            return type(other).__name__.removesuffix("PublicKey")


def _moment(certificate: x509.Certificate, which: str) -> str:
    moment: datetime = getattr(certificate, which)
    return moment.isoformat()


def _signature_algorithm(certificate: x509.Certificate) -> str:
    oid = certificate.signature_algorithm_oid.dotted_string
    return _SIGNATURES.get(oid, oid)


def _public_key(certificate: x509.Certificate) -> Iterable[str]:
    yield key_kind(certificate)
    match certificate.public_key():
        case ec.EllipticCurvePublicKey() as key:
            point = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
            yield f"point {abbreviated(point)}"
        case rsa.RSAPublicKey() as key:
            numbers = key.public_numbers()
            yield f"exponent {numbers.e}"
            yield f"modulus {abbreviated(_octets(numbers.n))}"
        case other:
            whole = other.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            yield abbreviated(whole)


def _octets(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


def _extensions(certificate: x509.Certificate) -> Iterator[tuple[str, str]]:
    try:
        extensions = list(certificate.extensions)
    except UNREADABLE as error:
        yield "extensions", not_readable(error)
        return
    for extension in extensions:
        name = extension_name(extension)
        words = readable(partial(extension_words, extension))
        critical = ", critical" if extension.critical else ""
        yield f"{name}{critical}", words
