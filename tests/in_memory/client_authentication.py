"""An authorization server in memory that only says who the client is."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from cryptography import x509
from jwcrypto.jwk import JWK

from as_node.clients.authentication import ClientAuthentication
from as_node.clients.jwks_cache import JwksCache
from as_node.clients.jwks_fetch import LARGEST_JWK_SET, JwksFetch
from as_node.clients.metadata import ClientMetadata
from as_node.clients.private_key_jwt import PrivateKeyJwt
from as_node.clients.registry import Clients, allowed_hosts
from as_node.clients.self_signed_tls_client_auth import SelfSignedTlsClientAuth
from as_node.clients.ssrf_guard import CheckedEndpoints
from as_node.clients.tls_client_auth import TlsClientAuth
from as_node.protocol.parameters import read_form
from pki.chain.judge import ChainJudge
from pki.http.answers import Answer
from pki.http.journal import Decision
from pki.http.messages import Request, Response, json_response
from pki.issuing import profiles
from pki.issuing.authority import client_root, self_signed, server_root
from pki.issuing.profiles import subject
from pki.issuing.validity import validity
from pki.jwk_set import jwk_set
from pki.mtls.client import MutualTLSClient
from pki.mtls.contexts import ClientContext, ServerContext
from pki.mtls.server import Listener
from pki.observability.operator_log import OperatorLog
from pki.observability.witness import Witness
from pki.pem import Credential
from tests.in_memory.network import MemoryNetwork

ISSUER = "https://localhost:9443"
HOSTS = ("127.0.0.1:9446",)
BOUND: dict[str, Any] = {"tls_client_certificate_bound_access_tokens": True}
NAME = subject("tpp", "Example TPP Ltd", "PSDGB-FCA-900001")
DN = "CN=tpp,2.5.4.97=PSDGB-FCA-900001,O=Example TPP Ltd,C=GB"
DAY = 86400.0


def tls_client_auth(parameter: str, value: str) -> ClientMetadata:
    """The registration of a client known by its subject."""
    return ClientMetadata(
        token_endpoint_auth_method="tls_client_auth", **BOUND | {parameter: value}
    )


def self_signed_tls_client_auth(**source: Any) -> ClientMetadata:
    """The registration of a client known by its certificates."""
    return ClientMetadata(
        token_endpoint_auth_method="self_signed_tls_client_auth", **source, **BOUND
    )


def private_key_jwt(key: JWK) -> ClientMetadata:
    """The registration of a client known by what it signs."""
    return ClientMetadata(
        token_endpoint_auth_method="private_key_jwt",
        jwks={"keys": [key.export_public(as_dict=True)]},
        **BOUND,
    )


def public_client() -> ClientMetadata:
    """The registration of a client that proves nothing."""
    return ClientMetadata(
        token_endpoint_auth_method="none",
        grant_types=("authorization_code",),
        response_types=("code",),
        redirect_uris=("https://app.example/callback",),
        **BOUND,
    )


class UsedAssertions:
    """An `AssertionStore` in memory."""

    def __init__(self) -> None:
        self.used: dict[tuple[str, str], int] = {}

    async def use_assertion(self, client_id: str, jti: str, exp: int) -> bool:
        """True the first time."""
        is_new = (client_id, jti) not in self.used
        self.used.setdefault((client_id, jti), exp)
        return is_new


@dataclass
class Bank:
    """An authorization server that only says who the client is, and its clients."""

    network: MemoryNetwork = field(default_factory=MemoryNetwork)
    decisions: list[Decision] = field(default_factory=list)
    fetches: list[Request] = field(default_factory=list)
    document: bytes = b""

    def __post_init__(self) -> None:
        now = self.now = self.network.clock()
        names = ["localhost", "127.0.0.1"]
        self.server_root = server_root(subject("Server Root", "Bank"), names, now=now)
        self.root = client_root(subject("Root", "Bank"), now=now)
        self.ca = self.root.issue_intermediate(subject("CA", "Bank"), now=now)
        self.server = self.server_root.issue_server(
            subject("as", "Bank"), names, now=now
        )
        self.log = io.StringIO()
        self.witness = Witness(OperatorLog("as", self.log, self.network.clock))
        self.tpp = self.ca.issue_client(NAME, now=now)
        self.own = self.self_signed()
        self.key = JWK.generate(kty="EC", crv="P-256", kid="first")
        self.used = UsedAssertions()
        self.registered: dict[str, ClientMetadata] = {
            "tpp": tls_client_auth("tls_client_auth_subject_dn", DN),
            "own": self_signed_tls_client_auth(
                jwks=json.loads(jwk_set([self.own.leaf]))
            ),
            "by-uri": self_signed_tls_client_auth(
                jwks_uri="https://127.0.0.1:9446/jwks"
            ),
            "signing": private_key_jwt(self.key),
            "app": public_client(),
        }

    def self_signed(self, name: x509.Name = NAME) -> Credential:
        """A certificate that its holder made."""
        return self_signed(profiles.CLIENT, name, validity(self.now, 30))

    def authentication(self) -> ClientAuthentication:
        """Of the clients registered now."""
        clock = self.network.clock
        web_client = MutualTLSClient(
            self.network.reactor,
            ClientContext(None, [self.server_root.certificate]),
            self.witness,
            endpoint=CheckedEndpoints(
                self.network.reactor, (), dial=self.network.endpoint
            ),
            largest_body=LARGEST_JWK_SET,
        )
        judge = ChainJudge([self.root.certificate], crl_file=None, clock=clock)
        cache = JwksCache(
            JwksFetch(web_client, allowed_hosts(HOSTS)),
            clock=clock,
            warn=self.witness.log.warning,
        )
        return ClientAuthentication(
            Clients(self.registered, jwks_uri_allowed_hosts=HOSTS),
            TlsClientAuth(judge),
            SelfSignedTlsClientAuth(
                cache, certificates_may_be_expired=False, clock=clock
            ),
            PrivateKeyJwt(self.used, issuer=ISSUER, clock=clock),
        )

    def open(self) -> None:
        """Serve on both listeners, and a client's JWK set on its own host."""
        authentication = self.authentication()

        async def whoami(request: Request) -> Response:
            client = await authentication.authenticate(request, read_form(request))
            self.decisions = request.journal.decisions
            return json_response(200, {"client_id": client.client_id})

        async def jwks(request: Request) -> Response:
            self.fetches.append(request)
            return Response(200, (), self.document)

        for host, port, requested, answer in (
            ("localhost", 9443, False, whoami),
            ("localhost", 9444, True, whoami),
            ("127.0.0.1", 9446, False, jwks),
        ):
            listener = Listener(
                self.network.reactor,
                self.witness,
                answer,
                request_certificate=requested,
            )
            context = ServerContext(self.server, request_certificate=requested)
            self.network.listen(host, port, listener, context)

    def agent(self, credential: Credential | None) -> MutualTLSClient:
        """Somebody with this certificate, and a connection of his own."""
        context = ClientContext(credential, [self.server_root.certificate])
        return MutualTLSClient(
            self.network.reactor,
            context,
            Witness(OperatorLog("client", io.StringIO(), self.network.clock)),
            endpoint=self.network.endpoint,
        )

    def ask(
        self, agent: MutualTLSClient, parameters: Mapping[str, str], port: int = 9444
    ) -> Answer:
        """What *agent* is answered."""
        return self.network.run(
            agent.request(
                "POST",
                f"https://localhost:{port}/whoami",
                headers=(("Content-Type", "application/x-www-form-urlencoded"),),
                body=urlencode(parameters).encode(),
            )
        )

    def asked_by(self, credential: Credential | None, client_id: str) -> Answer:
        """What somebody with this certificate is answered under this client_id."""
        return self.ask(self.agent(credential), {"client_id": client_id})
