"""The entries of a subjectAltName (RFC 5280 section 4.2.1.6), from text."""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from cryptography import x509

from pki.extensions import find_extension
from pki.malformed import UNREADABLE

# RFC 1123 section 2.1. No wildcards: nothing here needs one.
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DNS_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
_LOCAL_PART = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}")
_URI = re.compile(r"[!#-;=?-Z_a-z~\[\]]+")  # RFC 3986 appendix A: ASCII, no spaces


def host_names(names: Iterable[str]) -> list[x509.GeneralName]:
    """
    Host names and IP addresses as entries.

    Raises:
        ValueError: neither an IP address nor a DNS name in lower-case ASCII.
    """
    return [_host_name(name) for name in names]


def _host_name(name: str) -> x509.GeneralName:
    try:
        return ip_entry(name)
    except ValueError:
        return dns_entry(name)


def dns_entry(name: str) -> x509.DNSName:
    """
    A DNS name; lower case, no wildcard.

    Raises:
        ValueError: it is no such name, or an IP address.
    """
    if not _DNS_NAME.fullmatch(name) or name.rpartition(".")[2].isdigit():
        raise ValueError(f"{name!r} is not a host name in lower case")
    return x509.DNSName(name)


def ip_entry(address: str) -> x509.IPAddress:
    """
    An IPv4 or IPv6 address.

    Raises:
        ValueError: it is neither, or has a scope (`%eth0`), which means nothing
            on another machine.
    """
    if "%" in address:
        raise ValueError(f"{address!r} has a scope")
    return x509.IPAddress(ip_address(address))


def uri_entry(uri: str) -> x509.UniformResourceIdentifier:
    """
    An absolute URI, such as a SPIFFE identifier.

    Raises:
        ValueError: it is relative, or has characters that no URI has.
    """
    parts = urlsplit(uri)
    if not _URI.fullmatch(uri) or not parts.scheme or not parts.netloc + parts.path:
        raise ValueError(f"{uri!r} is not an absolute URI")
    return x509.UniformResourceIdentifier(uri)


def email_entry(address: str) -> x509.RFC822Name:
    """
    A mail address.

    Raises:
        ValueError: it is not of the form local-part@host in ASCII, the host in lower
            case (see `with_host_in_lower_case`).
    """
    local_part, _, host = address.rpartition("@")
    if not _LOCAL_PART.fullmatch(local_part) or not _DNS_NAME.fullmatch(host):
        raise ValueError(f"{address!r} is not a mail address")
    return x509.RFC822Name(address)


def lower_ascii(text: str) -> str:
    """
    A host name in the case in which names are compared; what is no ASCII stays.

    Some letters outside ASCII become ASCII in lower case, such as the Kelvin sign.
    """
    return text.lower() if text.isascii() else text


def with_host_in_lower_case(address: str) -> str:
    """A mail address so, its local part as it is: RFC 5280 section 7.5."""
    local_part, at, host = address.rpartition("@")
    return f"{local_part}{at}{lower_ascii(host)}"


def find_sans(certificate: x509.Certificate) -> list[x509.GeneralName]:
    """
    The entries of a certificate's subjectAltName; none if it has none.

    Raises:
        one of `pki.malformed.UNREADABLE`: one of them cannot be read.
    """
    return list(find_extension(certificate, x509.SubjectAlternativeName) or ())


def host_names_of(certificate: x509.Certificate) -> list[str]:
    """
    The hosts that a server's certificate is for, by name and by address.

    None where they cannot be read: a peer that can read them knows more than we do.
    """
    try:
        entries = find_sans(certificate)
    except UNREADABLE:
        return []
    return [
        str(entry.value)
        for entry in entries
        if isinstance(entry, x509.DNSName | x509.IPAddress)
    ]
