"""
What is advertised is there: asked at the start, before the first client finds out.

Wrong hosts, ports and paths in `mtls_endpoint_aliases` are what implementations of
RFC 8705 section 5 most often got wrong.
"""

from collections.abc import Collection, Iterable, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from cryptography import x509
from service_identity import CertificateError, VerificationError
from service_identity.cryptography import (
    verify_certificate_hostname,
    verify_certificate_ip_address,
)


def verify_served(
    metadata: Mapping[str, object],
    *,
    conventional: Collection[str],
    mutual_tls: Collection[str],
) -> None:
    """
    Every URL of the metadata is served by the listener it belongs to.

    *conventional* and *mutual_tls* are the URLs that each listener serves. That
    their hosts and ports lead to this process is not checked.

    Raises:
        ValueError: naming a member whose URL is not served, or an alias that is
            the alias of nothing, or of the authorization endpoint: browsers are
            never asked for a certificate (RFC 8705 section 5).
    """
    for name, url in metadata.items():
        if name.endswith(("_endpoint", "_uri")) and url not in conventional:
            raise ValueError(f"metadata: {name}: {url} is not served")
    aliases = metadata["mtls_endpoint_aliases"]
    assert isinstance(aliases, Mapping)  # noqa: S101 - tells mypy what it is
    for name, url in aliases.items():
        if not name.endswith("_endpoint") or name not in metadata:
            raise ValueError(f"metadata: alias {name}: there is no such endpoint")
        if name == "authorization_endpoint":
            raise ValueError(f"metadata: alias {name}: it is for browsers")
        if url not in mutual_tls:
            raise ValueError(f"metadata: alias {name}: {url} is not served")


def verify_names(certificate: x509.Certificate, base_urls: Iterable[str]) -> None:
    """
    The server's certificate proves the host of each of *base_urls* (RFC 9525).

    Raises:
        ValueError: naming a URL that every client would refuse.
    """
    for url in base_urls:
        host = urlsplit(url).hostname or ""
        verify = (
            verify_certificate_ip_address
            if _is_address(host)
            else verify_certificate_hostname
        )
        try:
            verify(certificate, host)
        except (VerificationError, CertificateError) as error:
            raise ValueError(f"{url}: the certificate is not for {host}") from error


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
