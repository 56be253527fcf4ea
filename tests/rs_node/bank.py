"""The whole resource server in memory, and those who call it."""

import io
import json
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from pki.http.answers import Answer
from pki.http.messages import Fields
from pki.issuing.authority import Authority
from pki.issuing.profiles import subject
from pki.mtls.client import MutualTLSClient
from pki.mtls.contexts import ClientContext
from pki.node import configuration
from pki.node.process import Node, Surroundings
from pki.observability.operator_log import OperatorLog
from pki.observability.witness import Witness
from pki.pem import (
    Credential,
    certificates_to_pem,
    load_certificates,
    load_credential,
    private_key_to_pem,
)
from pki.thumbprint import x5t_s256
from rs_node.authorization_server.keys import AuthorizationServerKeys
from rs_node.authorization_server.requests import AuthorizationServer
from rs_node.config import Config
from rs_node.consents.database import open_database
from rs_node.consents.store import ConsentStore
from rs_node.wiring import assemble
from tests.in_memory.network import MemoryNetwork
from tests.rs_node.fake_authorization_server import (
    ISSUER,
    FakeAuthorizationServer,
    signed,
)

RS_TOML = Path(__file__).parents[2] / "rs_node" / "rs.toml"
RESOURCE = "https://localhost:9445"
TY = "ty.webb@example.com"

_numbers = count(1)


@dataclass(frozen=True)
class Certificates:
    """Two roots, and what is issued for all the tests."""

    now: float
    server_root: Authority
    clients: Authority
    server: Credential
    folder: Path

    def client(self, name: str) -> Credential:
        """A new certificate of the authority for clients."""
        return self.clients.issue_client(subject(name, "TPP Ltd"), now=self.now)

    def lay_down(self, name: str, credential: Credential) -> None:
        """Into the files that the shipped configuration names."""
        (self.folder / f"{name}.pem").write_bytes(certificates_to_pem(credential.chain))
        key = private_key_to_pem(credential.private_key)
        (self.folder / f"{name}-key.pem").write_bytes(key)


def shipped_config(folder: Path, *changes: tuple[str, str]) -> Config:
    """The shipped configuration with certificates in *folder*, and lines replaced."""
    text = RS_TOML.read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    path = folder / f"rs-{next(_numbers)}.toml"
    text = text.replace("../build/state/", f"{folder}/state-{next(_numbers)}/")
    path.write_text(text.replace("../pki/issued/", f"{folder}/"))
    return configuration.read(path, Config)


@dataclass(eq=False)
class Bank:
    """A resource server, its authorization server, and what it logged."""

    certificates: Certificates
    network: MemoryNetwork
    authorization_server: FakeAuthorizationServer
    log: io.StringIO
    witness: Witness
    config: Config
    node: Node
    clients: dict[int, MutualTLSClient] = field(default_factory=dict)

    def claims(self, holder: Credential, **changed: object) -> dict[str, object]:
        """Claims of a good token of *holder*; one that is `None` is left out."""
        now = int(self.network.clock())
        members: dict[str, object] = {
            "iss": ISSUER,
            "sub": "tpp",
            "aud": RESOURCE,
            "client_id": "tpp",
            "scope": "accounts",
            "iat": now,
            "nbf": now,
            "exp": now + 300,
            "jti": f"jti-{next(_numbers)}",
            "cnf": {"x5t#S256": x5t_s256(holder.leaf_der)},
            **changed,
        }
        return {name: value for name, value in members.items() if value is not None}

    def jwt(self, holder: Credential, **changed: object) -> str:
        """A good JWT access token of *holder*, but for what is *changed*."""
        key = self.authorization_server.keys[0]
        return signed(self.claims(holder, **{"status": status(0), **changed}), key)

    def customers_jwt(
        self, holder: Credential, consent_id: str, **changed: object
    ) -> str:
        """A good token of the customer Ty Webb, given to *holder* by a consent."""
        named: dict[str, object] = {"sub": TY, "openbanking_intent_id": consent_id}
        return self.jwt(holder, **{**named, **changed})

    def opaque(self, holder: Credential, **changed: object) -> str:
        """A good opaque token of *holder*, but for what is *changed* about it."""
        token = f"opaque-{next(_numbers)}"
        claims = self.claims(holder, active=True, token_type="Bearer")
        said = {**claims, **changed}
        response = {name: value for name, value in said.items() if value is not None}
        self.authorization_server.tokens[token] = response
        return token

    def get(
        self,
        holder: Credential | None,
        token: str | None,
        path: str = "/accounts",
        *,
        headers: Fields = (),
        method: str = "GET",
        body: bytes = b"",
    ) -> Answer:
        """The answer to one request over the kept connection of *holder*."""
        if token is not None:
            headers = (("Authorization", f"Bearer {token}"), *headers)
        return self.network.run(
            self.client(holder).request(
                method, f"{RESOURCE}{path}", headers=headers, body=body
            )
        )

    def client(self, holder: Credential | None) -> MutualTLSClient:
        """The one client of *holder*, with its kept connections."""
        if id(holder) not in self.clients:
            roots = [self.certificates.server_root.certificate]
            self.clients[id(holder)] = MutualTLSClient(
                self.network.reactor,
                ClientContext(holder, roots),
                Witness(OperatorLog("client", io.StringIO())),
                endpoint=self.network.endpoint,
            )
        return self.clients[id(holder)]

    def store(self) -> ConsentStore:
        """The consents, through a connection of its own."""
        connection = open_database(self.config.database)
        _connections.append(connection)
        return ConsentStore(
            connection, self.network.clock, self.network.reactor.seconds
        )

    def close(self) -> None:
        """What the process does before it ends."""

        async def close() -> None:
            await self.node.close()

        self.network.run(close())

    def logged(self) -> str:
        """What the resource server has logged since this was last asked."""
        text = self.log.getvalue()
        self.log.seek(0)
        self.log.truncate()
        return text


