"""A small PKI, and a bank in memory that does as told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from client_node.config import Config
from pki.node.process import Node
from tests.client_node.in_memory.bank import (
    WELL_KNOWN,
    Bank,
    Pki,
    always,
    listening_bank,
    metadata_document,
    new_pki,
    token_members,
)
from tests.client_node.in_memory.open_bank import Browser, OpenBank
from tests.client_node.in_memory.web import Serve, configured, provided, served
from tests.in_memory.network import MemoryNetwork


@pytest.fixture(scope="session")
def pki() -> Pki:
    """Made once: certificates of P-256."""
    return new_pki()


@pytest.fixture
def network() -> MemoryNetwork:
    """Nobody listens yet."""
    return MemoryNetwork()


@pytest.fixture
def bank(network: MemoryNetwork, pki: Pki) -> Bank:
    """A bank that is as it should be, until a test changes an answer."""
    bank = listening_bank(network, pki)
    bank.conventional.answers[WELL_KNOWN] = always(200, metadata_document())
    bank.mutual_tls.answers["/token"] = always(200, token_members())
    accounts = {"Data": {"Account": [{"AccountId": "1", "Currency": "GBP"}]}}
    bank.resource.answers["/accounts"] = always(200, accounts)
    return bank


@pytest.fixture
def config(pki: Pki, tmp_path: Path) -> Config:
    """The shipped configuration, with certificates and paths of this test."""
    provided(pki, tmp_path)
    return configured(tmp_path)


@pytest.fixture
def open_bank(bank: Bank) -> OpenBank:
    """A bank that customers can connect, until a test changes it."""
    return OpenBank(bank)


@pytest.fixture
def serve(bank: Bank) -> Iterator[Serve]:
    """Starts the web process; what was started is closed when the test is over."""
    nodes: list[Node] = []

    def start(config: Config) -> Node:
        nodes.append(served(bank, config))
        return nodes[-1]

    yield start

    async def close() -> None:
        for node in nodes:
            await node.close()

    bank.network.run(close())


@pytest.fixture
def node(open_bank: OpenBank, config: Config, serve: Serve) -> Node:
    """The web process of customers."""
    return serve(config)


@pytest.fixture
def browser(node: Node, open_bank: OpenBank) -> Browser:
    """A customer's browser, at nothing yet."""
    return Browser(open_bank.bank)
