"""The mobile application at a bank that does not keep to the rules."""

# mypy: disallow-untyped-calls=False

import io

import pytest
from twisted.internet.defer import Deferred

from client_node.cli.mobile import MobileApp, own_certificate
from client_node.cli.printer import Printer
from client_node.oauth.requests.errors import ErrorResponse, UnusableAnswer
from pki.http.messages import Response
from tests.client_node.in_memory.bank import (
    ISSUER,
    MTLS,
    WELL_KNOWN,
    Bank,
    always,
    metadata_document,
    token_members,
)
from tests.in_memory.loopback import come_back


@pytest.fixture
def bank(bank: Bank) -> Bank:
    """A bank with what the application needs."""
    document = metadata_document(
        authorization_endpoint=f"{ISSUER}/authorize",
        pushed_authorization_request_endpoint=f"{MTLS}/par",
        userinfo_endpoint=f"{MTLS}/userinfo",
        mtls_endpoint_aliases={
            "token_endpoint": f"{MTLS}/token",
            "revocation_endpoint": f"{MTLS}/revoke",
        },
    )
    bank.conventional.answers[WELL_KNOWN] = always(200, document)
    pushed = {"request_uri": "urn:example:1", "expires_in": 60}
    bank.mutual_tls.answers["/par"] = always(201, pushed)
    bank.mutual_tls.answers["/revoke"] = lambda _request: Response(200)
    return bank


def end(bank: Bank) -> object:
    """How the application ends, whose customer comes back with a code at once."""
    reactor = bank.network.reactor
    outcomes: list[object] = []

    def open_browser(_url: str) -> None:
        state = bank.mutual_tls.forms()[0]["state"][0]
        query = f"code=c&state={state}&iss={ISSUER}"
        reactor.callLater(0, come_back, reactor, f"/callback?{query}")

    app = MobileApp(
        bank.identity(own_certificate("mobile-app", bank.network.clock())),
        ISSUER,
        reactor,
        bank.network.clock,
        Printer(io.StringIO(), colour=False),
        open_browser,
    )
    Deferred.fromCoroutine(app.run()).addBoth(outcomes.append)
    bank.network.flush()
    (outcome,) = outcomes
    return getattr(outcome, "value", outcome)


def test_a_response_without_an_id_token_is_not_used(bank: Bank) -> None:
    """OpenID Connect Core section 3.1.3.3: required; what was given is revoked."""
    bank.mutual_tls.answers["/token"] = always(200, token_members(refresh_token="r"))
    failure = end(bank)
    assert isinstance(failure, UnusableAnswer)
    assert "'id_token'" in str(failure)
    assert bank.mutual_tls.forms()[-1]["token"] == ["r"]


def test_an_id_token_that_is_none_is_not_used(bank: Bank) -> None:
    """OpenID Connect Core section 3.1.3.7: nor is the access token beside it."""
    bank.conventional.answers["/jwks"] = always(200, {"keys": []})
    bank.mutual_tls.answers["/token"] = always(200, token_members(id_token="a.b.c"))
    failure = end(bank)
    assert isinstance(failure, UnusableAnswer)
    assert "ID token" in str(failure)
    assert bank.mutual_tls.forms()[-1]["token"] == ["token-1"]
    assert [request.path for request in bank.mutual_tls.asked] == [
        "/par",
        "/token",
        "/revoke",
    ]


def test_a_code_that_is_refused_leaves_nothing_to_revoke(bank: Bank) -> None:
    """RFC 6749 section 5.2: the code was somebody else's, perhaps."""
    bank.mutual_tls.answers["/token"] = always(400, {"error": "invalid_grant"})
    failure = end(bank)
    assert isinstance(failure, ErrorResponse)
    assert failure.error == "invalid_grant"
    assert bank.mutual_tls.asked[-1].path == "/token"


def test_every_request_has_the_same_certificate(bank: Bank) -> None:
    """RFC 8705 section 4: made once, and shown at the aliases each time."""
    bank.mutual_tls.answers["/token"] = always(200, token_members())
    end(bank)
    peers = {r.peer.x5t_s256 for r in bank.mutual_tls.asked if r.peer is not None}
    assert len(peers) == 1
    assert all(request.peer is not None for request in bank.mutual_tls.asked)
