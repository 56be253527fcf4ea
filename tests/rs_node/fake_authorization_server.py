"""An authorization server of the tests: real TLS, real keys, and told what to say."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from jwcrypto.common import base64url_encode
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from twisted.internet.defer import Deferred

from pki.http.messages import Request, Response, json_response
from pki.http.routes import Route, Routes
from pki.mtls.contexts import ServerContext
from pki.mtls.server import Listener
from pki.observability.witness import Witness
from pki.pem import Credential
from tests.in_memory.network import MemoryNetwork

ISSUER = "https://localhost:9443"
ALIAS = "https://localhost:9444"

KINDS: dict[str, dict[str, object]] = {
    "ES256": {"kty": "EC", "crv": "P-256"},
    "EdDSA": {"kty": "OKP", "crv": "Ed25519"},
    "PS256": {"kty": "RSA", "size": 2048},
}


def new_key(kid: str, alg: str = "ES256") -> JWK:
    """A new signing key of the kind that *alg* needs."""
    return JWK.generate(kid=kid, alg=alg, use="sig", **KINDS[alg])


def signed(claims: Mapping[str, object] | bytes, key: JWK, **header: object) -> str:
    """A compact JWS of *claims*; a header member that is `None` is left out."""
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    members = {"typ": "at+jwt", "alg": key["alg"], "kid": key["kid"], **header}
    said = {name: value for name, value in members.items() if value is not None}
    jws = JWS(payload)
    jws.allowed_algs = ["ES256", "PS256", "EdDSA", "RS256", "HS256"]
    jws.add_signature(key, protected=json.dumps(said))
    token: str = jws.serialize(compact=True)
    return token


def status_list(uri: str, now: int, *revoked: int, **changed: object) -> dict[str, Any]:
    """The claims of a good status list; one that is `None` is left out."""
    bits = bytearray(64)
    for idx in revoked:
        bits[idx // 8] |= 1 << idx % 8
    claims = {
        "sub": uri,
        "iat": now,
        "exp": now + 600,
        "ttl": 5,
        "status_list": {"bits": 1, "lst": base64url_encode(zlib.compress(bits))},
        **changed,
    }
    return {name: value for name, value in claims.items() if value is not None}


def metadata(**changed: object) -> dict[str, object]:
    """What it publishes, RFC 8414; a member that is `None` is left out."""
    members: dict[str, object] = {
        "issuer": ISSUER,
        "jwks_uri": f"{ISSUER}/jwks",
        "introspection_endpoint": f"{ISSUER}/introspect",
        "mtls_endpoint_aliases": {"introspection_endpoint": f"{ALIAS}/introspect"},
        **changed,
    }
    return {name: value for name, value in members.items() if value is not None}


@dataclass
class FakeAuthorizationServer:
    """
    *tokens* are the introspection responses it gives, by token. *revoked* are the
    tokens that its status list says are revoked, *status* what is wrong with the list.

    *instead* replaces the answer at a path. While *held* is a Deferred, introspection
    and status lists wait for it. *asked* has the requests that came, in their order.
    """

    network: MemoryNetwork
    credential: Credential
    witness: Witness
    metadata: dict[str, object] = field(default_factory=metadata)
    keys: list[JWK] = field(default_factory=lambda: [new_key("first")])
    tokens: dict[str, Mapping[str, object]] = field(default_factory=dict)
    revoked: set[int] = field(default_factory=set)
    status: dict[str, object] = field(default_factory=dict)
    instead: dict[str, Response] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    held: Deferred[None] | None = None

    def start(self) -> None:
        """Listen on both ports, as the real one does."""
        routes = Routes(
            [
                Route("GET", "/.well-known/oauth-authorization-server", self._metadata),
                Route("GET", "/jwks", self._jwks),
                Route("POST", "/introspect", self._introspect),
                Route("GET", "/status/{number}", self._status_list),
            ]
        )
        for port, requested in ((9443, False), (9444, True)):
            listener = Listener(
                self.network.reactor,
                self.witness,
                routes.answer,
                request_certificate=requested,
            )
            context = ServerContext(self.credential, request_certificate=requested)
            self.network.listen("localhost", port, listener, context)

    def stop(self) -> None:
        """Be away: nobody listens any more, and what was connected is cut."""
        self.network.close("localhost", 9443)
        self.network.close("localhost", 9444)
        self.instead = dict.fromkeys(
            (
                "/.well-known/oauth-authorization-server",
                "/jwks",
                "/introspect",
                "/status/0",
            ),
            Response(503),
        )

    def asked_at(self, path: str) -> int:
        """How often this path was asked for."""
        return sum(request.path == path for request in self.asked)

    async def _metadata(self, request: Request) -> Response:
        return self._answer(request, self.metadata)

    async def _jwks(self, request: Request) -> Response:
        keys = [key.export_public(as_dict=True) for key in self.keys]
        return self._answer(request, {"keys": keys})

    async def _introspect(self, request: Request) -> Response:
        token = parse_qs(request.body.decode())["token"][0]
        said = self.tokens.get(token, {"active": False})
        response = self._answer(request, said)
        if self.held is not None:
            await self.held
        return response

    async def _status_list(self, request: Request, number: str) -> Response:
        uri, now = f"{ISSUER}{request.path}", int(self.network.clock())
        claims = status_list(uri, now, *self.revoked, **self.status)
        self.asked.append(request)
        jwt = signed(claims, self.keys[0], typ="statuslist+jwt")
        content_type = ("Content-Type", "application/statuslist+jwt")
        response = Response(200, (content_type,), jwt.encode())
        if self.held is not None:
            await self.held
        return self.instead.get(request.path, response)

    def _answer(self, request: Request, members: Mapping[str, object]) -> Response:
        self.asked.append(request)
        return self.instead.get(request.path, json_response(200, members))
