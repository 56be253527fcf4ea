"""From a `Response` to the octets that go out."""

import re
import time
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus

from pki.http.messages import NO_STORE, Fields, Response
from pki.http.transport_security import strict_transport_security

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_CLOSE = ("Connection", "close")
_NO_BODY = (204, 304)  # RFC 9110 section 6.4.1
_LINE_ENDS = re.compile("[\r\n\0]+")


def octets_of(
    response: Response, *, host: str = "", to_head: bool = False, last: bool = False
) -> bytes:
    """
    *response* as it is sent: with Date and Content-Length, in one piece.

    *host* is that of the request. One *to_head* has the length of the body it leaves
    out; after the *last* one nothing is read.
    """
    fields = [*response.headers, *strict_transport_security(host), ("Date", _date())]
    body = response.body
    if response.status in _NO_BODY:
        body = b""
    else:
        fields.append(("Content-Length", str(len(body))))
    if last:
        fields.append(_CLOSE)
    status = HTTPStatus(response.status)
    lines = [f"HTTP/1.1 {status.value} {status.phrase}", *map(_line, fields), "", ""]
    head = "\r\n".join(lines).encode()
    return head if to_head else head + body


def refusal_octets(response: Response) -> bytes:
    """
    *response*, to what is no request, as the last of its connection.

    No cache keeps it, for it is about these bytes and not about what they ask for.
    """
    fields: Fields = (*response.headers, *NO_STORE)
    return octets_of(Response(response.status, fields, response.body), last=True)


def _line(field: tuple[str, str]) -> str:
    """RFC 9110 section 5.5: no value of a handler's begins a line of its own."""
    line = f"{field[0]}: {field[1]}"
    return line if line.isprintable() else _LINE_ENDS.sub(" ", line)


def _date() -> str:
    """RFC 9110 section 6.6.1."""
    return _date_of(int(time.time()))


@lru_cache(maxsize=1)
def _date_of(second: int) -> str:
    return formatdate(second, usegmt=True)
