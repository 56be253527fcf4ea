"""What a certificate says, in words: for `python -m pki show`."""

from collections.abc import Callable
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, PublicKeyAlgorithmOID

from pki.alternative_names import find_sans
from pki.extensions import find_extension, unreadable_extensions
from pki.malformed import UNREADABLE
from pki.names import from_x509
from pki.thumbprint import x5t_s256
from pki.unreadable_parts import reason

_PURPOSES = {
    ExtendedKeyUsageOID.SERVER_AUTH: "serverAuth",
    ExtendedKeyUsageOID.CLIENT_AUTH: "clientAuth",
}


def facts(certificate: x509.Certificate) -> list[tuple[str, str]]:
    """
    The facts that matter here, each with its name.

    Nothing is judged. What a certificate says may be anything, line breaks and
    escape sequences included, and is made printable. In the place of a part that
    cannot be read stands why, and all others are there.

    Raises:
        one of UNREADABLE: it has an extension twice, and is no certificate.
    """
    said = [
        (name, _printable(value))
        for name, values in _FACTS
        for value in _said(certificate, values)
    ]
    return [*said, ("x5t#S256", x5t_s256(certificate.public_bytes(Encoding.DER)))]


def subject(certificate: x509.Certificate) -> str:
    """Its subject, printable."""
    return "".join(_said(certificate, _subject))


_Values = Callable[[x509.Certificate], list[str]]


def _said(certificate: x509.Certificate, values: _Values) -> list[str]:
    try:
        return values(certificate)
    except UnsupportedAlgorithm as error:
        return [f"(not supported: {error})"]
    except x509.DuplicateExtension:
        raise
    except UNREADABLE as error:
        return [f"(unreadable: {reason(certificate, error)})"]


def _subject(certificate: x509.Certificate) -> list[str]:
    return [str(from_x509(certificate.subject))]


def _issuer(certificate: x509.Certificate) -> list[str]:
    return [str(from_x509(certificate.issuer))]


def _serial_number(certificate: x509.Certificate) -> list[str]:
    return [f"{certificate.serial_number:x}"]


def _not_before(certificate: x509.Certificate) -> list[str]:
    return [_time(certificate.not_valid_before_utc)]


def _not_after(certificate: x509.Certificate) -> list[str]:
    return [_time(certificate.not_valid_after_utc)]


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _key(certificate: x509.Certificate) -> list[str]:
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return [f"EC {key.curve.name}"]
    if isinstance(key, rsa.RSAPublicKey):
        # cryptography reads a key for RSA-PSS alone as one for anything.
        oid = certificate.public_key_algorithm_oid
        alone = " for RSA-PSS alone" if oid == PublicKeyAlgorithmOID.RSASSA_PSS else ""
        return [f"RSA {key.key_size} bits{alone}"]
    return [type(key).__name__]


def _sans(certificate: x509.Certificate) -> list[str]:
    return [f"{type(san).__name__} {san.value}" for san in find_sans(certificate)]


def _authority(certificate: x509.Certificate) -> list[str]:
    constraints = find_extension(certificate, x509.BasicConstraints)
    return [] if constraints is None else ["yes" if constraints.ca else "no"]


def _purposes(certificate: x509.Certificate) -> list[str]:
    usages = find_extension(certificate, x509.ExtendedKeyUsage)
    if usages is None:
        return []
    return [", ".join(_PURPOSES.get(oid, oid.dotted_string) for oid in usages)]


def _constraints(certificate: x509.Certificate) -> list[str]:
    constraints = find_extension(certificate, x509.NameConstraints)
    if constraints is None:
        return []
    return [", ".join(str(n.value) for n in constraints.permitted_subtrees or [])]


def _unreadable_extensions(certificate: x509.Certificate) -> list[str]:
    return [f"{oid} (cannot be read)" for oid in unreadable_extensions(certificate)]


# What is absent is not mentioned.
_FACTS: tuple[tuple[str, _Values], ...] = (
    ("subject", _subject),
    ("issuer", _issuer),
    ("serial number", _serial_number),
    ("not before", _not_before),
    ("not after", _not_after),
    ("key", _key),
    ("subjectAltName", _sans),
    ("authority", _authority),
    ("purpose", _purposes),
    ("only for names", _constraints),
    ("extension", _unreadable_extensions),
)


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
