"""
Our banking client, and a bank that misbehaves in the points a test names.

The client is the real one, with its store. The bank only looks like one: it says what
it is told to say, over real TLS, and remembers every request.
"""

import hmac
import json
import sqlite3
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

from jwcrypto.jwk import JWK

from client_node.config import Config
from pki.http.messages import Request, Response
from pki.node.process import Node
from tests.client_node.in_memory.bank import (
    ISSUER,
    WELL_KNOWN,
    Pki,
    always,
    listening_bank,
)
from tests.client_node.in_memory.open_bank import (
    OTHER_KEY,
    SIGNING_KEY,
    Browser,
    OpenBank,
    own_metadata,
    signed,
    without,
)
from tests.client_node.in_memory.web import configured, provided, served
from tests.in_memory.network import MemoryNetwork

CODE = "the-code-of-the-authorization-response"
ACCESS_TOKEN = "authorization_code-"
REFRESH_TOKEN = "refresh-1"

RSA_KEY = JWK.generate(kty="RSA", size=2048, kid="rsa", use="sig", alg="PS256")
"""Published by the bank, and not for the algorithm the client is registered with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misbehaviour:
    """
    What the bank does otherwise than a good one; by default nothing.

    *metadata*, *id_token* (its claims) and *token_response* (to a customer's grant)
    are members that are changed; *authorization_response* are parameters. `None`
    removes one. *sign* makes the ID token of its claims.
    """

    metadata: Mapping[str, object] = field(default_factory=dict)
    authorization_response: Mapping[str, str | None] = field(default_factory=dict)
    token_response: Mapping[str, object] = field(default_factory=dict)
    id_token: Mapping[str, object] = field(default_factory=dict)
    sign: Callable[[dict[str, Any]], str] = signed


class Meeting:
    """The client, the bank and a customer's browser; *folder* is the client's own."""

    def __init__(self, pki: Pki, folder: Path, misbehaviour: Misbehaviour) -> None:
        self.network = MemoryNetwork()
        self.bank = listening_bank(self.network, pki)
        self.open_bank = OpenBank(self.bank)
        self.open_bank.keys = [SIGNING_KEY, RSA_KEY]
        self.customer = Browser(self.bank)
        self._folder = folder
        provided(pki, folder)
        self._good_token_endpoint = self.bank.mutual_tls.answers["/token"]
        self.bank.mutual_tls.answers["/token"] = self._token
        self.misbehave(misbehaviour)
        self.config, self._node = self._start()

    def misbehave(self, how: Misbehaviour) -> None:
        """From now on, and in nothing else."""
        self._misbehaviour = how
        self.bank.conventional.answers[WELL_KNOWN] = always(
            200, own_metadata(**how.metadata)
        )
        self.open_bank.id_token_changes = dict(how.id_token)
        self.open_bank.id_token = how.sign

    def restart(self, *changes: tuple[str, str]) -> None:
        """The client again, on what it kept, with texts of its file changed."""
        self.stop()
        self.config, self._node = self._start(*changes)

    def stop(self) -> None:
        """The client ends."""
        self.network.run(_closed(self._node))

    def leave(self) -> str:
        """The customer says that she wants to connect; where she is sent."""
        self.customer.get("/").send("/connect")
        return self.customer.location if self.customer.status == 303 else ""

    def come_back(self, **changes: str | None) -> Browser:
        """The authorization response, and what is *changed* of it just this once."""
        return self.customer.get(self.callback(**changes))

    def callback(self, **changes: str | None) -> str:
        """Its path and query."""
        response = {
            "code": CODE,
            "state": self.open_bank.pushed["state"],
            "iss": ISSUER,
            **self._misbehaviour.authorization_response,
            **changes,
        }
        return f"/callback?{urlencode(without(response))}"

    def connect(self) -> Browser:
        """All the way, as far as the client goes it."""
        assert self.leave(), self.customer.text
        return self.come_back()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.network.reactor.advance(seconds)

    def at_the_token_endpoint(self, grant_type: str) -> list[dict[str, str]]:
        """The token requests of that kind, to the alias or anywhere else."""
        found = []
        for server in (self.bank.conventional, self.bank.mutual_tls):
            forms = [form_of(r) for r in server.asked if r.path == "/token"]
            found += [form for form in forms if form["grant_type"] == grant_type]
        return found

    def tokens_shown(self) -> list[str]:
        """The access tokens that reached the resource server, in their order."""
        return [
            (request.header("authorization") or "").removeprefix("Bearer ")
            for request in self.bank.resource.asked
        ]

    def kept(self, table: str) -> int:
        """How many rows the client's store has in *table*."""
        uri = f"{self.config.web.database.as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            rows = connection.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - ours
            (count,) = rows.fetchone()
        assert isinstance(count, int)
        return count

    def is_anywhere_in_the_store(self, text: str) -> bool:
        """Whether the store's files have *text* anywhere, were it in a freed page."""
        files = self.config.web.database.parent.glob("client.sqlite3*")
        return any(text.encode() in file.read_bytes() for file in files)

    def _token(self, request: Request) -> Response:
        is_own = form_of(request)["grant_type"] == "client_credentials"
        changes = {} if is_own else dict(self._misbehaviour.token_response)
        self.open_bank.token_changes = changes
        return self._good_token_endpoint(request)

    def _start(self, *changes: tuple[str, str]) -> tuple[Config, Node]:
        config = configured(self._folder, *changes)
        return config, served(self.bank, config)


async def _closed(node: Node) -> None:
    await node.close()


def form_of(request: Request) -> dict[str, str]:
    """The form of a request; no field comes twice."""
    fields = parse_qs(request.body.decode(), strict_parsing=True)
    assert all(len(values) == 1 for values in fields.values())
    return {name: value for name, (value,) in fields.items()}


def signed_with_none(claims: dict[str, Any]) -> str:
    """RFC 7515 appendix A.5: nobody signed it."""
    return f"{_part({'alg': 'none'})}.{_part(claims)}."


def signed_with_none_under_a_key(claims: dict[str, Any]) -> str:
    """The same, with the name of a good key and something for a signature."""
    _, payload, signature = signed(claims).split(".")
    return f"{_part({'alg': 'none', 'kid': 'one'})}.{payload}.{signature}"


def signed_with_the_public_key(claims: dict[str, Any]) -> str:
    """RFC 8725 section 2.1: HS256, with what everybody knows for a secret."""
    header = _part({"alg": "HS256", "kid": "one"})
    secret = SIGNING_KEY.export_to_pem()
    digest = hmac.digest(secret, f"{header}.{_part(claims)}".encode(), "sha256")
    return f"{header}.{_part(claims)}.{_base64url(digest)}"


def signed_with_another_algorithm(claims: dict[str, Any]) -> str:
    """Well signed by the bank, and not as the client is registered (ES256)."""
    return signed(claims, RSA_KEY, alg="PS256")


def signed_by_somebody_else(claims: dict[str, Any]) -> str:
    """By a key the bank does not publish, under the name of one that it does."""
    return signed(claims, OTHER_KEY, kid="one")


def signed_by_a_key_of_its_own(claims: dict[str, Any]) -> str:
    """RFC 8725 section 3.10: the key that would verify it comes along."""
    jwk = OTHER_KEY.export_public(as_dict=True)
    return signed(claims, OTHER_KEY, kid="two", jwk=jwk)


def changed_after_it_was_signed(claims: dict[str, Any]) -> str:
    """Another subject, under the signature for this one."""
    header, _, signature = signed(claims).split(".")
    return f"{header}.{_part({**claims, 'sub': 'somebody.else'})}.{signature}"


def _part(members: Mapping[str, object]) -> str:
    return _base64url(json.dumps(members).encode())


def _base64url(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()
