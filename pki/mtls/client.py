"""
The client's end: one identity, one agent, one connection pool.

A pool's key is scheme, host and port. Shared by two identities, it would send the
second one's request over the first one's TLS connection (measured), so there is no
way here to give a client another certificate, or another pool.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from OpenSSL import SSL
from twisted.internet.defer import Deferred, succeed
from twisted.internet.defer import TimeoutError as TooLate
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.error import ConnectError, DNSLookupError
from twisted.internet.interfaces import (
    IConsumer,
    IProtocolFactory,
    IStreamClientEndpoint,
)
from twisted.internet.protocol import Protocol, connectionDone
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure
from twisted.web.client import (
    URI,
    Agent,
    HTTPConnectionPool,
    ResponseDone,
    ResponseFailed,
)
from twisted.web.http import PotentialDataLoss
from twisted.web.http_headers import Headers
from twisted.web.iweb import IAgentEndpointFactory, IBodyProducer, IResponse
from zope.interface import implementer

from pki.mtls.alerts import alert_text
from pki.mtls.bounded import BoundedConnections
from pki.mtls.contexts import ClientConnections, ClientContext
from pki.mtls.messages import Fields
from pki.mtls.witness import Witness

LARGEST_BODY = 1024 * 1024  # bytes
LARGEST_HEADERS = 64 * 1024  # bytes
DEADLINE = 15.0  # seconds, from the call to the last byte of the answer
_IDLE = 30  # seconds; shorter than a server keeps a connection, so ours closes first

Endpoint = Callable[[str, int], IStreamClientEndpoint]


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; *headers* maps lower-case names to the values in order."""

    status: int
    headers: Mapping[str, tuple[str, ...]]
    body: bytes

    def header(self, name: str) -> str | None:
        """The first value of a header field, by lower-case name, if it came."""
        values = self.headers.get(name)
        return values[0] if values else None


class NoAnswer(Exception):
    """The exchange broke; the text says why, in words for a person."""


class HandshakeRefused(NoAnswer):
    """
    One of the two ends did not accept the other's certificate, or its terms.

    Under TLS 1.2 the handshake fails; under TLS 1.3 the client learns at its first
    read. Both are this, and neither is ever tried again without a certificate.
    """


class MutualTLSClient:
    """
    HTTP over connections that all present one certificate, or none.

    *endpoint* makes the way to a host and port; tests give one in memory.
    Redirects are answers like any other, and cookies are not kept.
    """

    def __init__(
        self,
        reactor: Any,
        context: ClientContext,
        witness: Witness,
        *,
        endpoint: Endpoint | None = None,
        largest_body: int = LARGEST_BODY,
    ) -> None:
        self._reactor = reactor
        self._context = context
        self._witness = witness
        self._endpoint = endpoint or self._tcp
        self._largest_body = largest_body
        self._pool = HTTPConnectionPool(reactor, persistent=True)
        self._pool.cachedConnectionTimeout = _IDLE
        # Twisted would send a GET again by itself when a kept connection broke;
        # what is sent again, and whether, is for the caller to say.
        self._pool.retryAutomatically = False

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Fields = (),
        body: bytes = b"",
        deadline: float = DEADLINE,
    ) -> Answer:
        """
        Send one request and read the whole answer, within *deadline* seconds.

        Any status is an answer: judging it is the caller's.

        Raises:
            HandshakeRefused: see there.
            NoAnswer: no connection, or it broke, or the answer came too late or was
                too large. Whether the server acted on the request is not known.
        """
        said = self._witness.asked(method, url, headers, body)
        most = self._largest_body + LARGEST_HEADERS
        way = _Way(self._reactor, self._context, self._witness, self._endpoint, most)
        exchange = Deferred.fromCoroutine(
            self._exchange(way, method, url, headers, body)
        )
        exchange.addTimeout(deadline, self._reactor)
        try:
            answer = await exchange
        except Exception as error:
            no_answer = _no_answer(error, way, deadline)
            self._witness.unanswered(said, str(no_answer))
            raise no_answer from error
        fields = tuple((n, v) for n, values in answer.headers.items() for v in values)
        self._witness.heard(said, answer.status, fields, answer.body)
        return answer

    async def close(self) -> None:
        """Close the kept connections."""
        await self._pool.closeCachedConnections()

    async def _exchange(
        self, way: "_Way", method: str, url: str, headers: Fields, body: bytes
    ) -> Answer:
        agent = Agent.usingEndpointFactory(self._reactor, way, pool=self._pool)
        fields = Headers()
        for name, value in headers:
            fields.addRawHeader(name, value)
        producer = _Body(body) if body or method == "POST" else None
        response: IResponse = await agent.request(
            method.encode("ascii"), url.encode("ascii"), fields, producer
        )
        reader = _Reader(self._largest_body)
        response.deliverBody(reader)
        received = await reader.body
        return Answer(
            response.code,
            MappingProxyType(
                {
                    name.decode("ascii").lower(): tuple(
                        value.decode("latin-1") for value in values
                    )
                    for name, values in response.headers.getAllRawHeaders()
                }
            ),
            received,
        )

    def _tcp(self, host: str, port: int) -> IStreamClientEndpoint:
        return HostnameEndpoint(self._reactor, host, port, timeout=DEADLINE)


