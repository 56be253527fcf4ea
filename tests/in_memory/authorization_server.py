"""The authorization server in memory, and clients that talk to it."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from pki.http.answers import Answer
from pki.http.messages import Fields
from pki.issuing.layout import Layout
from pki.mtls.client import MutualTLSClient
from pki.mtls.contexts import ClientContext
from pki.node.process import Node
from pki.observability.operator_log import OperatorLog
from pki.observability.witness import Witness
from pki.pem import Credential, load_certificates
from pki.thumbprint import x5t_s256
from tests.in_memory.network import MemoryNetwork

FORM = "application/x-www-form-urlencoded"

CONVENTIONAL = "https://localhost:9443"
MUTUAL_TLS = "https://localhost:9444"
RESOURCE = "https://localhost:9445"


@dataclass
class Deployment:
    """A running authorization server, and clients that talk to it."""

    network: MemoryNetwork
    issued: Layout
    log: io.StringIO
    node: Node
    _clients: dict[str | None, MutualTLSClient] = field(default_factory=dict)

    def client(self, name: str | None) -> MutualTLSClient:
        """The client that holds the certificate of *name*; `None` holds none."""
        if name not in self._clients:
            self.hold(name, None if name is None else self.issued.load(name))
        return self._clients[name]

    def hold(self, name: str | None, credential: Credential | None) -> None:
        """From now on *name* presents this certificate, over new connections."""
        roots = load_certificates(self.issued.server_roots)
        self._clients[name] = MutualTLSClient(
            self.network.reactor,
            ClientContext(credential, roots),
            Witness(OperatorLog("tpp", io.StringIO(), self.network.clock)),
            endpoint=self.network.endpoint,
        )

    def request(
        self,
        method: str,
        url: str,
        *,
        certificate: str | None = None,
        headers: Fields = (),
        body: bytes = b"",
    ) -> Answer:
        """One request, over a connection with the certificate of that name."""
        client = self.client(certificate)
        return self.network.run(client.request(method, url, headers=headers, body=body))

    def post(
        self,
        url: str,
        parameters: Mapping[str, str],
        *,
        certificate: str | None,
        headers: Fields = (),
    ) -> Answer:
        """A form, posted over a connection with the certificate of that name."""
        return self.request(
            "POST",
            url,
            certificate=certificate,
            headers=(("Content-Type", FORM), *headers),
            body=urlencode(parameters).encode(),
        )

    def token_request(
        self, client_id: str, *, certificate: str | None = None, **parameters: str
    ) -> Answer:
        """A client credentials request, with the client's certificate by default."""
        form = {"grant_type": "client_credentials", "client_id": client_id}
        return self.post(
            f"{MUTUAL_TLS}/token",
            {**form, **parameters},
            certificate=certificate or client_id,
        )

    def token(self, client_id: str) -> str:
        """An access token of this client's."""
        token = members(self.token_request(client_id), 200)["access_token"]
        assert isinstance(token, str)
        return token

    def introspect(
        self, token: str, *, client_id: str = "accounts-rs", **parameters: str
    ) -> Answer:
        """The resource server asks about a token."""
        return self.post(
            f"{MUTUAL_TLS}/introspect",
            {"token": token, "client_id": client_id, **parameters},
            certificate=client_id,
        )

    def revoke(self, token: str, *, client_id: str, **parameters: str) -> Answer:
        """A client revokes a token."""
        return self.post(
            f"{MUTUAL_TLS}/revoke",
            {"token": token, "client_id": client_id, **parameters},
            certificate=client_id,
        )

    def stop(self) -> None:
        """What the process does before it ends."""

        async def close() -> None:
            await self.node.close()

        self.network.run(close())

    def x5t_s256(self, name: str) -> str:
        """The thumbprint of the certificate of *name*."""
        return x5t_s256(self.issued.load(name).leaf_der)


def members(answer: Answer, status: int) -> dict[str, Any]:
    """The JSON object of an answer that must have this status."""
    assert answer.status == status, answer
    assert answer.header("content-type") == "application/json"
    found = json.loads(answer.body)
    assert isinstance(found, dict)
    return found


def assert_refused(answer: Answer, status: int, error: str) -> None:
    """An error answer of RFC 6749 section 5.2, that nobody may keep."""
    found = members(answer, status)
    assert found.keys() == {"error", "error_description"}
    assert found["error"] == error
    assert_not_stored(answer)


def assert_not_stored(answer: Answer) -> None:
    """RFC 6749 section 5.1: no cache keeps what carries a token."""
    assert answer.header("cache-control") == "no-store"
    assert answer.header("pragma") == "no-cache"
