# mypy: disallow-untyped-calls=False
"""
Real TLS without a socket, a port or a wait.

Listeners and clients meet in memory: real handshakes, real alerts, real peer
certificates, under a clock that only moves when it is told to. About 7 ms a
connection.
"""

import time
from collections.abc import Collection, Coroutine
from typing import Any, TypeVar

from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import ConnectionRefusedError as Refused
from twisted.internet.interfaces import (
    IOpenSSLServerConnectionCreator,
    IProtocolFactory,
    IStreamClientEndpoint,
)
from twisted.internet.testing import MemoryReactorClock
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.test.iosim import FakeTransport, IOPump
from zope.interface import implementer

T = TypeVar("T")

FREE_PORT = 50_123


class MemoryReactor(MemoryReactorClock):
    """A reactor on whose machine port 50123 is the next free one."""

    def listenTCP(
        self, port: int, factory: object, backlog: int = 50, interface: str = ""
    ) -> object:
        """Remember who listens."""
        return super().listenTCP(port or FREE_PORT, factory, backlog, interface)


class MemoryNetwork:
    """Where listeners are found by host name and port."""

    def __init__(self) -> None:
        self.reactor = MemoryReactor()
        # OpenSSL judges the servers' certificates by the machine's own clock.
        self.reactor.advance(time.time())
        self._servers: dict[tuple[str, int], IProtocolFactory] = {}
        self._pumps: list[IOPump] = []
        self.connections_made = 0
        self.clock_is_ahead = 0.0  # seconds; the reactor counts on, whatever it says

    def clock(self) -> float:
        """Seconds since the epoch, as the machine's clock has them."""
        return self.reactor.seconds() + self.clock_is_ahead

    def listen(
        self,
        host: str,
        port: int,
        listener: IProtocolFactory,
        context: IOpenSSLServerConnectionCreator,
    ) -> None:
        """Serve *listener* at a name and port, over TLS."""
        tls = TLSMemoryBIOFactory(
            context, isClient=False, wrappedFactory=listener, clock=self.reactor
        )
        self.listen_plain(host, port, tls)

    def listen_plain(self, host: str, port: int, factory: IProtocolFactory) -> None:
        """Serve *factory* at a name and port, over nothing."""
        self._servers[host, port] = factory

    def close(self, host: str, port: int) -> None:
        """Nobody listens there from now on."""
        del self._servers[host, port]

    def cut(self, ports: Collection[int]) -> None:
        """Whoever listened there was killed: its connections break without a word."""
        for host, port in [each for each in self._servers if each[1] in ports]:
            self.close(host, port)
        for pump in self._pumps:
            if pump.serverIO.getHost().port in ports:
                pump.serverIO.abortConnection()
        self.flush()

    def endpoint(self, host: str, port: int) -> IStreamClientEndpoint:
        """The way to a listener: what `MutualTLSClient` takes as *endpoint*."""
        return _MemoryEndpoint(self, host, port)

    def connect(self, host: str, port: int, factory: IProtocolFactory) -> Deferred[Any]:
        """A connection from *factory*'s protocol to whoever listens there."""
        server_factory = self._servers.get((host, port))
        if server_factory is None:
            return fail(Refused(f"{host}:{port}"))
        self.connections_made += 1
        here = IPv4Address("TCP", "127.0.0.1", 50_000 + self.connections_made)
        there = IPv4Address("TCP", "127.0.0.1", port)
        server, client = (
            server_factory.buildProtocol(here),
            factory.buildProtocol(there),
        )
        assert server is not None
        assert client is not None
        server_end = FakeTransport(
            server, isServer=True, hostAddress=there, peerAddress=here
        )
        client_end = FakeTransport(
            client, isServer=False, hostAddress=here, peerAddress=there
        )
        self._pumps.append(IOPump(client, server, client_end, server_end, debug=False))
        server.makeConnection(server_end)
        client.makeConnection(client_end)
        return succeed(client)

    def flush(self) -> None:
        """Carry every byte that waits to where it goes."""
        moved = True
        while moved:
            self.reactor.advance(0)
            moved = sum(pump.pump() for pump in self._pumps) > 0

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """
        What the coroutine returns, or raises.

        Fails where it waits for time to pass, or for somebody who never answers.
        """
        outcomes: list[T] = []
        failures: list[Any] = []
        waiting = Deferred.fromCoroutine(coroutine)
        waiting.addCallbacks(outcomes.append, failures.append)
        self.flush()
        if failures:
            failures[0].raiseException()
        assert outcomes, "it waits for time to pass, or for an answer that never comes"
        return outcomes[0]


@implementer(IStreamClientEndpoint)
class _MemoryEndpoint:
    def __init__(self, network: MemoryNetwork, host: str, port: int) -> None:
        self._network, self._host, self._port = network, host, port

    def connect(self, factory: IProtocolFactory) -> Deferred[Any]:
        return self._network.connect(self._host, self._port, factory)
