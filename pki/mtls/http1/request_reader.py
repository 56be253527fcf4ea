"""
Octets in, whole requests out, one at a time.

The request line is matched here, and what follows it is read by `incoming`. What came
behind a request waits as octets until the one before it is answered.
"""

import re

from pki.mtls.http1.incoming import IncomingRequest
from pki.mtls.http1.read_request import ReadRequest, RequestLine
from pki.mtls.http1.refusals import BAD_REQUEST, TARGET_TOO_LONG, Unreadable
from pki.mtls.limits import LARGEST_HEADERS

# RFC 9112 section 3, RFC 9110 section 5.6.2: a token, a target without white space or
# controls, and a version of which we know two. The target is judged by who wants it: it
# has octets that are no characters of a URI, of which Twisted 26.10 took no others.
_REQUEST_LINE = re.compile(
    rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~\x80-\xb0]+) HTTP/1\.([01])\r\n"
)


class RequestReader:
    """The requests of one connection."""

    __slots__ = ("_incoming", "_skipped_a_line", "_unread")

    def __init__(self) -> None:
        self._unread = b""
        self._incoming: IncomingRequest | None = None
        self._skipped_a_line = False

    @property
    def unread(self) -> int:
        """So many octets came that are not read yet."""
        return len(self._unread)

    @property
    def has_begun(self) -> bool:
        """Whether something of a request came that is not whole yet."""
        return self._incoming is not None or self._unread != b""

    @property
    def waits_for_our_word(self) -> bool:
        """RFC 9110 section 10.1.1: it expects 100, and nothing of its body came."""
        return self._incoming is not None and self._incoming.waits_for_our_word

    def keep(self, data: bytes) -> None:
        """Add *data*, and read none of it."""
        self._unread += data

    def read(self, data: bytes = b"") -> ReadRequest | None:
        """
        The next request, if it is whole with *data*; what came behind it waits.

        Raises:
            Unreadable: what came is no request, or more than is read of one. Nothing
                of this connection is to be read after that.
        """
        self._unread += data
        if self._incoming is None:
            self._read_line()
        incoming = self._incoming
        if incoming is None:
            return None
        taken = incoming.take(self._unread)
        self._unread = self._unread[taken:]
        if not incoming.is_whole:
            return None
        self._incoming = None
        return incoming.whole()

    def _read_line(self) -> None:
        """RFC 9112 section 2.2: one empty line before it does not count."""
        if not self._skipped_a_line and self._unread.startswith(b"\r\n"):
            self._skipped_a_line = True
            self._unread = self._unread[2:]
        end = self._unread.find(b"\n")
        if (len(self._unread) if end < 0 else end) > LARGEST_HEADERS:
            detail = f"a request line of more than {LARGEST_HEADERS} bytes"
            raise Unreadable(TARGET_TOO_LONG, detail)
        if end < 0:
            return
        found = _REQUEST_LINE.fullmatch(self._unread, 0, end + 1)
        if found is None:
            raise Unreadable(BAD_REQUEST, "not HTTP/1.1: no request line")
        self._skipped_a_line = False
        self._incoming = IncomingRequest(RequestLine(*found.groups()))
        self._unread = self._unread[end - 1 :]  # its line end is read with the fields