@implementer(IAgentEndpointFactory)
class _Way:
    """How one request gets a connection, where the pool has none."""

    def __init__(
        self,
        reactor: Any,
        context: ClientContext,
        witness: Witness,
        endpoint: Endpoint,
        most: int,
    ) -> None:
        self._reactor = reactor
        self._context = context
        self._witness = witness
        self._endpoint = endpoint
        self._most = most
        self._connections: ClientConnections | None = None

    @property
    def problem(self) -> str:
        """Why the server was not believed, if it was not."""
        return "" if self._connections is None else self._connections.problem

    def endpointForURI(self, uri: URI) -> IStreamClientEndpoint:
        """An endpoint that ends in a handshake with the host of *uri*."""
        if uri.scheme != b"https":
            raise ValueError(f"not https: {uri.toBytes().decode('ascii')}")
        host = uri.host.decode("ascii").strip("[]")
        self._connections = ClientConnections(self._context, host)
        return _Tls(self, self._endpoint(host, uri.port), self._connections)

    def wrapped(
        self, factory: IProtocolFactory, connections: ClientConnections
    ) -> TLSMemoryBIOFactory:
        """*factory*, its connections bounded, over TLS."""
        inner = BoundedConnections(factory, self._witness, self._most)
        return TLSMemoryBIOFactory(
            connections, isClient=True, wrappedFactory=inner, clock=self._reactor
        )


@implementer(IStreamClientEndpoint)
class _Tls:
    """
    TLS over another endpoint.

    Twisted's `wrapClientTLS` buffers writes on the global reactor's clock, whatever
    reactor it serves.
    """

    def __init__(
        self, way: _Way, tcp: IStreamClientEndpoint, connections: ClientConnections
    ) -> None:
        self._way = way
        self._tcp = tcp
        self._connections = connections

    def connect(self, factory: IProtocolFactory) -> Deferred[Any]:
        """A connection, of which the caller sees the protocol it made."""
        wrapped = self._way.wrapped(factory, self._connections)
        connecting: Deferred[Any] = self._tcp.connect(wrapped)
        return connecting.addCallback(lambda tls: tls.wrappedProtocol.wrappedProtocol)


@implementer(IBodyProducer)
class _Body:
    """
    A request body that is all there.

    Twisted's own `FileBodyProducer` runs on the global reactor, whatever reactor it
    serves, so it never moves under a test's clock.
    """

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.length = len(body)

    def startProducing(self, consumer: IConsumer) -> Deferred[None]:
        """Write it, all at once."""
        consumer.write(self._body)
        return succeed(None)

    def pauseProducing(self) -> None:
        """Nothing is left to pause."""

    def resumeProducing(self) -> None:
        """Nothing is left to resume."""

    def stopProducing(self) -> None:
        """Nothing is left to stop."""


class _TooLarge(Exception):
    pass


class _Reader(Protocol):
    """Collects a body, as far as it is read."""

    transport: Any

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._parts: list[bytes] = []
        self._length = 0
        self.body: Deferred[bytes] = Deferred(self._cancel)

    def dataReceived(self, data: bytes) -> None:
        """A part came."""
        self._length += len(data)
        self._parts.append(data)
        if self._length > self._largest and not self.body.called:
            self.body.errback(_TooLarge())
            self._cancel()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The end, or what should not have been the end."""
        if self.body.called:
            return
        # PotentialDataLoss: neither a length nor chunks, ended by the connection.
        # TLS says so itself when a connection was cut (RFC 8446 section 6.1).
        if reason.check(ResponseDone, PotentialDataLoss):
            self.body.callback(b"".join(self._parts))
        else:
            self.body.errback(reason)

    def _cancel(self, _body: object = None) -> None:
        if self.transport is not None:
            self.transport.loseConnection()


def _no_answer(error: Exception, way: _Way, deadline: float) -> NoAnswer:
    """The reason why there is no answer, in words."""
    tls = _tls_error(error)
    if problem := way.problem:
        return HandshakeRefused(problem)
    if tls is not None:
        return HandshakeRefused(f"TLS: {alert_text(tls)}")
    return NoAnswer(_in_words(error, deadline))


def _in_words(error: Exception, deadline: float) -> str:
    match error:
        case TooLate():
            return f"no whole answer within {deadline:g} seconds"
        case _TooLarge():
            return "the answer is larger than is read"
        case ConnectError() | DNSLookupError():
            return f"no connection: {error}"
        case ResponseFailed():
            reasons = "; ".join(r.getErrorMessage() for r in error.reasons)
            return f"the connection broke: {reasons}"
        case _:
            return str(error) or type(error).__name__


def _tls_error(error: BaseException) -> SSL.Error | None:
    """OpenSSL's error, where it is what ended the exchange."""
    if isinstance(error, SSL.Error):
        return error
    if isinstance(error, ResponseFailed):
        for reason in error.reasons:
            if reason.value is not None and (found := _tls_error(reason.value)):
                return found
    return None
