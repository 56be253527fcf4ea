"""
What the certificates of a client's chain must be, as policies for
`cryptography.x509.verification`.

Both start from the library's defaults (the Web PKI's: version 3, algorithms of
signatures, no critical extension that is not understood, CA or no CA by
basicConstraints) and differ where these are too loose for a client, or too strict.
"""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy

from pki.malformed import UNREADABLE

# FAPI 2.0 Security Profile section 5.4.
MIN_RSA_BITS = 2048
MIN_EC_BITS = 224


def _verify_key(
    policy: Policy, certificate: x509.Certificate, usage: x509.KeyUsage
) -> None:
    """
    The key signs handshakes (RFC 8446 section 4.4.2.2) and no certificates, and is
    not a short one: cryptography 50 measures the keys of CAs, and no leaf's.
    """
    if not usage.digital_signature:
        raise ValueError("keyUsage: expected digitalSignature")
    if usage.key_cert_sign:
        raise ValueError("keyUsage: has keyCertSign, and is not a CA")
    if fault := find_key_fault(certificate):
        raise ValueError(fault)


def find_key_fault(certificate: x509.Certificate) -> str | None:
    """Why its key is too short, or of no kind that is known here; or None."""
    try:
        key = certificate.public_key()
    except UNREADABLE as error:
        return f"key: of a kind that is not supported: {error}"
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        least = MIN_RSA_BITS if isinstance(key, rsa.RSAPublicKey) else MIN_EC_BITS
        if key.key_size < least:
            return f"key: expected {least} bits or more, has {key.key_size}"
    return None


def _verify_extended_key_usage(
    policy: Policy, certificate: x509.Certificate, usages: x509.ExtendedKeyUsage
) -> None:
    """The CA meant it for clients, and said so."""
    if fault := find_usage_fault(usages):
        raise ValueError(fault)


def find_usage_fault(usages: x509.ExtendedKeyUsage) -> str | None:
    """
    Why these purposes are not a client's, or None.

    anyExtendedKeyUsage alone is not enough: RFC 5280 section 4.2.1.12 leaves that to
    the application, and it is on certificates made for no purpose in particular.
    """
    if ExtendedKeyUsageOID.CLIENT_AUTH in usages:
        return None
    has = ", ".join(_PURPOSES.get(each, each.dotted_string) for each in usages)
    return f"extended key usage is {has}, expected clientAuth"


_PURPOSES = {
    ExtendedKeyUsageOID.SERVER_AUTH: "serverAuth",
    ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE: "anyExtendedKeyUsage",
}


def _verify_names(
    policy: Policy,
    certificate: x509.Certificate,
    names: x509.SubjectAlternativeName | None,
) -> None:
    """
    The names are readable, and no name ends early for software written in C.

    RFC 8705 section 7.5 points at the NUL bytes in names that fooled validators.
    That nothing here is fooled does not help the next one that reads the subject.
    Called for every end entity, with or without a subjectAltName.
    """
    values = [attribute.value for attribute in certificate.subject]
    values += [name.value for name in names or ()]
    if any(isinstance(value, str) and "\0" in value for value in values):
        raise ValueError("a name has a NUL character in it")


END_ENTITY = (
    ExtensionPolicy.webpki_defaults_ee()
    # Clients known by their subject need no other name: RFC 8705 section 2.1.2.
    .may_be_present(x509.SubjectAlternativeName, Criticality.AGNOSTIC, _verify_names)
    .require_present(x509.KeyUsage, Criticality.AGNOSTIC, _verify_key)
    # It helps to find the issuer, and says nothing that a signature does not.
    .may_be_present(x509.AuthorityKeyIdentifier, Criticality.AGNOSTIC, None)
    # The default takes a certificate without this extension.
    .require_present(
        x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _verify_extended_key_usage
    )
)


def _verify_ca(
    policy: Policy, certificate: x509.Certificate, constraints: x509.BasicConstraints
) -> None:
    """RFC 5280 section 6.1.4 (k). How long a path may be, the library counts."""
    if not constraints.ca:
        raise ValueError("basicConstraints: expected cA in a CA certificate")


def _verify_ca_key_usage(
    policy: Policy, certificate: x509.Certificate, usage: x509.KeyUsage | None
) -> None:
    """RFC 5280 section 6.1.4 (n): keyCertSign, where there is a keyUsage at all."""
    if usage is not None and not usage.key_cert_sign:
        raise ValueError("keyUsage: expected keyCertSign in a CA certificate")


CA = (
    ExtensionPolicy.webpki_defaults_ca()
    # What `openssl req -x509` makes has no keyUsage, and older ones of its
    # configurations have basicConstraints not critical: RFC 5280 asks both of CAs
    # (sections 4.2.1.3 and 4.2.1.9) and neither of who verifies (section 6.1.4).
    .require_present(x509.BasicConstraints, Criticality.AGNOSTIC, _verify_ca)
    .may_be_present(x509.KeyUsage, Criticality.AGNOSTIC, _verify_ca_key_usage)
    .may_be_present(x509.AuthorityKeyIdentifier, Criticality.AGNOSTIC, None)
    # cryptography 50 refuses constraints on directory names, which it cannot check,
    # only where they are critical. RFC 5280 section 4.2.1.10: they MUST be.
    .may_be_present(x509.NameConstraints, Criticality.CRITICAL, None)
)
