"""
What passes between TCP and TLS, recorded as it passes.

For the capture that Wireshark opens. There is a tap only where there is a recording:
without one, nothing stands between a connection and its TLS.
"""

from base64 import b64encode
from typing import Any

from OpenSSL import SSL
from twisted.internet.error import ConnectionAborted, ConnectionDone
from twisted.internet.interfaces import IProtocolFactory
from twisted.internet.protocol import connectionDone
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure

from pki.mtls.contexts import ServerContext
from pki.mtls.handshakes import address_text
from pki.mtls.limits import (
    LARGEST_SEALED_CONNECTION,
    LARGEST_TAPPED_CONNECTION,
    LARGEST_TAPPED_LISTENER,
)
from pki.mtls.server import Listener
from pki.mtls.session_secrets import take_session_secrets
from pki.observability.recording import Recording

# Of a listener's bytes each event takes so many for itself: a peer may send one byte at
# a time.
_AN_EVENT = 200


def over_tls(
    listener: Listener, context: ServerContext, reactor: Any
) -> IProtocolFactory:
    """*listener* over TLS, what crosses the wire recorded where its witness records."""
    tls = TLSMemoryBIOFactory(
        context, isClient=False, wrappedFactory=listener, clock=reactor
    )
    tls.noisy = False
    recording = listener.witness.recording
    if recording is None:
        return tls
    tap = WireTap(tls, recording)
    if not context.request_certificate:
        tap.largest_connection = LARGEST_SEALED_CONNECTION
    reactor.addSystemEventTrigger("before", "shutdown", tap.process_ends)
    return tap


class _Tap(ProtocolWrapper):
    """
    One connection: a protocol to TCP, a transport to TLS.

    The server's bytes are those handed to TCP, which tells nobody how many of them
    arrived; of a connection that is reset, perhaps not all were sent.
    """

    factory: "WireTap"
    wrappedProtocol: Any
    transport: Any
    _tls: SSL.Connection

    def makeConnection(self, transport: Any) -> None:
        """TCP's handshake is over, TLS's begins."""
        self._addresses = {
            "local": address_text(transport.getHost()),
            "remote": address_text(transport.getPeer()),
        }
        self._left = self.factory.largest_connection
        self._over = self.factory.left <= 0
        self._record("client", "opened")
        ProtocolWrapper.makeConnection(self, transport)
        self._tls = self.wrappedProtocol.getHandle()

    def dataReceived(self, data: bytes) -> None:
        """From the client; and the secrets that OpenSSL came to by it."""
        self._record("client", "bytes", data)
        self.wrappedProtocol.dataReceived(data)
        lines = take_session_secrets(self._tls)
        if lines and not self._over:
            self.factory.recording.event(
                "session_secrets", **self._addresses, lines=lines
            )

    def write(self, data: bytes) -> None:
        """To the client."""
        self._record("server", "bytes", data)
        self.transport.write(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """TCP's connection is gone; what TLS still has to say will not be sent."""
        if self.factory.ending:
            self._record("server", "ended")
        elif reason.check(ConnectionDone):
            self._record("server" if self.disconnecting else "client", "ended")
        else:
            ours = reason.check(ConnectionAborted)
            self._record("server" if ours else "client", "reset")
        self._over = True
        ProtocolWrapper.connectionLost(self, reason)

    def _record(self, sender: str, what: str, data: bytes = b"") -> None:
        """Write one event; where its bytes have no room, that and nothing more."""
        if self._over:
            return
        if len(data) > self.factory.left:
            self.factory.left = 0  # so of other connections nothing is begun
        if len(data) > min(self._left, self.factory.left):
            self._over, what, data = True, "full", b""
        self._left -= len(data)
        self.factory.left -= len(data) + _AN_EVENT
        self.factory.recording.event(
            "wire",
            **self._addresses,
            sender=sender,
            what=what,
            bytes=b64encode(data).decode("ascii") if data else None,
        )


class WireTap(WrappingFactory[_Tap]):
    """Taps the connections of *tls*."""

    protocol = _Tap
    noisy = False

    def __init__(self, tls: TLSMemoryBIOFactory, recording: Recording) -> None:
        super().__init__(tls)  # type: ignore[no-untyped-call] # Twisted 26.10
        self.recording = recording
        self.largest_connection = LARGEST_TAPPED_CONNECTION
        self.left = LARGEST_TAPPED_LISTENER
        self.ending = False

    def process_ends(self) -> None:
        """
        What is open from now on is closed by us.

        Twisted 26.10 gives it the same reason as a connection that the peer has reset.
        """
        self.ending = True
