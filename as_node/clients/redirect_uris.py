"""
The redirect URIs of a client: which may be registered, and which are meant by one.

RFC 9700 section 2.1 has them compared as they are written. The one exception is
that of RFC 8252 section 7.3: a native application learns its port from the operating
system when it begins to listen, so the port of its loopback address is left out.
"""

import re
from collections.abc import Iterable

# One strict pattern each, so that there are no two readings of the same URI: no
# user, no fragment (RFC 6749 section 3.1.2), no backslash, nothing but ASCII.
_TARGET = r"/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?"
_HTTPS = re.compile(
    rf"https://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{{1,5}})?{_TARGET}"
)
# The name "localhost" is not among them: it can be resolved to somebody else's
# address (RFC 8252 section 8.3).
_LOOPBACK = re.compile(
    rf"http://(?P<host>127\.0\.0\.1|\[::1\])(?::(?P<port>[0-9]{{1,5}}))?"
    rf"(?P<target>{_TARGET})"
)


def verify_redirect_uri(uri: str, *, loopback: bool) -> None:
    """
    *uri* may be registered: https, or for a native application on loopback http.

    *loopback* says whether the client is such an application. The private-use
    schemes of RFC 8252 section 7.1 are not served.

    Raises:
        ValueError: it is anything else.
    """
    if _HTTPS.fullmatch(uri) or (loopback and _LOOPBACK.fullmatch(uri)):
        return
    also = " or http://127.0.0.1/path or http://[::1]/path" if loopback else ""
    raise ValueError(f"expected https://host/path{also}, found {uri!a:.120}")


def matches_registered(uri: str, registered: Iterable[str], *, loopback: bool) -> bool:
    """
    Whether *uri* is one of the *registered*, octet by octet.

    With *loopback*, two loopback URIs that differ in the port alone are the same
    (RFC 8252 section 7.3); the address, the path and the query still count.
    """
    listed = tuple(registered)
    if uri in listed:
        return True
    if not loopback or (asked := _without_port(uri)) is None:
        return False
    return asked in map(_without_port, listed)


def _without_port(uri: str) -> tuple[str, str] | None:
    """Host and target of a loopback URI; None of any other."""
    written = _LOOPBACK.fullmatch(uri)
    if written is None or not 0 < int(written["port"] or 80) < 65536:
        return None
    return written["host"], written["target"]
