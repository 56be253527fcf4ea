"""
What the certificates of a client's chain must be, as policies for
`cryptography.x509.verification`.

Both start from the library's defaults (the Web PKI's: version 3, algorithms of
signatures, authorityKeyIdentifier, no critical extension that is not understood, CA
or no CA by basicConstraints) and differ where these are too loose for a client, or
too strict.
"""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from cryptography.x509.verification import Criticality, ExtensionPolicy, Policy

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
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        least = MIN_RSA_BITS if isinstance(key, rsa.RSAPublicKey) else MIN_EC_BITS
        if key.key_size < least:
            raise ValueError(f"key: expected {least} bits or more, has {key.key_size}")


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
    # The default takes a certificate without this extension.
    .require_present(
        x509.ExtendedKeyUsage, Criticality.AGNOSTIC, _verify_extended_key_usage
    )
)

CA = (
    ExtensionPolicy.webpki_defaults_ca()
    # cryptography 50 refuses constraints on directory names, which it cannot check,
    # only where they are critical. RFC 5280 section 4.2.1.10: they MUST be.
    .may_be_present(x509.NameConstraints, Criticality.CRITICAL, None)
)
