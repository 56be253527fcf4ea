"""
The three nodes in memory, and what clients and customers do with them.

Nothing stands in for anything here: the authorization server asks the resource server
about consents, the resource server asks back about tokens, and the banking client
talks to both. Only the network is in memory, and the clock stands still.
"""

import io
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from twisted.internet.defer import Deferred, succeed

from as_node.config import Config as AsConfig
from as_node.wiring import assemble as assemble_as
from client_node.config import Config as ClientConfig
from client_node.web.wiring import assemble as assemble_client
from pki.http.answers import Answer
from pki.http.messages import Fields
from pki.issuing.layout import Layout
from pki.node import configuration
from pki.node.process import Node, Surroundings
from pki.observability.operator_log import OperatorLog
from pki.observability.witness import Witness
from rs_node.config import Config as RsConfig
from rs_node.wiring import assemble as assemble_rs
from scripts.headless.page import Page
from tests.as_node.pushing import claims, push, redeem
from tests.customers.person import Browser, Person
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    MUTUAL_TLS,
    RESOURCE,
    Deployment,
    members,
)
from tests.in_memory.network import MemoryNetwork

NODES = Path(__file__).parents[2]
WEB = "https://127.0.0.1:9446"
AISP = f"{RESOURCE}/open-banking/v4.0/aisp"
CONSENTS = f"{AISP}/account-access-consents"
ACCOUNTS = f"{AISP}/accounts"

ONE, OTHER = "banking-client", "other-tpp"
REDIRECT_URIS = {
    ONE: f"{WEB}/callback",
    # As the OpenID Foundation's suite has it for the second client.
    OTHER: "https://other-tpp.example.com/callback?dummy1=lorem&dummy2=ipsum",
}

_SUBJECT = r"CN=other-tpp,2.5.4.97=PSDGB-FCA-900002,O=Other TPP\, Ltd.,C=GB"

SECOND_CLIENT = f"""[clients.other-tpp]
token_endpoint_auth_method = "tls_client_auth"
tls_client_auth_subject_dn = '{_SUBJECT}'
client_name = "Other TPP"
grant_types = ["client_credentials", "authorization_code", "refresh_token"]
response_types = ["code"]
redirect_uris = ["{REDIRECT_URIS[OTHER]}"]
scope = "openid accounts"
tls_client_certificate_bound_access_tokens = true
"""
"""Registered like the first client, as the plans of the suite want it."""

_SECOND_CLIENT = re.compile(r"\[clients\.other-tpp\]\n(?:[^\n]+\n)+")

PERMISSIONS = (
    "ReadAccountsDetail",
    "ReadBalances",
    "ReadTransactionsCredits",
    "ReadTransactionsDebits",
    "ReadTransactionsDetail",
)


def at_once(function: Callable[[], bool]) -> Deferred[bool]:
    """Instead of in another thread: a test has one."""
    return succeed(function())


class TheBank:
    """The nodes whose state and certificates lie in *folder*."""

    def __init__(
        self, folder: Path, issued: Layout, changes: tuple[tuple[str, str], ...]
    ) -> None:
        self.network = MemoryNetwork()
        self.issued = issued
        self._folder = folder
        self._changes = changes
        self._nodes: dict[str, Node] = {}
        self._gone: list[Node] = []
        self.start_resource_server()
        self.authorization_server = self.start_authorization_server()

    def start_authorization_server(self) -> Deployment:
        """On the database that is there, in the place of any that served before."""
        log = io.StringIO()
        config = configuration.read(self._configured("as", *self._changes), AsConfig)
        node = assemble_as(
            config,
            self._surroundings("as", log),
            endpoint=self.network.endpoint,
            in_thread=at_once,
        )
        for service, port in zip(node.services, (9443, 9444), strict=True):
            self.network.listen("localhost", port, service.listener, service.context)
        self._now("as", node)
        self.authorization_server = Deployment(self.network, self.issued, log, node)
        return self.authorization_server

    def start_resource_server(self) -> None:
        """The same for the resource server."""
        config = configuration.read(self._configured("rs"), RsConfig)
        surroundings = self._surroundings("rs", io.StringIO())
        node = assemble_rs(config, surroundings, self.network.endpoint)
        (service,) = node.services
        self.network.listen("localhost", 9445, service.listener, service.context)
        self._now("rs", node)

    def start_web_application(self) -> None:
        """The same for the banking client that customers use."""
        config = configuration.read(self._configured("client"), ClientConfig)
        surroundings = self._surroundings("client", io.StringIO())
        node = assemble_client(config, surroundings, endpoint=self.network.endpoint)
        (service,) = node.services
        self.network.listen("127.0.0.1", 9446, service.listener, service.context)
        self._now("client", node)

    def _now(self, name: str, node: Node) -> None:
        if name in self._nodes:
            self._gone.append(self._nodes[name])
        self._nodes[name] = node

    def kill(self, name: str) -> None:
        """
        As with `kill -9`: it closes nothing, and every connection to it breaks.

        Its database is closed when the test is over, as the system would at once.
        """
        self._gone.append(self._nodes.pop(name))
        self.network.cut({"as": (9443, 9444), "rs": (9445,), "client": (9446,)}[name])

    def stop(self) -> None:
        """What the processes do before they end."""

        async def close() -> None:
            for node in (*self._nodes.values(), *self._gone):
                await node.close()

        self.network.run(close())

    def file(self, name: str) -> Path:
        """A file of this deployment."""
        return self._folder / name

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.network.reactor.advance(seconds)
        self.network.flush()

    def _surroundings(self, name: str, log: io.StringIO) -> Surroundings:
        witness = Witness(OperatorLog(name, log, self.network.clock))
        return Surroundings(self.network.reactor, self.network.clock, witness)

    def _configured(self, name: str, *changes: tuple[str, str]) -> Path:
        text = (NODES / f"{name}_node" / f"{name}.toml").read_text(encoding="utf-8")
        text = text.replace("../pki/issued/", f"{self.issued.directory}/")
        text = text.replace("../build/", f"{self._folder}/")
        if name == "as":
            text, found = _SECOND_CLIENT.subn(lambda _: SECOND_CLIENT, text)
            assert found == 1
        for old, new in changes:
            assert old in text, f"{old} is not in {name}.toml"
            text = text.replace(old, new)
        path = self._folder / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        return path


