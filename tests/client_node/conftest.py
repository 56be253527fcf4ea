"""A small PKI, and a bank in memory that does as told."""

import time

import pytest

from pki.issuing import authority
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from pki.mtls.contexts import ServerContext
from tests.client_node.bank import (
    ISSUER,
    MTLS,
    NAMES,
    RESOURCE,
    WELL_KNOWN,
    Bank,
    FakeServer,
    Pki,
    always,
    metadata_document,
    serve,
    token_members,
)
from tests.memory_network import MemoryNetwork


@pytest.fixture(scope="session")
def pki() -> Pki:
    """Made once: certificates of P-256."""
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


@pytest.fixture
def network() -> MemoryNetwork:
    """Nobody listens yet."""
    return MemoryNetwork()


@pytest.fixture
def bank(network: MemoryNetwork, pki: Pki) -> Bank:
    """A bank that is as it should be, until a test changes an answer."""
    bank = Bank(FakeServer(), FakeServer(), FakeServer(), network, pki)
    for server, url, requests in (
        (bank.conventional, ISSUER, False),
        (bank.mutual_tls, MTLS, True),
        (bank.resource, RESOURCE, True),
    ):
        context = ServerContext(pki.server, request_certificate=requests)
        serve(network, server, url, context)
    bank.conventional.answers[WELL_KNOWN] = always(200, metadata_document())
    bank.mutual_tls.answers["/token"] = always(200, token_members())
    accounts = {"Data": {"Account": [{"AccountId": "1", "Currency": "GBP"}]}}
    bank.resource.answers["/accounts"] = always(200, accounts)
    return bank
