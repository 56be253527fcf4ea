# mypy: disallow-untyped-calls=False
"""A browser that comes back to a native application, over no network at all."""

from twisted.internet.address import IPv4Address
from twisted.internet.testing import MemoryReactorClock, StringTransport

PORT = 50_123


class LoopbackReactor(MemoryReactorClock):
    """A reactor on whose machine port 50123 is the next free one."""

    def listenTCP(
        self, port: int, factory: object, backlog: int = 50, interface: str = ""
    ) -> object:
        """Remember who listens."""
        return super().listenTCP(port or PORT, factory, backlog, interface)


def come_back(reactor: MemoryReactorClock, target: str, method: str = "GET") -> str:
    """One request to whoever listens; what the browser is answered."""
    port, factory, _backlog, interface = reactor.tcpServers[-1]
    assert (port, interface) == (PORT, "127.0.0.1")
    protocol = factory.buildProtocol(IPv4Address("TCP", "127.0.0.1", 40_000))
    assert protocol is not None
    transport = StringTransport()
    protocol.makeConnection(transport)
    request = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{PORT}\r\n\r\n"
    protocol.dataReceived(request.encode("latin-1"))
    return str(transport.value(), "latin-1")
