"""From what was read to the `Request` that handlers see."""

import re
from types import MappingProxyType

from pki.http.interaction_id import usable_interaction_id
from pki.http.journal import Journal
from pki.http.messages import Connection, Request
from pki.mtls.http1.read_request import ReadRequest
from pki.mtls.http1.refusals import BAD_REQUEST, Unreadable

_ABSOLUTE_FORM = re.compile(r"(https?)://([^/?#]*)", re.IGNORECASE)
# RFC 9110 section 7.2, RFC 3986 section 3.2.2: a name or an address, and a port.
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(:[0-9]{0,5})?")


def request_of(read: ReadRequest, connection: Connection) -> Request:
    """
    The request that came over *connection*.

    Raises:
        Unreadable: it does not say for which host it is (RFC 9112 section 3.2).
    """
    headers: dict[str, tuple[str, ...]] = {}
    for octets, value in read.fields:
        name = octets.decode("ascii")
        text = value.rstrip(b" \t").decode("latin-1")
        headers[name] = (*headers[name], text) if name in headers else (text,)
    hosts = headers.get("host", ())
    if len(hosts) > 1 or (not hosts and read.line.is_http_1_1):
        raise Unreadable(BAD_REQUEST, f"{len(hosts)} Host fields")
    authority, target = _taken_apart(read.line.target.decode("latin-1"))
    if authority is not None:  # RFC 9112 section 3.2.2: and not by its Host field
        headers["host"] = hosts = (authority,)
    if not all(_HOST.fullmatch(host) for host in hosts):
        raise Unreadable(BAD_REQUEST, "a Host that is none")
    path, _, query = target.partition("?")
    return Request(
        method=read.line.method.decode("ascii"),
        path=path,
        query=query,
        headers=MappingProxyType(headers),
        body=read.body,
        connection=connection,
        journal=Journal(usable_interaction_id(headers)),
    )


def _taken_apart(target: str) -> tuple[str | None, str]:
    """
    RFC 9112 section 3.2.2: a server accepts a target with scheme and authority.

    Returns the authority, where there is one, and the target without it. One for
    `http` is at the port of that scheme, if it names none.
    """
    absolute = _ABSOLUTE_FORM.match(target)
    if absolute is None:
        return None, target
    path = target[absolute.end() :]
    authority = absolute[2]
    if absolute[1].lower() == "http" and ":" not in authority.rpartition("]")[2]:
        authority += ":80"
    return authority, path if path.startswith("/") else f"/{path}"
