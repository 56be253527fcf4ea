"""The authorization server asks the resource server, over mutual TLS in memory."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from as_node.browser.error_pages import ConsentNotUsable, PageRefusal, TryAgainLater
from as_node.consent.backchannel import ConsentBackchannel, Decision
from as_node.consent.consent import ConsentView, CustomerAccount
from pki.http.messages import Request, Response, json_response
from pki.issuing.layout import Layout
from pki.mtls.client import MutualTLSClient
from pki.mtls.contexts import ClientContext, ServerContext
from pki.mtls.server import Listener
from pki.observability.operator_log import OperatorLog
from pki.observability.witness import Witness
from pki.pem import load_certificates
from tests.in_memory.network import MemoryNetwork

CUSTOMER = "ty.webb@example.com"
CONSENT: dict[str, Any] = {
    "consent_id": "urn:bank:1",
    "client_id": "banking-client",
    "status": "AWAU",
    "permissions": ["ReadAccountsDetail", "ReadBalances"],
    "expiration": "2027-02-21T10:44:00Z",
    "transaction_from": "2026-01-01T00:00:00+01:00",
    "transaction_to": None,
    "accounts": [
        {
            "account_id": "22289",
            "nickname": "Bills",
            "description": "Personal current account",
            "currency": "GBP",
            "identification": "80-20-01 10203345",
        }
    ],
}
APPROVED = Decision(
    customer=CUSTOMER,
    client_id="banking-client",
    decision="approved",
    account_ids=("22289",),
    decision_id="d1",
)


@dataclass
class Bank:
    """A resource server that says what the test wants, and notes what it was asked."""

    network: MemoryNetwork
    backchannel: ConsentBackchannel
    said: Response = field(default_factory=lambda: json_response(200, CONSENT))
    asked: list[Request] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        """As the test said."""
        self.asked.append(request)
        return self.said

    def read(self, *, client_id: str = "banking-client") -> ConsentView:
        """The server asks about the consent."""
        return self.network.run(
            self.backchannel.read_consent(
                "urn:bank:1",
                client_id=client_id,
                customer=CUSTOMER,
                interaction_id="i-1",
            )
        )

    def report(self, decision: Decision = APPROVED) -> None:
        """The server says what she decided."""
        self.network.run(
            self.backchannel.report_decision(
                "urn:bank:1", decision, interaction_id="i-2"
            )
        )


@pytest.fixture
def bank(issued: Layout) -> Bank:
    """A resource server that knows the consent."""
    network = MemoryNetwork()
    witness = Witness(OperatorLog("as", io.StringIO(), network.clock))
    client = MutualTLSClient(
        network.reactor,
        ClientContext(
            issued.load("as-backchannel"), load_certificates(issued.server_roots)
        ),
        witness,
        endpoint=network.endpoint,
    )
    bank = Bank(network, ConsentBackchannel(client, "https://localhost:9445"))
    listener = Listener(network.reactor, witness, bank.answer, request_certificate=True)
    context = ServerContext(issued.load("rs"), request_certificate=True)
    network.listen("localhost", 9445, listener, context)
    return bank


def test_a_consent_is_read(bank: Bank) -> None:
    """What the customer has to be shown is what the resource server says."""
    assert bank.read() == ConsentView(
        consent_id="urn:bank:1",
        client_id="banking-client",
        status="AWAU",
        permissions=("ReadAccountsDetail", "ReadBalances"),
        expiration=datetime(2027, 2, 21, 10, 44, tzinfo=UTC),
        transaction_from=datetime(2025, 12, 31, 23, tzinfo=UTC),
        transaction_to=None,
        accounts=(
            CustomerAccount(
                account_id="22289",
                nickname="Bills",
                description="Personal current account",
                currency="GBP",
                identification="80-20-01 10203345",
            ),
        ),
    )


def test_asked_as_ourselves(bank: Bank, issued: Layout) -> None:
    """The question names the consent and the customer, over our own certificate."""
    bank.read()
    (request,) = bank.asked
    assert (request.method, request.path) == (
        "GET",
        "/backchannel/consents/urn:bank:1",
    )
    assert request.query == "customer=ty.webb%40example.com"
    assert request.header("x-fapi-interaction-id") == "i-1"
    assert request.peer is not None
    assert request.peer.der == issued.load("as-backchannel").leaf_der


def test_an_identifier_leads_nowhere_else(bank: Bank) -> None:
    """A client chooses the text of an intent, and not the path that is asked for."""
    ask = bank.backchannel.read_consent(
        "../x?customer=other#", client_id="c", customer=CUSTOMER, interaction_id="i"
    )
    with pytest.raises(TryAgainLater):
        bank.network.run(ask)
    (request,) = bank.asked
    assert request.path == "/backchannel/consents/..%2Fx%3Fcustomer%3Dother%23"
    assert request.query == "customer=ty.webb%40example.com"


@pytest.mark.check("consent.awaits-decision")
def test_another_clients_consent(bank: Bank) -> None:
    """An intent of another client's is refused, whatever its state."""
    with pytest.raises(ConsentNotUsable) as refused:
        bank.read(client_id="other-tpp")
    assert refused.value.presented == "other-tpp"