class OpenBanking:
    """Clients' requests at the bank, and the customer Ty Webb at his browser."""

    def __init__(self, bank: TheBank) -> None:
        self.bank = bank

    @property
    def server(self) -> Deployment:
        """The authorization server, as it runs now."""
        return self.bank.authorization_server

    def person(self, **who: str) -> Person:
        """A customer with a browser of her own, which holds no certificate."""

        def send(method: str, url: str, headers: Fields, body: bytes) -> Answer:
            return self.server.request(method, url, headers=headers, body=body)

        return Person(Browser(send, (CONVENTIONAL,)), **who)

    def consent(self, client_id: str = ONE, **changed: object) -> str:
        """A consent that the client has lodged with the bank, not yet given."""
        data = {"Permissions": PERMISSIONS, **changed}
        token = members(self.server.token_request(client_id, scope="accounts"), 200)
        answer = self.ask(
            client_id,
            token["access_token"],
            CONSENTS,
            method="POST",
            headers=(("Content-Type", "application/json"),),
            body=json.dumps({"Data": data, "Risk": {}}).encode(),
        )
        consent_id = data_of(answer, 201)["ConsentId"]
        assert isinstance(consent_id, str)
        return consent_id

    def push(self, client_id: str = ONE, **changed: str | None) -> Answer:
        """A sound request for a new consent, but for what is *changed*."""
        if "claims" not in changed:
            changed["claims"] = claims(self.consent(client_id))
        asked = {"redirect_uri": REDIRECT_URIS.get(client_id), **changed}
        return push(self.server, client_id, **asked)

    def pushed(self, client_id: str = ONE, **changed: str | None) -> str:
        """The `request_uri` of such a request, which was accepted."""
        request_uri = members(self.push(client_id, **changed), 201)["request_uri"]
        assert isinstance(request_uri, str)
        return request_uri

    def visit(
        self,
        person: Person,
        request_uri: str,
        client_id: str = ONE,
        **others: str,
    ) -> Page:
        """The person comes from the client, with what the client may send."""
        query = {"client_id": client_id, "request_uri": request_uri, **others}
        return person.browser.open(authorize_url(query))

    def approved(self, client_id: str = ONE, **changed: str | None) -> dict[str, str]:
        """The authorization response to a request that the customer approved."""
        person = self.person()
        page = self.visit(person, self.pushed(client_id, **changed), client_id)
        back = person.approve(person.sign_in(page))
        assert back.location is not None, back.text
        assert back.location.startswith(REDIRECT_URIS[client_id])
        return back.sent_back()

    def code(self, client_id: str = ONE, **changed: str | None) -> str:
        """The code of it."""
        return self.approved(client_id, **changed)["code"]

    def redeem(self, code: str, client_id: str = ONE, **changed: str) -> Answer:
        """A token request with a code, over a connection of the client's."""
        asked = {"redirect_uri": REDIRECT_URIS[client_id], **changed}
        return redeem(self.server, code, client_id, **asked)

    def tokens(self, client_id: str = ONE, **changed: str | None) -> dict[str, Any]:
        """The token response for a request that the customer approved."""
        return members(self.redeem(self.code(client_id, **changed), client_id), 200)

    def refresh(
        self,
        refresh_token: str,
        client_id: str = ONE,
        *,
        certificate: str | None = ONE,
        url: str = f"{MUTUAL_TLS}/token",
        **more: str,
    ) -> Answer:
        """A token request with a refresh token."""
        form = {
            "grant_type": "refresh_token",
            "refresh_token": refresh_token,
            "client_id": client_id,
            **more,
        }
        return self.server.post(url, form, certificate=certificate)

    def ask(
        self,
        certificate: str | None,
        token: str,
        url: str = ACCOUNTS,
        *,
        scheme: str = "Bearer",
        method: str = "GET",
        headers: Fields = (),
        body: bytes = b"",
    ) -> Answer:
        """A request for a protected resource, over a connection of *certificate*."""
        headers = (("Authorization", f"{scheme} {token}"), *headers)
        return self.server.request(
            method, url, certificate=certificate, headers=headers, body=body
        )


def authorize_url(query: Mapping[str, str]) -> str:
    """The authorization endpoint with these parameters."""
    return f"{CONVENTIONAL}/authorize?{urlencode(query)}"


def data_of(answer: Answer, status: int = 200) -> dict[str, Any]:
    """`Data` of an answer of the account API."""
    assert answer.status == status, answer
    assert answer.header("content-type") == "application/json; charset=utf-8"
    found = json.loads(answer.body)["Data"]
    assert isinstance(found, dict)
    return found
