"""`Accept` and `Content-Type`: JSON in UTF-8 and nothing else."""

from types import MappingProxyType

import pytest

from pki.http.messages import Connection, Request
from rs_node.open_banking.content_negotiation import (
    verify_accepts_json,
    verify_sends_json,
)
from rs_node.open_banking.refusals import NotAcceptable, UnsupportedMediaType

CONNECTION = Connection(1, "127.0.0.1:1", "TLSv1.3", certificate_requested=True,
                        peer=None)  # fmt: skip


def request(name: str, *values: str) -> Request:
    """A request with one header field, as often as there are values."""
    headers = MappingProxyType({name: values} if values else {})
    return Request("GET", "/", "", headers, b"", CONNECTION)


@pytest.mark.parametrize(
    "values",
    [
        (),
        ("",),
        ("application/json",),
        ("Application/JSON; charset=UTF-8",),
        ('application/json; charset="utf-8"; q=0.5',),
        ("application/*",),
        ("*/*",),
        ("text/html, application/xhtml+xml, */*;q=0.1",),
        ("text/html", "application/json"),
    ],
)
def test_acceptable(values: tuple[str, ...]) -> None:
    """RFC 9110 section 12.5.1: JSON is among what the client takes, or it is silent."""
    verify_accepts_json(request("accept", *values))


@pytest.mark.check("open-banking.accept")
@pytest.mark.parametrize(
    "value",
    [
        "application/xml",
        "text/*",
        "application/jose",
        "application/json;q=0",
        "application/json; q=0.000",
        "application/json; charset=iso-8859-1",
        "json",
        ";;=",
    ],
)
def test_not_acceptable(value: str) -> None:
    """RFC 9110 section 15.5.7: 406 for who takes anything else only."""
    with pytest.raises(NotAcceptable):
        verify_accepts_json(request("accept", value))


@pytest.mark.parametrize(
    "value",
    ["application/json", "Application/Json;charset=utf-8", "application/json; x=y"],
)
def test_json_sent(value: str) -> None:
    """A body that is declared to be JSON is read."""
    verify_sends_json(request("content-type", value))


@pytest.mark.check("open-banking.content-type")
@pytest.mark.parametrize(
    "values",
    [
        (),
        ("",),
        ("text/plain",),
        ("application/json; charset=utf-16",),
        ("application/json", "text/plain"),
    ],
)
def test_something_else_sent(values: tuple[str, ...]) -> None:
    """RFC 9110 section 15.5.16: 415 for any other declaration, or two."""
    with pytest.raises(UnsupportedMediaType):
        verify_sends_json(request("content-type", *values))
