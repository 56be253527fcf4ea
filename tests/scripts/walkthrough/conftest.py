"""A small PKI for the walk-through to show."""

import pytest

from tests.client_node.in_memory.bank import Pki, new_pki


@pytest.fixture(scope="session")
def pki() -> Pki:
    """Made once: certificates of P-256."""
    return new_pki()
