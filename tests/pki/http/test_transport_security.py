"""Which hosts are told to be reached by TLS alone."""

import pytest

from pki.http.transport_security import strict_transport_security


@pytest.mark.parametrize(
    "host",
    ["bank.test", "bank.test:9443", "Bank.Test.:443", "bank", "a.localhost.test"],
)
def test_a_host_name_of_the_network(host: str) -> None:
    """FAPI 2.0 section 5.2.3, RFC 6797 section 6.1: for a year, whatever the port."""
    assert strict_transport_security(host) == (
        ("Strict-Transport-Security", "max-age=31536000"),
    )


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST:9443",
        "localhost.:9443",
        "app.localhost",
        "127.0.0.1:9443",
        "192.0.2.1",
        "[::1]:9443",
        "::1",
        "",
        ":9443",
        "a b",
        "bank.test\r\n",
    ],
)
def test_no_other(host: str) -> None:
    """Loopback's header would reach a developer's other projects of that name."""
    assert strict_transport_security(host) == ()
