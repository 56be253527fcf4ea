"""
A client's connection that reports its handshake and bounds what it will read.

Twisted's HTTP client limits the length of one header line, and neither the number
of lines nor the body: a server could fill the client's memory. And it closes a
connection by asking the server to agree, and waits for that without end.
"""

from functools import partial
from typing import Any

from twisted.internet.interfaces import IHandshakeListener
from twisted.internet.protocol import connectionDone
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.python.failure import Failure
from zope.interface import implementer

from pki.mtls.bodies import TooLarge
from pki.mtls.handshakes import address_text, handshake_to_record
from pki.mtls.limits import CLOSE_DEADLINE
from pki.observability.witness import Witness


@implementer(IHandshakeListener)
class _BoundedConnection(ProtocolWrapper):
    """Counts what came since the last request was written."""

    factory: "BoundedConnections"
    transport: Any
    _received = 0
    _ending: Any = None
    _gone = False
    _too_large = False

    def handshakeCompleted(self) -> None:
        """
        The server has proved its name.

        Nothing more is known yet: under TLS 1.3 the server judges our certificate
        after this, and its alert comes at the first read (RFC 8446 section 4.4.2.4).
        """
        witness = self.factory.witness
        witness.handshake(
            "client",
            witness.next_connection(),
            address_text(self.transport.getHost()),
            address_text(self.transport.getPeer()),
            partial(handshake_to_record, self.transport.getHandle()),
        )

    def writeSequence(self, data: Any) -> None:
        """The headers of a request go out; what comes from now on is its answer."""
        self._received = 0
        super().writeSequence(data)

    def dataReceived(self, data: bytes) -> None:
        """A part of the answer came; the connection ends where it is too large."""
        self._received += len(data)
        if self._received > self.factory.largest_answer:
            self._too_large = True
            self.transport.abortConnection()
        else:
            super().dataReceived(data)

    def loseConnection(self) -> None:
        """
        Say that nothing more comes, and close without waiting for the server's word.

        RFC 8446 section 6.1 does not ask for it, and some never give it. What is not
        sent by then has CLOSE_DEADLINE seconds. Twisted's pool closes connections
        that have long gone, too.
        """
        if self._gone:
            return
        if self._ending is None:
            later = self.factory.reactor.callLater
            self._ending = later(CLOSE_DEADLINE, self.transport.abortConnection)
        super().loseConnection()
        if not self._gone:
            self.transport.transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The connection is gone."""
        self._gone = True
        if self._ending is not None and self._ending.active():
            self._ending.cancel()
        if self._too_large:  # and not that we have cut it off, which Twisted says
            reason = Failure(TooLarge(self.factory.largest_answer))
        super().connectionLost(reason)


class BoundedConnections(WrappingFactory[_BoundedConnection]):
    """
    Wraps the factory of an HTTP client.

    *largest_answer* is the most that is read for one request: headers and body, in
    bytes.
    """

    protocol = _BoundedConnection

    def __init__(
        self, wrapped: Any, reactor: Any, witness: Witness, largest_answer: int
    ) -> None:
        super().__init__(wrapped)
        self.noisy = False
        self.reactor = reactor
        self.witness = witness
        self.largest_answer = largest_answer
