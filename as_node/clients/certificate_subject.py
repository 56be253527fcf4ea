"""
The subject a certificate is known by, RFC 8705 section 2.1.2: as registered for a
client, and as presented in a certificate.
"""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from cryptography import x509

from pki.alternative_names import (
    dns_entry,
    email_entry,
    find_sans,
    ip_entry,
    lower_ascii,
    uri_entry,
    with_host_in_lower_case,
)
from pki.malformed import UNREADABLE
from pki.names import DistinguishedName, distinguished_name_match, from_x509, parse
from pki.peer import PeerCertificate, UnreadableCertificate


@dataclass(frozen=True, slots=True)
class AlternativeName:
    """
    One entry of a subjectAltName, in the form in which two of them are compared.

    *kind* is `dns`, `uri`, `ip` or `email`, so that the same text in an entry of
    another type is another name. *value* is normalised as far as its type allows:
    a DNS name in lower case, a URI as it is, an address as its octets, a mail
    address with its host in lower case (RFC 5280 section 7.5).
    """

    kind: str
    value: str | IPv4Address | IPv6Address

    def __str__(self) -> str:
        """For logs; what is not printable is escaped."""
        return f"{self.kind}:{ascii(str(self.value))[1:-1]}"


@dataclass(frozen=True, slots=True)
class RegisteredSubject:
    """
    What identifies one client: *parameter* of RFC 8705 section 2.1.2, and its value.
    """

    parameter: str
    value: DistinguishedName | AlternativeName


@dataclass(frozen=True, slots=True)
class PresentedSubject:
    """The names in one certificate; whether anybody vouches for them is not said."""

    dn: DistinguishedName
    sans: tuple[AlternativeName, ...]

    def is_the(self, registered: RegisteredSubject) -> bool:
        """
        Whether the certificate has the one registered name.

        The subject by distinguishedNameMatch, or any one of the alternative names.
        No pattern is expanded, and the common name is nothing of its own.
        """
        if isinstance(registered.value, DistinguishedName):
            return distinguished_name_match(registered.value, self.dn)
        return registered.value in self.sans


def presented_subject(peer: PeerCertificate) -> PresentedSubject:
    """
    The names in the leaf, and in nothing else that the peer sent (CVE-2023-2422).

    Raises:
        UnreadableCertificate: they are not well-formed.
    """
    try:
        dn = from_x509(peer.certificate.subject)
        names = [_presented_name(entry) for entry in find_sans(peer.certificate)]
    except UNREADABLE as error:
        why = peer.reason(error)
        raise UnreadableCertificate(f"no readable subject: {why}") from error
    return PresentedSubject(dn, tuple(name for name in names if name is not None))


def _presented_name(entry: x509.GeneralName) -> AlternativeName | None:
    """None for the types that RFC 8705 has no parameter for."""
    match entry:
        case x509.DNSName():
            return AlternativeName("dns", entry.value.lower())
        case x509.UniformResourceIdentifier():
            return AlternativeName("uri", entry.value)
        case x509.IPAddress(value=IPv4Address() | IPv6Address() as address):
            return AlternativeName("ip", address)
        case x509.RFC822Name():
            return AlternativeName("email", with_host_in_lower_case(entry.value))
        case _:
            return None


def registered_subject(parameter: str, text: str) -> RegisteredSubject:
    """
    What the metadata *parameter* `tls_client_auth_…` with the value *text* means.

    Raises:
        ValueError: the text is not of the form that the parameter wants; one line
            that begins with the parameter's name.
        KeyError: RFC 8705 section 2.1.2 has no such parameter.
    """
    expected, read = _READERS[parameter]
    try:
        return RegisteredSubject(parameter, read(text))
    except ValueError as error:
        raise ValueError(
            f"{parameter}: expected {expected}, found {text!a:.120}: {error}"
        ) from error


def _registered_dns(text: str) -> AlternativeName:
    if "*" in text:
        raise ValueError("a wildcard names no one client")
    return AlternativeName("dns", dns_entry(lower_ascii(text)).value)


def _registered_uri(text: str) -> AlternativeName:
    return AlternativeName("uri", uri_entry(text).value)


def _registered_ip(text: str) -> AlternativeName:
    if "%" in text:
        raise ValueError("a zone is not part of an address")
    address = ip_entry(text).value
    assert isinstance(address, IPv4Address | IPv6Address)  # noqa: S101 - no network
    return AlternativeName("ip", address)


def _registered_email(text: str) -> AlternativeName:
    return AlternativeName("email", email_entry(with_host_in_lower_case(text)).value)


_Reader = Callable[[str], DistinguishedName | AlternativeName]
_READERS: dict[str, tuple[str, _Reader]] = {
    "tls_client_auth_subject_dn": ("an RFC 4514 string", parse),
    "tls_client_auth_san_dns": ("one host name", _registered_dns),
    "tls_client_auth_san_uri": ("one absolute URI", _registered_uri),
    "tls_client_auth_san_ip": ("an IPv4 or IPv6 address", _registered_ip),
    "tls_client_auth_san_email": ("one mail address", _registered_email),
}

SUBJECT_PARAMETERS = tuple(_READERS)
"""RFC 8705 section 2.1.2: a client of `tls_client_auth` has exactly one of these."""
