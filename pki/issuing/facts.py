"""What a certificate says, in words: for `python -m pki show`."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from pki.alternative_names import find_sans
from pki.names import from_x509
from pki.thumbprint import x5t_s256

_PURPOSES = {
    ExtendedKeyUsageOID.SERVER_AUTH: "serverAuth",
    ExtendedKeyUsageOID.CLIENT_AUTH: "clientAuth",
}


def facts(certificate: x509.Certificate) -> list[tuple[str, str]]:
    """
    The facts that matter here, each with its name.

    Nothing is judged. What a certificate says may be anything, line breaks and
    escape sequences included, and is made printable.

    Raises:
        `pki.malformed.UNREADABLE`: a part of it is not well-formed.
    """
    said = [
        ("subject", str(from_x509(certificate.subject))),
        ("issuer", str(from_x509(certificate.issuer))),
        ("serial number", f"{certificate.serial_number:x}"),
        ("not before", _time(certificate.not_valid_before_utc)),
        ("not after", _time(certificate.not_valid_after_utc)),
        ("key", _key(certificate)),
        *(("subjectAltName", _san(san)) for san in find_sans(certificate)),
        *_extensions(certificate),
        ("x5t#S256", x5t_s256(certificate.public_bytes(Encoding.DER))),
    ]
    return [(name, _printable(value)) for name, value in said]


def subject(certificate: x509.Certificate) -> str:
    """Its subject, printable."""
    return str(from_x509(certificate.subject))


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _key(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}"
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size} bits"
    return type(key).__name__


def _san(san: x509.GeneralName) -> str:
    return f"{type(san).__name__} {san.value}"


def _extensions(certificate: x509.Certificate) -> list[tuple[str, str]]:
    """Authority or not, and the purposes; what is absent is not mentioned."""
    said = []
    for extension in certificate.extensions:
        value = extension.value
        if isinstance(value, x509.BasicConstraints):
            said.append(("authority", "yes" if value.ca else "no"))
        if isinstance(value, x509.ExtendedKeyUsage):
            said.append(
                ("purpose", ", ".join(_PURPOSES.get(o, o.dotted_string) for o in value))
            )
        if isinstance(value, x509.NameConstraints):
            names = ", ".join(str(n.value) for n in value.permitted_subtrees or [])
            said.append(("only for names", names))
    return said


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