_banks: list[Bank] = []
_connections: list[Connection] = []


def close_banks() -> None:
    """Close what a test opened."""
    while _banks:
        _banks.pop().close()
    while _connections:
        _connections.pop().close()


def open_bank(
    certificates: Certificates,
    *changes: tuple[str, str],
    config: Config | None = None,
) -> Bank:
    """
    A bank that serves, with these changes in its configuration.

    With the *config* of an earlier one it has the consents of that one.
    """
    network = MemoryNetwork()
    quiet = Witness(OperatorLog("as", io.StringIO()))
    server = FakeAuthorizationServer(network, certificates.server, quiet)
    server.start()
    log = io.StringIO()
    witness = Witness(OperatorLog("rs", log, network.clock))
    config = config or shipped_config(certificates.folder, *changes)
    surroundings = Surroundings(network.reactor, network.clock, witness)
    node = assemble(config, surroundings, network.endpoint)
    [service] = node.services
    network.listen("localhost", 9445, service.listener, service.context)
    bank = Bank(certificates, network, server, log, witness, config, node)
    _banks.append(bank)
    return bank


def asking(bank: Bank) -> AuthorizationServer:
    """The authorization server as the resource server sees it, without the rest."""
    config = shipped_config(bank.certificates.folder)
    own = config.introspection
    context = ClientContext(
        load_credential(own.certificate, own.private_key),
        load_certificates(config.server_roots),
    )
    network = bank.network
    client = MutualTLSClient(
        network.reactor, context, bank.witness, endpoint=network.endpoint
    )
    return AuthorizationServer(client, ISSUER, own.client_id, network.clock)


def keys_of(bank: Bank) -> AuthorizationServerKeys:
    """The keys of its authorization server, refetched every ten seconds at most."""
    log = bank.witness.log
    return AuthorizationServerKeys(
        asking(bank), bank.network.clock, log.warning, refetch_seconds=10
    )


def challenge(answer: Answer) -> str:
    """The challenge of an answer without what every challenge ends with."""
    [value] = answer.headers["www-authenticate"]
    metadata = f'resource_metadata="{RESOURCE}/.well-known/oauth-protected-resource"'
    assert value.endswith(metadata)
    return value.removesuffix(metadata).rstrip(", ")


def json_of(answer: Answer) -> dict[str, Any]:
    """The JSON object of an answer."""
    assert answer.header("content-type") == "application/json"
    members: dict[str, Any] = json.loads(answer.body.decode("utf-8"))
    return members


def status(idx: int, uri: str = f"{ISSUER}/status/0") -> dict[str, object]:
    """The claim by which a token says that it is *idx* in the list at *uri*."""
    return {"status_list": {"idx": idx, "uri": uri}}


INVALID_TOKEN = (
    'Bearer error="invalid_token", '
    'error_description="the access token is not valid on this connection"'
)


def assert_invalid_token(answer: Answer) -> None:
    """RFC 8705 section 3: 401 with `invalid_token`, always alike."""
    assert answer.status == 401
    assert challenge(answer) == INVALID_TOKEN
    assert json_of(answer) == {
        "error": "invalid_token",
        "error_description": "the access token is not valid on this connection",
    }
    assert answer.header("cache-control") == "no-store"


def assert_unavailable(answer: Answer) -> None:
    """503, when to come back, and no word about what is wrong."""
    assert answer.status == 503
    assert answer.header("retry-after") == "5"
    assert "www-authenticate" not in answer.headers
    assert json_of(answer) == {
        "error": "temporarily_unavailable",
        "error_description": "the access token cannot be checked at the moment",
    }
