"""An observer that serves, and a bank beside it."""

from pathlib import Path

import pytest

from scripts.walkthrough.config import Config
from tests.client_node.in_memory.bank import Bank, Pki, listening_bank
from tests.in_memory.network import MemoryNetwork
from tests.scripts.walkthrough.observer_in_memory import configured, read, served


@pytest.fixture
def bank(pki: Pki) -> Bank:
    """Who is observed; nobody asks it anything."""
    return listening_bank(MemoryNetwork(), pki)


@pytest.fixture
def config(pki: Pki, tmp_path: Path) -> Config:
    """The shipped configuration, with certificates and recordings of this test."""
    return read(configured(pki, tmp_path))


@pytest.fixture
def node(bank: Bank, config: Config) -> Bank:
    """The observer serves; nobody has recorded anything."""
    served(bank, config)
    return bank
