"""How a client gets from a URL to a connection it believes."""

from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IProtocolFactory, IStreamClientEndpoint
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.web.client import URI
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer

from pki.mtls.bounded_connections import BoundedConnections
from pki.mtls.contexts import ClientConnections, ClientContext
from pki.observability.witness import Witness

Endpoint = Callable[[str, int], IStreamClientEndpoint]


@implementer(IAgentEndpointFactory)
class Way:
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
        inner = BoundedConnections(factory, self._reactor, self._witness, self._most)
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
        self, way: Way, tcp: IStreamClientEndpoint, connections: ClientConnections
    ) -> None:
        self._way = way
        self._tcp = tcp
        self._connections = connections

    def connect(self, factory: IProtocolFactory) -> Deferred[Any]:
        """A connection, of which the caller sees the protocol it made."""
        wrapped = self._way.wrapped(factory, self._connections)
        connecting: Deferred[Any] = self._tcp.connect(wrapped)
        return connecting.addCallback(lambda tls: tls.wrappedProtocol.wrappedProtocol)
