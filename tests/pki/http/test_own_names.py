"""Whether a request came by a name of ours."""

import asyncio

import pytest

from pki.http.messages import Connection, Request, Response
from pki.http.own_names import Misdirected, OwnNames

NAMES = ["localhost", "127.0.0.1", "::1"]


async def served(_request: Request) -> Response:
    """Whatever it is."""
    return Response(204)


def status(
    host: str | None,
    origin: str = "https://bank.example:9443",
    *,
    at_any_port: bool = False,
) -> int:
    """What a request with this Host field is answered."""
    names = OwnNames(origin, NAMES, served, at_any_port=at_any_port)
    headers = {} if host is None else {"host": (host,)}
    came = Connection(
        number=1,
        client_address="127.0.0.1:50001",
        tls_version="TLSv1.3",
        certificate_requested=False,
        peer=None,
        local_port=7443,
    )
    request = Request("GET", "/", "", headers, b"", came)
    try:
        return asyncio.run(names.answer(request)).status
    except Misdirected as refusal:
        return refusal.response().status


@pytest.mark.parametrize(
    "host",
    [
        "bank.example:9443",
        "BANK.example:9443",
        "localhost:9443",
        "127.0.0.1:9443",
        "[::1]:9443",
        "[0:0:0:0:0:0:0:1]:9443",
    ],
)
def test_own_name(host: str) -> None:
    """RFC 9110 section 7.4: those of the configuration and of the certificate."""
    assert status(host) == 204


@pytest.mark.check("request.own-name")
@pytest.mark.parametrize(
    "host",
    [
        None,
        "",
        "evil.example",
        "evil.example:9443",
        "bank.example",
        "bank.example:",
        "bank.example:443",
        "bank.example:9444",
        "bank.example:7443",
        "bank.example:099443",
        "bank.example.:9443",
        "bank.example.evil.example:9443",
        "evil.example@bank.example:9443",
        "bank.example:9443,evil.example",
        "bank.example:9443 ",
        "::1:9443",
        "[::2]:9443",
        "2130706433:9443",
    ],
)
def test_another_name(host: str | None) -> None:
    """RFC 9110 section 15.5.20: 421 for a host or a port that is not ours."""
    assert status(host) == 421


@pytest.mark.parametrize("host", ["bank.example", "bank.example:443", "localhost:443"])
def test_default_port(host: str) -> None:
    """RFC 9110 section 4.2.2: that of https need not be named."""
    assert status(host, "https://bank.example") == 204
    assert status(host, "https://bank.example:443/path") == 204


def test_port_that_was_free() -> None:
    """Where it is told so, the port that the request came to is as good."""
    assert status("localhost:7443", at_any_port=True) == 204
    assert status("localhost:9443", at_any_port=True) == 204
    assert status("localhost:9444", at_any_port=True) == 421
    assert status("evil.example:7443", at_any_port=True) == 421
