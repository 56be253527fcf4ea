"""A certificate in words, from its DER."""

from base64 import b64decode
from collections.abc import Iterable, Mapping

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from client_node.walkthrough.story import Certificate
from pki.mtls.recording import der_to_record
from pki.names import from_x509
from pki.thumbprint import x5t_s256

Holders = Mapping[str, str]
"""The name of the holder of each known certificate, by its x5t#S256."""

_USAGES = {
    ExtendedKeyUsageOID.CLIENT_AUTH: "clientAuth",
    ExtendedKeyUsageOID.SERVER_AUTH: "serverAuth",
}


def certificate_facts(recorded: str, holders: Holders) -> Certificate:
    """What a certificate says; *recorded* is its DER in standard base64."""
    der = b64decode(recorded)
    certificate = x509.load_der_x509_certificate(der)
    thumbprint = x5t_s256(der)
    return Certificate(
        holder=holders.get(thumbprint, "unknown"),
        subject=str(from_x509(certificate.subject)),
        issuer=str(from_x509(certificate.issuer)),
        not_before=certificate.not_valid_before_utc.isoformat(),
        not_after=certificate.not_valid_after_utc.isoformat(),
        key=_key(certificate),
        usage=_usage(certificate),
        alternative_names=tuple(_alternative_names(certificate)),
        x5t_s256=thumbprint,
        der=recorded,
    )


def facts_of(name: str, certificate: x509.Certificate) -> Certificate:
    """The facts of a party's own certificate."""
    der = certificate.public_bytes(Encoding.DER)
    return certificate_facts(der_to_record(der), {x5t_s256(der): name})


def _key(certificate: x509.Certificate) -> str:
    match certificate.public_key():
        case ec.EllipticCurvePublicKey() as key:
            return {"secp256r1": "P-256"}.get(key.curve.name, key.curve.name)
        case rsa.RSAPublicKey() as key:
            return f"RSA-{key.key_size}"
        case other:
            return type(other).__name__


def _usage(certificate: x509.Certificate) -> str:
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except x509.ExtensionNotFound:
        return ""
    return ", ".join(_USAGES.get(u, u.dotted_string) for u in usages.value)


def _alternative_names(certificate: x509.Certificate) -> Iterable[str]:
    try:
        names = certificate.extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        )
    except x509.ExtensionNotFound:
        return ()
    return (str(name.value) for name in names.value)
