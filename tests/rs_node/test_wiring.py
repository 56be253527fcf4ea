"""The resource server as it is put together: the names it answers to."""

import pytest

from tests.in_memory.raw_tls import asked_by_name
from tests.rs_node.bank import Bank

METADATA = "/.well-known/oauth-protected-resource"


@pytest.mark.parametrize("path", ["/", METADATA, "/accounts", "/nothing"])
@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:9445", "localhost:9443"]
)
def test_another_name(bank: Bank, path: str, host: str) -> None:
    """RFC 9110 section 7.4: it answers no name that is not its own."""
    answer = asked_by_name(bank.network, 9445, host, path)
    assert answer.status == 421
    assert "this is https://localhost:9445" in answer.body.decode()
    assert "check=request.own-name" in bank.log.getvalue()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]"])
def test_own_names(bank: Bank, name: str) -> None:
    """Those of its resource identifier and of its certificate."""
    assert asked_by_name(bank.network, 9445, f"{name}:9445", METADATA).status == 200