@pytest.mark.check("consent.awaits-decision")
@pytest.mark.parametrize("status", ["AUTH", "RJCT", "CANC", "EXPD", "Authorised", ""])
def test_a_consent_that_was_decided_about(bank: Bank, status: str) -> None:
    """A consent that does not await a decision is not asked about again."""
    bank.said = json_response(200, {**CONSENT, "status": status})
    with pytest.raises(ConsentNotUsable):
        bank.read()


def test_version_3_awaits_in_another_word(bank: Bank) -> None:
    """Version 3.1 says AwaitingAuthorisation where version 4 says AWAU."""
    bank.said = json_response(200, {**CONSENT, "status": "AwaitingAuthorisation"})
    assert bank.read().awaits_decision


def test_the_answer_to_another_question(bank: Bank) -> None:
    """An answer about another consent is none."""
    bank.said = json_response(200, {**CONSENT, "consent_id": "urn:bank:2"})
    with pytest.raises(TryAgainLater):
        bank.read()


def test_a_decision_is_reported(bank: Bank) -> None:
    """What she decided is recorded, with the accounts she chose."""
    bank.said = json_response(200, {})
    bank.report()
    (request,) = bank.asked
    assert (request.method, request.path) == (
        "PUT",
        "/backchannel/consents/urn:bank:1/decision",
    )
    assert request.header("content-type") == "application/json"
    assert request.header("x-fapi-interaction-id") == "i-2"
    assert json.loads(request.body) == {
        "customer": CUSTOMER,
        "client_id": "banking-client",
        "decision": "approved",
        "account_ids": ["22289"],
        "decision_id": "d1",
    }


Exchange = Callable[[Bank], object]
EXCHANGES = pytest.mark.parametrize("exchange", [Bank.read, Bank.report])


@EXCHANGES
@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (400, ConsentNotUsable),
        (404, ConsentNotUsable),
        (409, ConsentNotUsable),
        (201, TryAgainLater),
        (303, TryAgainLater),
        (401, TryAgainLater),
        (403, TryAgainLater),
        (500, TryAgainLater),
        (503, TryAgainLater),
    ],
)
def test_no_success(
    bank: Bank, exchange: Exchange, status: int, refusal: type[PageRefusal]
) -> None:
    """Only 200 is a yes: what cannot be now or ever is told apart from what may be."""
    bank.said = json_response(status, CONSENT)
    with pytest.raises(refusal):
        exchange(bank)


@EXCHANGES
def test_the_resource_server_is_away(bank: Bank, exchange: Exchange) -> None:
    """While it is away she is told to try again, on a page that says so."""
    bank.network.close("localhost", 9445)
    with pytest.raises(TryAgainLater) as refused:
        exchange(bank)
    response = refused.value.response()
    assert response.status == 503
    assert ("Retry-After", "60") in response.headers
    assert "in a minute" in response.body.decode()


@EXCHANGES
def test_somebody_else_answers(bank: Bank, exchange: Exchange, issued: Layout) -> None:
    """A server whose certificate is not for this name is not asked."""
    witness = Witness(OperatorLog("rs", io.StringIO(), bank.network.clock))
    listener = Listener(
        bank.network.reactor, witness, bank.answer, request_certificate=True
    )
    context = ServerContext(issued.load("other-tpp"), request_certificate=True)
    bank.network.listen("localhost", 9445, listener, context)
    with pytest.raises(TryAgainLater):
        exchange(bank)
    assert bank.asked == []


@pytest.mark.parametrize(
    "changed",
    [
        {"consent_id": None},
        {"client_id": 1},
        {"status": ["AWAU"]},
        {"permissions": "ReadBalances"},
        {"permissions": [1]},
        {"expiration": "tomorrow"},
        {"expiration": 1},
        {"expiration": "2027-02-21T10:44:00"},
        {"accounts": None},
        {"accounts": [None]},
        {"accounts": [{}]},
        {"accounts": [{**CONSENT["accounts"][0], "currency": 826}]},
    ],
)
def test_an_answer_that_makes_no_sense(bank: Bank, changed: dict[str, object]) -> None:
    """What is not as agreed is not guessed at."""
    bank.said = json_response(200, {**CONSENT, **changed})
    with pytest.raises(TryAgainLater):
        bank.read()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000])
def test_an_answer_that_is_no_object(bank: Bank, body: bytes) -> None:
    """What is no JSON object is no answer."""
    bank.said = Response(200, (), body)
    with pytest.raises(TryAgainLater):
        bank.read()
