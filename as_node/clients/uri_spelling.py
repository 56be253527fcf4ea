"""Whether two URIs differ in spelling alone: RFC 3986 section 6.2."""

import re
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

_DEFAULT_PORTS = {"https": 443, "http": 80, "wss": 443, "ws": 80}
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = re.compile(rb"[A-Za-z0-9._~-]")


def differ_in_spelling_only(left: str, right: str) -> bool:
    """
    Whether *left* and *right* are two writings of one URI: the case of scheme and host,
    a port that goes without saying, an empty path, an octet escaped without need.

    Said to an operator whose client is refused, and to nobody who decides: URIs of
    certificates are compared octet by octet.
    """
    try:
        return left != right and _normalised(left) == _normalised(right)
    except ValueError:  # a port that is none, a bracket that is not closed
        return False


def _normalised(uri: str) -> tuple[object, ...]:
    parts = urlsplit(_ESCAPED.sub(_as_needed, uri))
    user, at, _ = parts.netloc.rpartition("@")
    path = parts.path or ("/" if parts.netloc else "")
    return (
        *(parts.scheme.lower(), user, at, (parts.hostname or "").lower()),
        *(_port(parts), path, parts.query, parts.fragment),
    )


def _port(parts: SplitResult) -> int | None:
    return parts.port or _DEFAULT_PORTS.get(parts.scheme.lower())


def _as_needed(escape: re.Match[str]) -> str:
    """RFC 3986 section 6.2.2: unreserved characters as they are, else capitals."""
    octet = unquote_to_bytes(escape[0])
    return octet.decode() if _UNRESERVED.fullmatch(octet) else escape[0].upper()
