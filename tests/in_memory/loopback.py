"""The way back to a native application, over no network at all."""

from twisted.internet.address import IPv4Address
from twisted.internet.testing import StringTransport

from tests.in_memory.network import FREE_PORT, MemoryReactor


def come_back(reactor: MemoryReactor, target: str, method: str = "GET") -> str:
    """One request to whoever listens; what the browser is answered."""
    port, factory, _backlog, interface = reactor.tcpServers[-1]
    assert (port, interface) == (FREE_PORT, "127.0.0.1")
    protocol = factory.buildProtocol(IPv4Address("TCP", "127.0.0.1", 40_000))
    assert protocol is not None
    transport = StringTransport()
    protocol.makeConnection(transport)
    request = f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{FREE_PORT}\r\n\r\n"
    protocol.dataReceived(request.encode("latin-1"))
    return str(transport.value(), "latin-1")
