"""
The client's end: one identity, one agent, one connection pool.

A pool's key is scheme, host and port. Shared by two identities, it would send the
second one's request over the first one's TLS connection (measured), so there is no
way here to give a client another certificate, or another pool.
"""

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any

from OpenSSL import SSL
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.defer import TimeoutError as TooLate
from twisted.internet.endpoints import HostnameEndpoint
from twisted.internet.error import ConnectError, DNSLookupError
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.python.failure import Failure
from twisted.web.client import (
    Agent,
    HTTPConnectionPool,
    RequestGenerationFailed,
    RequestTransmissionFailed,
    ResponseFailed,
)
from twisted.web.http import PotentialDataLoss
from twisted.web.http_headers import Headers
from twisted.web.iweb import IResponse

from pki.http.answers import (
    DEADLINE,
    Answer,
    HandshakeRefused,
    NoAnswer,
    NoConnection,
)
from pki.http.messages import Fields
from pki.mtls.alerts import alert_text
from pki.mtls.bodies import Body, Reader
from pki.mtls.connector import Endpoint, Way
from pki.mtls.contexts import ClientContext
from pki.mtls.limits import LARGEST_ANSWER_BODY, LARGEST_ANSWER_HEADERS
from pki.observability.witness import Witness

__all__ = ["Endpoint", "MutualTLSClient"]

_MOST_KEPT = 64
"""
Idle connections to one server. With Twisted's two, a resource server that introspects
for thirty clients at once makes a handshake for nearly every token, which costs it and
the authorization server twenty times the question.
"""
_IDLE = 30  # seconds; shorter than a server keeps a connection, so ours closes first

_BROKEN = (RequestGenerationFailed, RequestTransmissionFailed, ResponseFailed)


class MutualTLSClient:
    """
    An `HttpClient` over connections that all present one certificate, or none.

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
        largest_body: int = LARGEST_ANSWER_BODY,
    ) -> None:
        self._reactor = reactor
        self._context = context
        self._witness = witness
        self._endpoint = endpoint or self._tcp
        self._largest_body = largest_body
        self._pool = HTTPConnectionPool(reactor, persistent=True)
        self._pool.cachedConnectionTimeout = _IDLE
        self._pool.maxPersistentPerHost = _MOST_KEPT
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
        As `HttpClient` says.

        Raises:
            HandshakeRefused, NoAnswer: see there.
            CancelledError: the caller gave up, and nobody else.
        """
        said = self._witness.asked(method, url, headers, body)
        most = self._largest_body + LARGEST_ANSWER_HEADERS
        way = Way(self._reactor, self._context, self._witness, self._endpoint, most)
        exchange = Deferred.fromCoroutine(
            self._exchange(way, method, url, headers, body)
        )
        exchange.addTimeout(deadline, self._reactor, onTimeoutCancel=_too_late)
        try:
            answer = await exchange
        except Exception as error:
            if any(isinstance(cause, CancelledError) for cause in _causes(error)):
                self._witness.unanswered(said, "given up by the caller")
                raise CancelledError from error
            no_answer = _no_answer(error, way)
            self._witness.unanswered(said, str(no_answer))
            raise no_answer from error
        fields = tuple((n, v) for n, values in answer.headers.items() for v in values)
        self._witness.heard(said, answer.status, fields, answer.body)
        return answer

    async def close(self) -> None:
        """Close the kept connections."""
        await self._pool.closeCachedConnections()

    async def _exchange(
        self, way: "Way", method: str, url: str, headers: Fields, body: bytes
    ) -> Answer:
        agent = Agent.usingEndpointFactory(self._reactor, way, pool=self._pool)
        fields = Headers()
        for name, value in headers:
            fields.addRawHeader(name, value)
        producer = Body(body) if body or method == "POST" else None
        response: IResponse = await agent.request(
            method.encode("ascii"), url.encode("ascii"), fields, producer
        )
        reader = Reader(self._largest_body)
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
            url,
        )

    def _tcp(self, host: str, port: int) -> IStreamClientEndpoint:
        return HostnameEndpoint(self._reactor, host, port, timeout=DEADLINE)


def _too_late(_result: object, seconds: float) -> Failure:
    """Twisted's own words for a deadline get lost where a request was under way."""
    return Failure(TooLate(f"no whole answer within {seconds:g} seconds"))


def _no_answer(error: Exception, way: Way) -> NoAnswer:
    """The reason why there is no answer, in words."""
    if problem := way.problem:
        return HandshakeRefused(problem)
    for cause in _causes(error):
        if isinstance(cause, SSL.Error):
            return HandshakeRefused(f"TLS: {alert_text(cause)}")
    if isinstance(error, ConnectError | DNSLookupError):
        return NoConnection(f"no connection: {error}")
    return NoAnswer(_in_words(error))


def _in_words(error: Exception) -> str:
    match error:
        case PotentialDataLoss():
            return (
                "the answer has no length and ends with its connection, so nobody knows"
                " whether it is whole (RFC 9112 section 9.8)"
            )
        case RequestGenerationFailed() | RequestTransmissionFailed() | ResponseFailed():
            *_, cause = _causes(error)
            return f"the connection broke: {cause}"
        case _:
            return str(error) or type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An error and what Twisted found to have led to it."""
    yield error
    if isinstance(error, _BROKEN):
        for reason in error.reasons:
            yield from _causes(reason.value)
