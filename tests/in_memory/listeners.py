"""Two listeners on one network in memory, and what was asked of them."""

import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from OpenSSL import SSL
from twisted.internet.protocol import Factory, Protocol

from pki.http.messages import Request, Response, json_response
from pki.mtls.client import MutualTLSClient
from pki.mtls.contexts import ClientContext, ServerContext
from pki.mtls.server import Listener
from pki.observability.operator_log import OperatorLog
from pki.observability.recording import Recording
from pki.observability.witness import Witness
from pki.pem import Credential
from tests.in_memory.network import MemoryNetwork
from tests.in_memory.raw_tls import RawPeer, dial, outsider_context

CONVENTIONAL = 9443
MUTUAL_TLS = 9444
PORTS = {"conventional": CONVENTIONAL, "mutual-TLS": MUTUAL_TLS}


async def peer_of(request: Request) -> Response:
    """The thumbprint of the peer, or null."""
    peer = request.peer
    return json_response(200, {"peer": None if peer is None else peer.x5t_s256})


@dataclass
class Bench:
    """*answer* answers both listeners and may be replaced."""

    network: MemoryNetwork
    log: io.StringIO
    witness: Witness
    server_root: Credential
    requests: list[Request] = field(default_factory=list)
    answer: Callable[[Request], Awaitable[Response]] = peer_of

    def listen(self, server: Credential) -> None:
        """Serve both listeners at `localhost`."""
        for port in PORTS.values():
            request = port == MUTUAL_TLS
            self.network.listen(
                "localhost",
                port,
                Listener(
                    self.network.reactor,
                    self.witness,
                    self._answer,
                    request_certificate=request,
                ),
                ServerContext(server, request_certificate=request, trace=True),
            )

    def client(
        self,
        credential: Credential | None = None,
        *,
        largest_body: int = 2000,
    ) -> MutualTLSClient:
        """Our own client, with that identity."""
        return MutualTLSClient(
            self.network.reactor,
            ClientContext(credential, [self.server_root.leaf], trace=True),
            self.witness,
            endpoint=self.network.endpoint,
            largest_body=largest_body,
        )

    def dial(
        self,
        port: int = MUTUAL_TLS,
        context: SSL.Context | None = None,
        session: SSL.Session | None = None,
    ) -> RawPeer:
        """An outsider's connection."""
        return dial(self.network, port, context or outsider_context(), session)

    def dial_plain(self, port: int = MUTUAL_TLS) -> "PlainPeer":
        """A connection that knows nothing of TLS."""
        peer = PlainPeer()
        self.network.connect("localhost", port, Factory.forProtocol(lambda: peer))
        self.network.flush()
        return peer

    def lines(self) -> list[str]:
        """The operator's log, without the time of each line."""
        return [
            line[30:] if line[:1] != " " else line
            for line in self.log.getvalue().splitlines()
        ]

    async def _answer(self, request: Request) -> Response:
        self.requests.append(request)
        return await self.answer(request)


class PlainPeer(Protocol):
    """A peer that sends octets."""

    def __init__(self) -> None:
        self.received = b""
        self.ended = False

    def dataReceived(self, data: bytes) -> None:
        """Keep what came."""
        self.received += data

    def connectionLost(self, *_reason: object) -> None:
        """The other end is gone."""
        self.ended = True

    def send(self, data: bytes) -> None:
        """Send *data* as it is."""
        assert self.transport is not None
        self.transport.write(data)


def bench(
    server_root: Credential, server: Credential, recording: Recording | None = None
) -> Bench:
    """Both listeners, listening."""
    network, log = MemoryNetwork(), io.StringIO()
    witness = Witness(OperatorLog("as", log, network.clock), recording)
    made = Bench(network, log, witness, server_root)
    made.listen(server)
    return made
