"""Servers that do not behave: scripted answers, and other terms for a handshake."""

from collections.abc import Callable, Sequence
from typing import Any

from cryptography import x509
from OpenSSL import SSL, crypto
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.protocols.tls import TLSMemoryBIOProtocol
from twisted.python.failure import Failure
from zope.interface import implementer

from pki.pem import Credential


class ScriptedServer(Protocol):
    """Does what its script says whenever the headers of a request are complete."""

    transport: Any

    def __init__(self, script: Callable[["ScriptedServer"], None]) -> None:
        self._script = script
        self._received = b""
        self.requests: list[bytes] = []
        self.ended = False

    def dataReceived(self, data: bytes) -> None:
        """Wait for the empty line."""
        self._received += data
        if b"\r\n\r\n" in self._received:
            self.requests.append(self._received)
            self._received = b""
            self._script(self)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The client is gone."""
        self.ended = True

    def say(self, data: bytes) -> None:
        """A part of an answer."""
        self.transport.write(data)

    def cut(self) -> None:
        """End the connection beneath TLS: what was said arrives, and no alert."""
        self.transport._aggregator.flush()  # Twisted would send it at its next turn
        self.transport.transport.loseConnection()


class ScriptedServers(Factory):
    """Keeps the connections it made."""

    def __init__(self, script: Callable[[ScriptedServer], None]) -> None:
        self._script = script
        self.made: list[ScriptedServer] = []

    def buildProtocol(self, addr: object) -> ScriptedServer:
        """One more connection."""
        self.made.append(ScriptedServer(self._script))
        return self.made[-1]


@implementer(IOpenSSLServerConnectionCreator)
class DemandingContext:
    """
    A server that refuses, in the handshake, whoever *trusted* has not issued to.

    With *trusted* empty it takes everybody. *named* are the CAs its request names.
    """

    def __init__(
        self,
        credential: Credential,
        version: int,
        *,
        trusted: Sequence[x509.Certificate] = (),
        named: Sequence[x509.Certificate] = (),
    ) -> None:
        self._context = SSL.Context(SSL.TLS_SERVER_METHOD)
        self._context.set_min_proto_version(version)
        self._context.set_max_proto_version(version)
        self._context.use_certificate(credential.leaf)
        self._context.use_privatekey(credential.private_key)
        for each in named:
            self._context.add_client_ca(each)
        if not trusted:
            self._context.set_verify(SSL.VERIFY_PEER, lambda *_seen: True)
            return
        self._context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT)
        store = self._context.get_cert_store()
        assert store is not None
        for each in trusted:
            store.add_cert(crypto.X509.from_cryptography(each))

    def serverConnectionForTLS(self, protocol: TLSMemoryBIOProtocol) -> SSL.Connection:
        """A fresh server side for one connection."""
        return SSL.Connection(self._context)
