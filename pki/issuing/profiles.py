"""
What each kind of certificate is for, said in RFC 5280's extensions.

A profile is the list of its extensions with their criticality and has no knobs.
What differs from one certificate to the next is added by `pki.issuing.authority`:
subjectKeyIdentifier, authorityKeyIdentifier and subjectAltName, none critical.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_network

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from pki.alternative_names import host_names


@dataclass(frozen=True, slots=True)
class Profile:
    """The extensions of one kind of certificate, each with its criticality."""

    extensions: tuple[tuple[x509.ExtensionType, bool], ...]


def _key_usage(*uses: str) -> x509.KeyUsage:
    """RFC 5280 section 4.2.1.3: the named uses and no other."""
    return x509.KeyUsage(
        digital_signature="digital_signature" in uses,
        key_cert_sign="key_cert_sign" in uses,
        crl_sign="crl_sign" in uses,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _authority(
    path_length: int, *more: tuple[x509.ExtensionType, bool]
) -> tuple[tuple[x509.ExtensionType, bool], ...]:
    """RFC 5280 sections 4.2.1.3 and 4.2.1.9: signs certificates and lists only."""
    return (
        (x509.BasicConstraints(ca=True, path_length=path_length), True),
        (_key_usage("key_cert_sign", "crl_sign"), True),
        *more,
    )


def _end_entity(purpose: x509.ObjectIdentifier) -> Profile:
    """
    A key that signs handshakes for one purpose.

    digitalSignature is all that ECDHE key exchange and TLS 1.3 ask of a key, RSA
    keys included. One purpose only: a client certificate that could also serve
    would let every TPP play the bank.
    """
    return Profile(
        (
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_key_usage("digital_signature"), True),
            (x509.ExtendedKeyUsage([purpose]), False),
        )
    )


SERVER = _end_entity(ExtendedKeyUsageOID.SERVER_AUTH)
CLIENT = _end_entity(ExtendedKeyUsageOID.CLIENT_AUTH)

CLIENT_ROOT = Profile(_authority(1))
"""The trust anchor for clients: one intermediate may stand below it."""

CLIENT_INTERMEDIATE = Profile(
    _authority(0, (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False))
)
"""Issues to clients, and is of no use for vouching for a server."""


def server_root(names: Iterable[str]) -> Profile:
    """
    The trust anchor for servers, good for the host names *names* and no other.

    RFC 5280 section 4.2.1.10: critical, so that software which does not understand
    the constraint refuses the root. A browser that imports it cannot be fooled
    about any other site, whoever gets hold of the key.
    A permitted DNS name includes the names below it.
    """
    permitted = [_subtree(name) for name in host_names(names)]
    constraints = x509.NameConstraints(permitted, excluded_subtrees=None)
    return Profile(_authority(0, (constraints, True)))


def _subtree(name: x509.GeneralName) -> x509.GeneralName:
    if isinstance(name, x509.IPAddress):
        return x509.IPAddress(ip_network(name.value))
    return name


def subject(
    common_name: str, organisation: str, identifier: str | None = None
) -> x509.Name:
    """
    A subject shaped like those of open banking, most significant part first.

    *identifier* is the organizationIdentifier (2.5.4.97) of ETSI TS 119 495, such
    as `PSDGB-FCA-900001`: the attribute that breaks parsers of distinguished names,
    for RFC 4514 has no short name for it.
    """
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "GB"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
    ]
    if identifier is not None:
        oid = NameOID.ORGANIZATION_IDENTIFIER
        attributes.append(x509.NameAttribute(oid, identifier))
    attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, common_name))
    return x509.Name(attributes)
