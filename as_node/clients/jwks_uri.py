"""
The `jwks_uri` of a client: where its JWK set is, and whether we may go there.

A URL that somebody else chose makes this server connect to hosts that the chooser
perhaps cannot reach (CVE-2026-1180 and others). So the operator lists the hosts, and
nothing else is ever connected to.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address

# RFC 3986, as far as it is needed: no user, no fragment, no backslash, ASCII only.
# One strict pattern, so that there are no two readings of the same URL.
_HOST = r"(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])"
_PORT = r"(?::(?P<port>[0-9]{1,5}))?"
_HOST_AND_PORT = re.compile(_HOST + _PORT)
_URI = re.compile(
    rf"https://{_HOST}{_PORT}(?P<path>/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)"
    r"(?P<query>\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
)


@dataclass(frozen=True, slots=True)
class HostAndPort:
    """
    Somebody to connect to.

    *host* is a name in lower case, or an address in its shortest form and without
    brackets.
    """

    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class JwksUri:
    """An https URL, taken apart: *target* is its path and query."""

    where: HostAndPort
    target: str

    def __str__(self) -> str:
        return f"https://{self.where}{self.target}"


def parse_host_and_port(text: str) -> HostAndPort:
    """
    `example.com:8443`, `192.0.2.1:8443` or `[2001:db8::1]:8443`; the port may be
    left out and is 443 then.

    Raises:
        ValueError: it is something else.
    """
    written = _HOST_AND_PORT.fullmatch(text)
    if written is None:
        raise ValueError(f"expected host:port, found {text!a:.120}")
    return _host_and_port(written)


def parse_jwks_uri(text: str) -> JwksUri:
    """
    An https URL with a path. Whether we may go there is not checked.

    Raises:
        ValueError: it is something else.
    """
    written = _URI.fullmatch(text)
    if written is None:
        raise ValueError(
            "expected https://host[:port]/path without user and fragment,"
            f" found {text!a:.120}"
        )
    target = written["path"] + (written["query"] or "")
    return JwksUri(_host_and_port(written), target)


def verify_allowed(uri: JwksUri, allowed: Iterable[HostAndPort]) -> None:
    """
    The operator listed the host of *uri*, with its port.

    Raises:
        ValueError: it is not among the *allowed*.
    """
    listed = tuple(allowed)
    if uri.where not in listed:
        names = ", ".join(map(str, listed)) or "none"
        raise ValueError(
            f"expected a host of jwks_uri_allowed_hosts ({names}), found {uri.where}"
        )


def _host_and_port(written: re.Match[str]) -> HostAndPort:
    port = int(written["port"] or 443)
    if not 0 < port < 65536:
        raise ValueError(f"expected a port up to 65535, found {port}")
    host = written["host"].lower()
    try:
        return HostAndPort(str(ip_address(host.strip("[]"))), port)
    except ValueError:
        pass
    if host.startswith("["):
        raise ValueError(f"expected an IPv6 address in brackets, found {host}")
    return HostAndPort(host, port)
