"""A small PKI, and an authorization server and a resource server that do as told."""

import io
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from cryptography import x509

from client_node.oauth.mutual_tls_identity import mutual_tls_identity
from client_node.oauth.requests.identity import Identity
from pki.http.messages import Request, Response, json_response
from pki.issuing import authority
from pki.issuing.authority import Authority
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from pki.mtls.contexts import ServerContext
from pki.mtls.server import Listener
from pki.observability.operator_log import OperatorLog
from pki.observability.witness import Witness
from pki.pem import Credential
from tests.in_memory.network import MemoryNetwork

ISSUER = "https://localhost:9443"
MTLS = "https://localhost:9444"
RESOURCE = "https://localhost:9445"
WEB = "https://127.0.0.1:9446"
NAMES = ("localhost", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Pki:
    """Roots, servers and three clients, one of them self-signed."""

    server_root: Authority
    server: Credential
    client_authority: Authority
    client: Credential
    other: Credential
    self_signed: Credential

    @property
    def server_roots(self) -> tuple[x509.Certificate, ...]:
        """Whom a client believes about servers."""
        return (self.server_root.certificate,)


def new_pki() -> Pki:
    """Certificates of P-256, good from now on."""
    now = time.time()
    root = authority.server_root(subject("Server root", "Test"), NAMES, now=now)
    clients = authority.client_root(subject("Client root", "Test"), now=now)
    return Pki(
        root,
        root.issue_server(subject("server", "Test"), NAMES, now=now),
        clients,
        clients.issue_client(subject("banking-client", "Test"), now=now),
        clients.issue_client(subject("other-tpp", "Test"), now=now),
        authority.self_signed(CLIENT, subject("alone", "Test"), validity(now, 1)),
    )


Answering = Callable[[Request], Response]


@dataclass
class FakeServer:
    """
    Answers each path as *answers* says, and remembers what it was asked.

    A request for another path is a fault in the test, and answered with 404.
    """

    answers: dict[str, Answering] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        """The next answer."""
        self.asked.append(request)
        answering = self.answers.get(request.path)
        return Response(404) if answering is None else answering(request)

    def forms(self) -> list[dict[str, list[str]]]:
        """The forms that were posted."""
        posted = [r for r in self.asked if r.method == "POST"]
        return [parse_qs(r.body.decode(), strict_parsing=True) for r in posted]


def always(status: int, members: Mapping[str, object]) -> Answering:
    """The same JSON object, whatever is asked."""
    return lambda _request: json_response(status, members)


def always_challenge(status: int, challenge: str) -> Answering:
    """The same refusal, whatever is asked."""
    return lambda _request: Response(status, (("WWW-Authenticate", challenge),))


def metadata_document(**changes: object) -> dict[str, object]:
    """The metadata of a good authorization server; `None` removes a member."""
    document: dict[str, object] = {
        "issuer": ISSUER,
        "token_endpoint": f"{ISSUER}/token",
        "introspection_endpoint": f"{ISSUER}/introspect",
        "revocation_endpoint": f"{ISSUER}/revoke",
        "jwks_uri": f"{ISSUER}/jwks",
        "response_types_supported": [],
        "grant_types_supported": ["client_credentials"],
        "tls_client_certificate_bound_access_tokens": True,
        "mtls_endpoint_aliases": {
            "token_endpoint": f"{MTLS}/token",
            "introspection_endpoint": f"{MTLS}/introspect",
            "revocation_endpoint": f"{MTLS}/revoke",
        },
    }
    document |= changes
    return {name: value for name, value in document.items() if value is not None}


def token_members(**changes: object) -> dict[str, object]:
    """A good token response; `None` removes a member."""
    members: dict[str, object] = {
        "access_token": "token-1",
        "token_type": "Bearer",
        "expires_in": 300,
    }
    members |= changes
    return {name: value for name, value in members.items() if value is not None}


WELL_KNOWN = "/.well-known/oauth-authorization-server"


@dataclass
class Bank:
    """An authorization server with both its listeners, and a resource server."""

    conventional: FakeServer
    mutual_tls: FakeServer
    resource: FakeServer
    network: MemoryNetwork
    pki: Pki

    def identity(
        self, credential: Credential | None, witness: Witness | None = None
    ) -> Identity:
        """The banking client with that certificate, or without one."""
        return mutual_tls_identity(
            "banking-client",
            credential,
            self.pki.server_roots,
            self.network.reactor,
            witness or silent_witness(),
            endpoint=self.network.endpoint,
        )


def silent_witness() -> Witness:
    """Nothing is shown or recorded."""
    return Witness(OperatorLog("test", io.StringIO()))


def serve(
    network: MemoryNetwork, server: FakeServer, url: str, context: ServerContext
) -> None:
    """*server* listens in memory at *url*."""
    requests = context.request_certificate
    witness = silent_witness()
    listener = Listener(
        network.reactor, witness, server.answer, request_certificate=requests
    )
    host, port = url.removeprefix("https://").split(":")
    network.listen(host, int(port), listener, context)


def listening_bank(network: MemoryNetwork, pki: Pki) -> Bank:
    """A bank that knows no path yet, at the places everybody knows."""
    bank = Bank(FakeServer(), FakeServer(), FakeServer(), network, pki)
    for server, url, requests in (
        (bank.conventional, ISSUER, False),
        (bank.mutual_tls, MTLS, True),
        (bank.resource, RESOURCE, True),
    ):
        context = ServerContext(pki.server, request_certificate=requests)
        serve(network, server, url, context)
    return bank
