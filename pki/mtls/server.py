"""
A listener: from the handshake to a `Request`, from a `Response` to the wire.

HTTP is Twisted's (`HTTPChannel`, `http.Request`), without its resource tree, form
parsing and access log: those cost a third of a token request and bring defaults
that would have to be switched off (HTML errors, parameters from the query).
"""

from collections.abc import Awaitable, Callable
from types import MappingProxyType
from typing import Any

from OpenSSL import SSL
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import (
    IHandshakeListener,
    IReactorTime,
)
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web import http
from zope.interface import implementer

from pki.mtls.alerts import alert_text
from pki.mtls.handshakes import address_text, peer_certificate
from pki.mtls.messages import Connection, Refusal, Request, Response, json_response
from pki.mtls.witness import Witness

LARGEST_BODY = 64 * 1024  # bytes; a token request needs a few hundred
REQUEST_DEADLINE = 20  # seconds: a handshake and the request that follows it
IDLE_DEADLINE = 60  # seconds a kept connection may wait for its next request

Answer = Callable[[Request], Awaitable[Response]]

_BAD_REQUEST = json_response(400, {"error": "invalid_request"})
_TOO_SLOW = json_response(408, {"error": "request_timeout"})
_TOO_LARGE = json_response(413, {"error": "content_too_large"})
_FAULT = json_response(500, {"error": "server_error"})


class _WireRequest(http.Request):
    """One request while it is on the wire."""

    channel: "_Channel"
    content: Any
    _answering: Deferred[None] | None = None

    def parseCookies(self) -> None:
        """Left to those who want cookies."""

    def gotLength(self, length: int | None) -> None:
        """The headers are complete and announce a body of *length* bytes."""
        super().gotLength(length)
        if length is not None and length > LARGEST_BODY:
            self.channel.refuse(_TOO_LARGE, f"body of {length} bytes announced")

    def handleContentChunk(self, data: bytes) -> None:
        """A part of the body came; a chunked one announces no length."""
        super().handleContentChunk(data)
        if self.content.tell() > LARGEST_BODY:
            self.channel.refuse(_TOO_LARGE, f"body of more than {LARGEST_BODY} bytes")

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """The request is complete. Everything is parsed here, once."""
        self.method, self.uri, self.clientproto = command, path, version
        self.content.seek(0)
        target = _origin_form(path.decode("latin-1"))
        where, _, query = target.partition("?")
        request = Request(
            method=command.decode("latin-1"),
            path=where,
            query=query,
            headers=MappingProxyType(
                {
                    name.decode("ascii").lower(): tuple(
                        value.decode("latin-1") for value in values
                    )
                    for name, values in self.requestHeaders.getAllRawHeaders()
                }
            ),
            body=self.content.read(),
            connection=self.channel.connection,
        )
        self._answering = Deferred.fromCoroutine(self._answer(request))

    def connectionLost(self, reason: Failure) -> None:
        """Nobody is left to answer, so nothing more is worked out."""
        super().connectionLost(reason)
        if self._answering is not None:
            self._answering.cancel()

    async def _answer(self, request: Request) -> None:
        """The one place where a refusal, or a fault of ours, becomes a response."""
        listener = self.channel.factory
        started = listener.reactor.seconds()
        refusal = None
        try:
            response = await listener.answer(request)
        except Refusal as refused:
            refusal, response = refused, refused.response()
        except CancelledError:
            return
        except Exception:  # noqa: BLE001 - whatever it was, the peer gets a fixed 500
            listener.witness.fault(request, Failure())
            response = _FAULT
        self._write(response)
        seconds = listener.reactor.seconds() - started
        listener.witness.answered(request, response, refusal, seconds)

    def _write(self, response: Response) -> None:
        self.setResponseCode(response.status)
        headers = self.responseHeaders
        for name, value in response.headers:
            headers.addRawHeader(name, value)
        headers.setRawHeaders(b"Date", [http.datetimeToString()])
        if response.status not in http.NO_BODY_CODES:
            length = b"%d" % len(response.body)
            headers.setRawHeaders(b"Content-Length", [length])
        self.write(response.body)
        self.finish()


@implementer(IHandshakeListener)
class _Channel(http.HTTPChannel):
    """
    One connection.

    Twisted's timer restarts with each byte, so it never ends a peer that drips.
    Here it is a deadline: for the handshake and the first request together, for
    the wait between two requests, and for each further request from its first byte.
    """

    factory: "Listener"
    transport: Any
    connection: Connection
    requestFactory = _WireRequest
    maxHeaders = 100
    abortTimeout = 5
    _handshaken = False
    _idle = False
    _refused = False

    def handshakeCompleted(self) -> None:
        """Make the facts of this connection, once."""
        tls = self.transport.getHandle()
        witness = self.factory.witness
        remote = address_text(self.transport.getPeer())
        self.connection = Connection(
            number=witness.next_connection(),
            client_address=remote,
            tls_version=tls.get_protocol_version_name(),
            certificate_requested=self.factory.request_certificate,
            peer=peer_certificate(tls),
        )
        self._handshaken = True
        local = address_text(self.transport.getHost())
        witness.handshake(tls, "server", self.connection.number, local, remote)

    def resetTimeout(self) -> None:
        """Called by Twisted for each piece of data, which moves no deadline."""

    def dataReceived(self, data: bytes) -> None:
        """Data after a wait is the first of a request, which has its deadline."""
        if self._refused:
            return
        if self._idle:
            self._idle = False
            self.setTimeout(REQUEST_DEADLINE)
        super().dataReceived(data)

    def requestDone(self, request: http.Request) -> None:
        """An answer is written; the connection waits for the next request."""
        self._idle = True
        super().requestDone(request)

    def timeoutConnection(self) -> None:
        """A deadline passed."""
        if self._handshaken and not self._idle:
            self.refuse(_TOO_SLOW, f"no whole request in {REQUEST_DEADLINE} seconds")
        elif not self._handshaken:
            remote = address_text(self.transport.getPeer())
            reason = f"not completed in {REQUEST_DEADLINE} seconds"
            self.factory.witness.handshake_failed("server", remote, reason)
            self.transport.abortConnection()
        super().timeoutConnection()

    def refuse(self, response: Response, detail: str) -> None:
        """Answer a request that is not complete, and hear nothing more."""
        if self._refused:
            return
        self._refused = True
        remote = address_text(self.transport.getPeer())
        self.factory.witness.log.warning(f"{response.status} to {remote}: {detail}")
        lines = [
            f"HTTP/1.1 {response.status} {http.RESPONSES[response.status].decode()}",
            *(f"{name}: {value}" for name, value in response.headers),
            f"Content-Length: {len(response.body)}",
            "Connection: close",
        ]
        self.transport.write("\r\n".join([*lines, "", ""]).encode() + response.body)
        self.loseConnection()

    def _respondToBadRequestAndDisconnect(self) -> None:
        # Twisted's own (26.10) has no body and leaves no trace in the log.
        self.refuse(_BAD_REQUEST, "not HTTP/1.1, or larger than is read")

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is gone; before its handshake, that is worth a line."""
        super().connectionLost(reason)
        if not self._handshaken and reason.check(SSL.Error):
            remote = address_text(self.transport.getPeer())
            why = alert_text(reason.value)
            self.factory.witness.handshake_failed("server", remote, why)


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


def _origin_form(target: str) -> str:
    """RFC 9112 section 3.2.2: a server accepts a target with scheme and authority."""
    scheme, separator, rest = target.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return target
    return "/" + rest.partition("/")[2]
