"""The bank's consents, for an authorization server under test: told what to say."""

import io
import json
from dataclasses import dataclass, field
from typing import Any

from pki.http.messages import Request, Response, json_response
from pki.http.routes import Route, Routes
from pki.issuing.layout import Layout
from pki.mtls.contexts import ServerContext
from pki.mtls.server import Listener
from pki.observability.operator_log import OperatorLog
from pki.observability.witness import Witness
from tests.in_memory.authorization_server import Deployment
from tests.in_memory.network import MemoryNetwork

TY = "ty.webb@example.com"
INTENT = "aac-1"

_ACCOUNT = {"description": "Current account", "currency": "GBP"}
ACCOUNTS = [
    {**_ACCOUNT, "account_id": "1", "nickname": "Bills", "identification": "80200110"},
    {**_ACCOUNT, "account_id": "2", "nickname": "Golf", "identification": "80200112"},
]


@dataclass
class Consents:
    """
    A resource server with consents and nothing else, over real mutual TLS.

    *instead* is answered to everything, while it is set; where it *loses_answers*, a
    decision is recorded and nobody told. *decisions* has what was reported, *asked*
    each request that came.
    """

    network: MemoryNetwork
    issued: Layout
    witness: Witness
    consents: dict[str, dict[str, Any]] = field(default_factory=dict)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    instead: Response | None = None
    loses_answers: bool = False

    def start(self) -> None:
        """Listen where the authorization server looks for it."""
        self.add(INTENT, "banking-client")
        routes = Routes(
            [
                Route("GET", "/backchannel/consents/{consent_id}", self._read),
                Route("PUT", "/backchannel/consents/{consent_id}/decision", self._hear),
            ]
        )
        listener = Listener(
            self.network.reactor, self.witness, routes.answer, request_certificate=True
        )
        context = ServerContext(self.issued.load("rs"), request_certificate=True)
        self.network.listen("localhost", 9445, listener, context)

    def add(self, consent_id: str, client_id: str, **changed: Any) -> None:
        """One more consent, which awaits its customer's decision."""
        self.consents[consent_id] = {
            "consent_id": consent_id,
            "client_id": client_id,
            "status": "AWAU",
            "permissions": ["ReadAccountsDetail", "ReadBalances"],
            "expiration": "2036-01-01T00:00:00+00:00",
            "transaction_from": None,
            "transaction_to": None,
            "accounts": ACCOUNTS,
            **changed,
        }

    async def _read(self, request: Request, consent_id: str) -> Response:
        self.asked.append(request)
        if self.instead is not None:
            return self.instead
        consent = self.consents.get(consent_id)
        return (
            json_response(404, {}) if consent is None else json_response(200, consent)
        )

    async def _hear(self, request: Request, consent_id: str) -> Response:
        self.asked.append(request)
        if self.instead is not None:
            return self.instead
        decision = {"consent_id": consent_id, **json.loads(request.body)}
        consent = self.consents[consent_id]
        if decision not in self.decisions:
            given = consent.get("authorisation")
            is_renewal = given and decision.get("renews") == given["decision_id"]
            if consent["status"] != "AWAU" and not is_renewal:
                return json_response(409, {})
            self.decisions.append(decision)
            approved = decision["decision"] == "approved"
            consent["status"] = "AUTH" if approved else "RJCT"
            if approved:
                names = ("customer", "account_ids", "decision_id")
                consent["authorisation"] = {name: decision[name] for name in names}
        return json_response(500 if self.loses_answers else 200, {})


def serve_consents(server: Deployment) -> Consents:
    """A resource server's consents, where this authorization server looks for them."""
    witness = Witness(OperatorLog("rs", io.StringIO(), server.network.clock))
    consents = Consents(server.network, server.issued, witness)
    consents.start()
    return consents
