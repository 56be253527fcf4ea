# mypy: disallow-untyped-calls=False
# Twisted's methods have no types where they are inherited.
"""
What we need to know of Twisted's HTTP channel and it tells nobody.

Twisted has no public way to these, so the names below that begin with an underscore
are private to it, of version 26.10, and used in this file alone:

`_respondToBadRequestAndDisconnect`  is called for what is not HTTP/1.1, and writes a
    400 without a body, a date, or a trace in the log
`_receivedHeaderSize`, `_receivedHeaderCount`  tell it why: bytes and fields so far
`_buffer`  what came of a line that is not yet whole
`_dataBuffer`  what came behind a request whose answer is not yet written
`_handlingRequest`  whether a request is whole and its answer is not yet written
`_savedTimeOut`  seconds to which the timer is set once that answer is

Twisted is bounded above in `pyproject.toml` for their sake; `test_twisted_channel`
says which of them has changed. What overrides the rest of the channel is public.
"""

from twisted.web import http


class Channel(http.HTTPChannel):
    """Twisted's channel, with names of ours for the private state of it."""

    _buffer: bytes
    _dataBuffer: list[bytes]
    version = b""  # of the last request whose header was whole
    _savedTimeOut: float | None

    def checkPersistence(self, request: http.Request, version: bytes) -> bool:
        """Called by Twisted when a header is whole, and before its body is read."""
        self.version = version
        persists: bool = super().checkPersistence(request, version)
        return persists

    @property
    def has_begun_a_request(self) -> bool:
        """Whether something of a request came that is not answered yet."""
        return bool(self.requests or self._buffer)

    @property
    def is_handling_a_request(self) -> bool:
        """Whether a request is whole and its answer is not yet written."""
        handling: bool = self._handlingRequest
        return handling

    @property
    def has_received_more(self) -> bool:
        """Whether something came behind the request that is being handled."""
        return bool(self._buffer or any(self._dataBuffer))

    @property
    def header_bytes(self) -> int:
        """How much of a request's line and header fields has come."""
        return self._receivedHeaderSize

    @property
    def header_fields(self) -> int:
        """How many of a request's header fields have come."""
        return self._receivedHeaderCount

    def set_timer_when_answered(self, seconds: float) -> None:
        """`requestDone` is to set the timer to *seconds*, before it reads on."""
        self._savedTimeOut = seconds

    def refuse_malformed(self) -> None:
        """What came is not HTTP/1.1, or more than is read of it."""
        raise NotImplementedError

    def _respondToBadRequestAndDisconnect(self) -> None:
        self.refuse_malformed()
