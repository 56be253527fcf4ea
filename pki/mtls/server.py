"""
A listener: from the handshake to a `Request`, from a `Response` to the wire.

HTTP is Twisted's (`HTTPChannel`, `http.Request`), without its resource tree, form
parsing and access log: those cost a third of a token request and bring defaults
that would have to be switched off (HTML errors, parameters from the query).
"""

from functools import partial
from http import HTTPStatus
from typing import Any

from OpenSSL import SSL
from twisted.internet.interfaces import (
    IHandshakeListener,
    IReactorTime,
)
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web import http
from zope.interface import implementer

from pki.chain.cost import TooCostly, verify_peer_cost
from pki.http.messages import NO_STORE, Connection, Response, json_response
from pki.mtls.alerts import alert_text
from pki.mtls.handshakes import (
    address_text,
    handshake_to_record,
    peer_certificate,
)
from pki.mtls.limits import (
    CLOSE_DEADLINE,
    IDLE_DEADLINE,
    LARGEST_HEADERS,
    LARGEST_UNHEARD,
    MOST_HEADER_FIELDS,
    REQUEST_DEADLINE,
)
from pki.mtls.twisted_channel import Channel
from pki.mtls.wire import BAD_REQUEST, Answer, WireRequest
from pki.observability.witness import Witness

__all__ = ["Answer", "Listener"]

_TOO_SLOW = json_response(408, {"error": "request_timeout"})
_TARGET_TOO_LONG = json_response(414, {"error": "uri_too_long"})
_HEADERS_TOO_LARGE = json_response(431, {"error": "header_fields_too_large"})


