"""
Where an HTTP/1.1 response ends (RFC 9112 section 6), as cheaply as can be.

What servers send that are measured here: a Content-Length, or chunks without
extensions. Nothing is validated; a server that is wrong shows as a failure.
"""

import re
from typing import NamedTuple

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_END_OF_HEAD = b"\r\n\r\n"
_LAST_CHUNK = b"0\r\n\r\n"


class Answer(NamedTuple):
    """A response: *head* are its status line and header lines, undivided."""

    status: int
    head: bytes
    body: bytes

    def values(self, name: str) -> list[str]:
        """Each value of the header *name*, in order."""
        found = re.findall(
            rb"\r\n%s: *([^\r]*)" % re.escape(name.encode()), self.head, re.IGNORECASE
        )
        return [value.decode("latin-1") for value in found]


def whole(received: bytes) -> Answer | None:
    """
    The response in *received*; None as long as it is not all there.

    Raises:
        ValueError: it is no response.
    """
    head, found, body = received.partition(_END_OF_HEAD)
    if not found:
        return None
    length = _LENGTH.search(head)
    if length is not None:
        return _answer(head, body) if len(body) >= int(length[1]) else None
    if _CHUNKED.search(head) is not None:
        return _answer(head, _joined(body)) if body.endswith(_LAST_CHUNK) else None
    return _answer(head, body)  # 204 and 304 have none


def _answer(head: bytes, body: bytes) -> Answer:
    return Answer(int(head[9:12]), head, body)


def _joined(chunked: bytes) -> bytes:
    body = b""
    while True:
        size, _, chunked = chunked.partition(b"\r\n")
        length = int(size, 16)
        if length == 0:
            return body
        body, chunked = body + chunked[:length], chunked[length + 2 :]
