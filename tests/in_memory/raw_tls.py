"""
An outsider's TLS, made with pyOpenSSL alone.

What `pki.mtls` promises about a connection is looked at from the other end here, by
a peer that shares no code with it, sends whatever octets it likes, and may stop
reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from OpenSSL import SSL
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure

from pki.pem import Credential
from tests.in_memory.network import MemoryNetwork

HTTP_1_1 = b"http/1.1"


@dataclass(frozen=True)
class RawAnswer:
    """One HTTP answer as it crossed the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


def outsider_context(
    credential: Credential | None = None,
    *,
    version: int | None = None,
    suites: bytes | None = None,
    alpn: Sequence[bytes] = (HTTP_1_1,),
) -> SSL.Context:
    """A client's context that believes every server; *version* alone is spoken."""
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    if version is not None:
        context.set_min_proto_version(version)
        context.set_max_proto_version(version)
    if suites is not None:
        context.set_cipher_list(suites)
    if alpn:
        context.set_alpn_protos(list(alpn))
    if credential is not None:
        context.use_certificate(credential.leaf)
        for intermediate in credential.chain[1:]:
            context.add_extra_chain_cert(intermediate)
        context.use_privatekey(credential.private_key)
    context.set_info_callback(_note_state)
    return context


class RawPeer(Protocol):
    """
    The client's end of one connection, down to the octets.

    While it is *deaf*, what comes is lost on it, the end of the connection included.
    """

    def __init__(
        self,
        network: MemoryNetwork,
        context: SSL.Context,
        session: SSL.Session | None = None,
        server_name: bytes = b"localhost",
    ) -> None:
        self._network = network
        self.tls = SSL.Connection(context, None)
        self.tls.set_connect_state()
        self.tls.set_tlsext_host_name(server_name)
        if session is not None:
            self.tls.set_session(session)
        self.wire = b""
        self.received = b""
        self.error: SSL.Error | None = None
        self.handshaken = False
        self.ended = False
        self.deaf = False

    def connectionMade(self) -> None:
        """Begin the handshake."""
        self._step()

    def dataReceived(self, data: bytes) -> None:
        """Go on with the handshake, or read."""
        self.wire += data
        if not self.deaf:
            self.tls.bio_write(data)
            self._step()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The other end is gone."""
        self.ended = True

    def send(self, data: bytes) -> None:
        """Send *data* over TLS, and let the other end do what it does."""
        self.tls.sendall(data)
        self._flush()
        self._network.flush()

    def hang_up(self) -> None:
        """Cut the connection without a word."""
        assert self.transport is not None
        self.transport.loseConnection()
        self._network.flush()

    @property
    def states(self) -> list[str]:
        """OpenSSL's names of what was sent and read in the handshake, in order."""
        return _states.get(self.tls, [])

    @property
    def answers(self) -> list[RawAnswer]:
        """What was received, taken apart; none of it is the answer to a HEAD."""
        found, rest = [], self.received
        while rest:
            head, _, rest = rest.partition(b"\r\n\r\n")
            first, *lines = head.decode("ascii").split("\r\n")
            headers = {n.lower(): v for n, v in (line.split(": ", 1) for line in lines)}
            length = int(headers.get("content-length", "0"))
            found.append(RawAnswer(int(first.split(" ")[1]), headers, rest[:length]))
            rest = rest[length:]
        return found

    def _step(self) -> None:
        try:
            if not self.handshaken:
                self.tls.do_handshake()
                self.handshaken = True
            while True:
                self.received += self.tls.recv(1 << 16)
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.tls.shutdown()
        except SSL.Error as error:
            self.error = error
        self._flush()

    def _flush(self) -> None:
        assert self.transport is not None
        while True:
            try:
                self.transport.write(self.tls.bio_read(1 << 16))
            except SSL.WantReadError:
                return


def dial(
    network: MemoryNetwork,
    port: int,
    context: SSL.Context,
    session: SSL.Session | None = None,
    server_name: bytes = b"localhost",
    *,
    server: str = "localhost",
) -> RawPeer:
    """A connection to *server*, with the handshake done as far as it goes."""
    peer = RawPeer(network, context, session, server_name)
    network.connect(server, port, Factory.forProtocol(lambda: peer))
    network.flush()
    return peer


def asked_by_name(
    network: MemoryNetwork,
    port: int,
    host: str,
    target: str = "/",
    *,
    server: str = "localhost",
) -> RawAnswer:
    """The answer to a GET with this Host field, of whoever listens there."""
    peer = dial(network, port, outsider_context(), server=server)
    peer.send(f"GET {target} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    return peer.answers[-1]


_states: WeakKeyDictionary[SSL.Connection, list[str]] = WeakKeyDictionary()


def _note_state(connection: SSL.Connection, where: int, _result: int) -> None:
    if where & SSL.SSL_CB_LOOP:
        state = connection.get_state_string().decode("ascii")
        _states.setdefault(connection, []).append(state)