@implementer(IHandshakeListener)
class _Channel(Channel):
    """
    One connection.

    Twisted's timer restarts with each byte, so it never ends a peer that drips.
    Here it is a deadline: for the handshake and the first request together, for
    the wait between two requests, and for each further request from its first byte.
    """

    factory: "Listener"
    transport: Any
    connection: Connection
    requestFactory = WireRequest
    maxHeaders = MOST_HEADER_FIELDS
    totalHeadersSize = MAX_LENGTH = LARGEST_HEADERS
    refused = False
    too_costly = ""
    _local = ""
    _unheard = 0
    _handshaken = False
    _idle = False
    _answers_wait = False
    _done: http.Request | None = None  # answered, and the next not begun
    _turn: Any = None
    _ending: Any = None

    def connectionMade(self) -> None:
        """Note our address, which a closed socket does not tell any more."""
        super().connectionMade()
        self._local = address_text(self.transport.getHost())

    def handshakeCompleted(self) -> None:
        """Make the facts of this connection, once."""
        tls = self.transport.getHandle()
        peer = peer_certificate(tls)
        try:
            if peer is not None:
                verify_peer_cost(peer)
        except TooCostly as error:
            peer, self.too_costly = None, f"what the client sent: {error}"
        witness = self.factory.witness
        remote = address_text(self.transport.getPeer())
        self.connection = Connection(
            number=witness.next_connection(),
            client_address=remote,
            tls_version=tls.get_protocol_version_name(),
            certificate_requested=self.factory.request_certificate,
            peer=peer,
            local_port=self.transport.getHost().port,
        )
        self._handshaken = True
        witness.handshake(
            "server",
            self.connection.number,
            self._local,
            remote,
            partial(handshake_to_record, tls),
        )

    def resetTimeout(self) -> None:
        """Called by Twisted for each piece of data, which moves no deadline."""

    def dataReceived(self, data: bytes) -> None:
        """Data after a wait is the first of a request, which has its deadline."""
        if self._ending is not None:  # it is about to be closed
            self._unheard += len(data)
            if self._unheard > LARGEST_UNHEARD:
                self.transport.pauseProducing()
            return
        if self._idle and self._done is None:
            self._idle = False
            self.setTimeout(REQUEST_DEADLINE)
        super().dataReceived(data)
        if self._idle and self.has_begun_a_request and not self.refused:
            # A request was answered at once, and more of the next came with it.
            self._idle = False
            if not self.is_handling_a_request:
                self.setTimeout(REQUEST_DEADLINE)

    def requestDone(self, request: http.Request) -> None:
        """
        An answer is written; the connection waits for the next request.

        One that is here already begins when the peer has taken this answer, and not
        before the reactor has looked after everybody else: a peer may send a thousand
        at once, and read none of the answers.
        """
        self._done = request
        self.set_timer_when_answered(IDLE_DEADLINE)
        if self.persistent and self._answers_wait:
            self._wait_for_the_peer()
        elif self.persistent and self.has_received_more:
            self._turn = self.callLater(0, self._next_request)
        else:
            self._next_request()

    def _wait_for_the_peer(self) -> None:
        """Twisted pauses nothing while a request is handled, and this one still is."""
        self.setTimeout(IDLE_DEADLINE)
        self.transport.pauseProducing()

    def _next_request(self) -> None:
        """Go on with what came behind the last request, if the peer takes answers."""
        self._turn = None
        if self._done is None:
            return
        if self.persistent and self._answers_wait:
            self._wait_for_the_peer()
            return
        request, self._done = self._done, None
        self._idle = True
        super().requestDone(request)

    def pauseProducing(self) -> None:
        """The peer is slower to read than we are to write."""
        self._answers_wait = True
        super().pauseProducing()

    def resumeProducing(self) -> None:
        """The peer has read on."""
        self._answers_wait = False
        super().resumeProducing()
        if self._turn is None:
            self._next_request()

    def timeoutConnection(self) -> None:
        """A deadline passed."""
        if not self._handshaken:
            self.factory.witness.handshake_failed(
                "server",
                self._local,
                address_text(self.transport.getPeer()),
                f"not completed in {REQUEST_DEADLINE} seconds",
                partial(handshake_to_record, self.transport.getHandle()),
            )
            self.transport.abortConnection()
        elif self._idle or self._done is not None:
            self.loseConnection()
        else:
            self.refuse(_TOO_SLOW, f"no whole request in {REQUEST_DEADLINE} seconds")

    def loseConnection(self) -> None:
        """
        Close, as soon as all is written and the peer has agreed.

        Twisted waits for both without end, so a peer that does neither is given
        CLOSE_DEADLINE seconds.
        """
        self.setTimeout(None)
        if self._ending is None:
            abort = self.transport.abortConnection
            self._ending = self.callLater(CLOSE_DEADLINE, abort)
        super().loseConnection()

    def refuse(self, response: Response, detail: str) -> None:
        """
        Answer a request that is not complete, and hear nothing more.

        RFC 9110 section 6.6.1: with Date. No cache keeps it, for it is about these
        bytes and not about what they ask for.
        """
        if self.refused:
            return
        self.refused = True
        remote = address_text(self.transport.getPeer())
        self.factory.witness.log.warning(f"{response.status} to {remote}: {detail}")
        lines = [
            f"HTTP/1.1 {response.status} {HTTPStatus(response.status).phrase}",
            f"Date: {http.datetimeToString().decode()}",
            *(f"{name}: {value}" for name, value in (*response.headers, *NO_STORE)),
            f"Content-Length: {len(response.body)}",
            "Connection: close",
        ]
        self.transport.write("\r\n".join([*lines, "", ""]).encode() + response.body)
        self.loseConnection()

    def lineLengthExceeded(self, line: bytes) -> None:
        """The request line or a header field is longer than is read."""
        response = _HEADERS_TOO_LARGE if self.requests else _TARGET_TOO_LONG
        self.refuse(response, f"a line of more than {LARGEST_HEADERS} bytes")

    def refuse_malformed(self) -> None:
        """Say what is wrong, as far as it is known."""
        if self.header_bytes > LARGEST_HEADERS:
            detail = f"header fields of more than {LARGEST_HEADERS} bytes"
            self.refuse(_HEADERS_TOO_LARGE, detail)
        elif self.header_fields > self.maxHeaders:
            detail = f"more than {self.maxHeaders} header fields"
            self.refuse(_HEADERS_TOO_LARGE, detail)
        else:
            self.refuse(BAD_REQUEST, "not HTTP/1.1")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is gone; before its handshake, that is worth a line."""
        super().connectionLost(reason)
        self._done = None
        for call in (self._ending, self._turn):
            if call is not None and call.active():
                call.cancel()
        if not self._handshaken and isinstance(reason.value, SSL.Error):
            self.factory.witness.handshake_failed(
                "server",
                self._local,
                address_text(self.transport.getPeer()),
                alert_text(reason.value),
                partial(handshake_to_record, self.transport.getHandle()),
            )


class Listener(http.HTTPFactory):
    """Serves *answer* over the connections it is given, which must be TLS."""

    protocol: Any = _Channel

    def __init__(
        self,
        reactor: IReactorTime,
        witness: Witness,
        answer: Answer,
        *,
        request_certificate: bool,
    ) -> None:
        super().__init__(timeout=REQUEST_DEADLINE, reactor=reactor)
        self.witness = witness
        self.answer = answer
        self.request_certificate = request_certificate
        self.noisy = False

    def startFactory(self) -> None:
        """Twisted's access log is not kept, nor its clock for it."""

    def stopFactory(self) -> None:
        """See `startFactory`."""

    def log(self, request: http.Request) -> None:
        """See `startFactory`; the witness writes the line."""
