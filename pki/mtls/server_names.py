"""
Whether a server's certificate names the host that was asked for: RFC 9525 section 6.

The comparison is service-identity's, the reading is ours: service-identity 26.1 refuses
a certificate as a whole for one dNSName that is no DNS name, as in-house CAs write them
(`DNS:127.0.0.1`), where RFC 9525 section 6.2 is content with any match.
"""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address

from cryptography import x509
from service_identity import CertificateError, VerificationError
from service_identity.hazmat import (
    DNS_ID,
    CertificatePattern,
    DNSPattern,
    IPAddress_ID,
    IPAddressPattern,
    verify_service_identity,
)

from pki.alternative_names import find_sans
from pki.malformed import UNREADABLE

_MOST_SHOWN = 8


def find_name_fault(
    certificate: x509.Certificate, host: str, *, is_address: bool
) -> str:
    """
    Why *certificate* is not one for *host*, in words; nothing where it is.

    The common name is nothing. A name with a NUL or another character that is never
    seen refuses the certificate whatever else is in it: it was made to be misread.
    """
    try:
        names = find_sans(certificate)
    except UNREADABLE as error:
        return f"its names cannot be read: {error}"
    if any(_is_made_to_be_misread(name) for name in names):
        return "one of its names has a character that no host name has"
    asked = IPAddress_ID(host) if is_address else DNS_ID(host)
    try:
        verify_service_identity(tuple(_patterns(names)), [asked], [])
    except (VerificationError, CertificateError):
        return _names_it_has(names)
    return ""


def _is_made_to_be_misread(name: x509.GeneralName) -> bool:
    return isinstance(name, x509.DNSName) and not name.value.isprintable()


def _patterns(names: Iterable[x509.GeneralName]) -> Iterator[CertificatePattern]:
    """Those that can be a server's; one that cannot be read as such is passed over."""
    for name in names:
        if isinstance(name, x509.IPAddress):
            if isinstance(name.value, IPv4Address | IPv6Address):
                yield IPAddressPattern(name.value)
        elif isinstance(name, x509.DNSName):
            try:
                yield DNSPattern.from_bytes(name.value.encode())
            except CertificateError:
                continue


def _names_it_has(names: Iterable[x509.GeneralName]) -> str:
    shown = [
        ascii(str(name.value))[1:-1]
        for name in names
        if isinstance(name, x509.DNSName | x509.IPAddress)
    ]
    if not shown:
        return "it names no host (subjectAltName)"
    more = f" and {len(shown) - _MOST_SHOWN} more" if len(shown) > _MOST_SHOWN else ""
    return f"it is for {', '.join(shown[:_MOST_SHOWN])}{more}"
