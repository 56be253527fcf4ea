"""
One request while it comes: fields and body, as far as they are read.

How a body is framed is decided by llhttp, the parser of Node, by its strict rules: all
its leniencies are off, which is its default, and none is ever named here. Beside it:

- It is told of a POST to `/`, whatever was asked. It knows 46 methods, refuses every
  other one, and reads what follows a few of them by rules of their own (CONNECT, PRI,
  SOURCE); where a request ends does not depend on its method.
- It cannot be paused, so it is given no octet behind the end of a request: where that
  is not known, it is at a line end.
- What it allows and we do not: codings before `chunked`, and any in HTTP/1.0 (RFC 9112
  sections 6.1 and 6.3); a body where `Upgrade` is asked for, which it would skip; and
  sizes without bounds.
"""

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser

from pki.mtls.http1.message import Message
from pki.mtls.http1.read_request import ReadRequest, RequestLine
from pki.mtls.http1.refusals import (
    BAD_REQUEST,
    HEADERS_TOO_LARGE,
    TOO_LARGE,
    Unreadable,
)
from pki.mtls.limits import (
    LARGEST_BODY,
    LARGEST_FRAMING,
    LARGEST_HEADERS,
    MOST_HEADER_FIELDS,
)

_MOST_DIGITS = 19  # of a Content-Length: as many as llhttp's own number can have


class IncomingRequest:
    """What has come of the request that began with *line*."""

    __slots__ = (
        "_framing",
        "_head_size",
        "_left",
        "_line",
        "_line_for_llhttp",
        "_message",
        "_parser",
    )

    def __init__(self, line: RequestLine) -> None:
        self._line = line
        self._message = Message()
        self._parser = HttpRequestParser(self._message)
        self._line_for_llhttp = b"POST / HTTP/1." + line.minor
        self._head_size = line.size
        self._left: int | None = 0  # octets of the body; none where that is chunked
        self._framing = 0  # octets of a chunked body that are not of its content

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return self._message.is_whole

    @property
    def waits_for_our_word(self) -> bool:
        """RFC 9110 section 10.1.1: it expects 100, and nothing of its body came."""
        message = self._message
        return (
            message.head_is_whole
            and not message.is_whole
            and not message.body_size
            and not self._framing
            and self._line.is_http_1_1
            and any(
                name == b"expect" and value.strip(b" \t").lower() == b"100-continue"
                for name, value in message.fields
            )
        )

    def take(self, octets: bytes) -> int:
        """
        Read of *octets* what is of this request; returns how many they were.

        The first of all are the line end behind the request line. What is not taken
        is to be given again, with what comes behind it.

        Raises:
            Unreadable: it is no request, or more than is read of one.
        """
        taken = 0 if self._message.head_is_whole else self._take_fields(octets)
        if self._message.head_is_whole and not self._message.is_whole:
            taken += self._take_body(memoryview(octets)[taken:])
        return taken

    def whole(self) -> ReadRequest:
        """The request, when it is whole."""
        return ReadRequest(
            self._line, self._message.fields, b"".join(self._message.body)
        )

    def _take_fields(self, octets: bytes) -> int:
        """
        Whole lines only, so that a bad one is refused at once.

        Each line end is given to llhttp with the line behind it: so the empty line,
        where the fields end, is given whole.
        """
        end = octets.find(b"\r\n\r\n")
        known = max(octets.rfind(b"\r\n"), 0) if end < 0 else end + 4
        if self._head_size + (len(octets) if end < 0 else known) > LARGEST_HEADERS:
            detail = f"request line and fields of more than {LARGEST_HEADERS} bytes"
            raise Unreadable(HEADERS_TOO_LARGE, detail)
        self._feed(self._line_for_llhttp + octets[:known])
        self._line_for_llhttp = b""
        self._head_size += known
        if len(self._message.fields) > MOST_HEADER_FIELDS:
            detail = f"more than {MOST_HEADER_FIELDS} header fields"
            raise Unreadable(HEADERS_TOO_LARGE, detail)
        if self._message.head_is_whole:
            self._judge_framing()
        return known

    def _judge_framing(self) -> None:
        """RFC 9112 section 6.3; that there is one length or one coding llhttp sees."""
        codings, length = [], 0
        for name, value in self._message.fields:
            if name == b"transfer-encoding":
                codings.append(value.strip(b" \t").lower())
            elif name == b"content-length":
                length = _length(value.strip(b" \t"))
        if codings and not self._line.is_http_1_1:
            raise Unreadable(BAD_REQUEST, "Transfer-Encoding in HTTP/1.0")
        if codings not in ([], [b"chunked"]):
            detail = "a Transfer-Encoding that is not chunked alone"
            raise Unreadable(BAD_REQUEST, detail)
        if length > LARGEST_BODY:
            raise Unreadable(TOO_LARGE, f"body of {length} bytes announced")
        if self._message.is_whole and (codings or length):
            raise Unreadable(BAD_REQUEST, "a body in a request to upgrade")
        self._left = None if codings else length

    def _take_body(self, octets: memoryview) -> int:
        """Up to its end and no further."""
        if self._left is not None:
            piece = octets[: self._left]
            self._feed(piece)
            self._left -= len(piece)
            return len(piece)
        return self._take_chunks(octets.tobytes())

    def _take_chunks(self, octets: bytes) -> int:
        """Line by line: behind the last chunk, and trailers, is an empty line."""
        view = memoryview(octets)
        begin = 0
        while begin < len(octets) and not self._message.is_whole:
            end = octets.find(b"\n", begin) + 1 or len(octets)
            before = self._message.body_size
            self._feed(view[begin:end])
            self._framing += end - begin - (self._message.body_size - before)
            begin = end
            if self._message.body_size > LARGEST_BODY:
                detail = f"body of more than {LARGEST_BODY} bytes"
                raise Unreadable(TOO_LARGE, detail)
            if self._framing > LARGEST_FRAMING:
                detail = (
                    f"more than {LARGEST_FRAMING} bytes around the chunks of a body"
                )
                raise Unreadable(TOO_LARGE, detail)
        return begin

    def _feed(self, piece: bytes | memoryview) -> None:
        try:
            self._parser.feed_data(piece)
        except HttpParserUpgrade:
            pass  # it takes the request for whole, and so do we if it has no body
        except HttpParserError as error:
            raise Unreadable(BAD_REQUEST, f"not HTTP/1.1: {error}") from error


def _length(digits: bytes) -> int:
    """llhttp has refused all but digits; zeros before them it takes without number."""
    if len(digits) > _MOST_DIGITS:
        raise Unreadable(BAD_REQUEST, f"a Content-Length of {len(digits)} digits")
    return int(digits)
