"""What goes out, octet by octet."""

import re
from email.utils import parsedate_to_datetime

import pytest

from pki.http.messages import Response
from pki.mtls.http1.answers import octets_of, refusal_octets

DATE = re.compile(rb"Date: ([^\r]*)\r\n")


def without_date(octets: bytes) -> bytes:
    """*octets*, of which Date is one field."""
    (date,) = DATE.findall(octets)
    assert parsedate_to_datetime(date.decode()).tzinfo is not None
    return DATE.sub(b"", octets)


def test_octets() -> None:
    """RFC 9112 section 4: a status line, the fields in their order, the body."""
    fields = (("X-A", "1"), ("Set-Cookie", "a"), ("Set-Cookie", "b"))
    assert without_date(octets_of(Response(421, fields, b"body"))) == (
        b"HTTP/1.1 421 Misdirected Request\r\nX-A: 1\r\nSet-Cookie: a\r\n"
        b"Set-Cookie: b\r\nContent-Length: 4\r\n\r\nbody"
    )


def test_last() -> None:
    """RFC 9112 section 9.6: who closes says so."""
    assert without_date(octets_of(Response(200), last=True)) == (
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )


def test_to_head() -> None:
    """RFC 9110 section 9.3.2: the length of the body that is not sent."""
    assert without_date(octets_of(Response(200, (), b"body"), to_head=True)) == (
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
    )


@pytest.mark.parametrize("status", [204, 304])
def test_no_body(status: int) -> None:
    """RFC 9110 section 6.4.1: none, whatever a handler says."""
    octets = octets_of(Response(status, (), b"HTTP/1.1 200 OK\r\n\r\n"))
    assert b"Content-Length" not in octets
    assert octets.endswith(b"\r\n\r\n")
    assert octets.count(b"\r\n\r\n") == 1


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n", "\0", "\r\n\r\n"])
def test_no_field_begins_a_line(end: str) -> None:
    """RFC 9110 section 5.5: nor does its name."""
    fields = ((f"X{end}Y", f"1{end}Z: 2"),)
    assert without_date(octets_of(Response(200, fields))) == (
        b"HTTP/1.1 200 OK\r\nX Y: 1 Z: 2\r\nContent-Length: 0\r\n\r\n"
    )


def test_letters() -> None:
    """UTF-8, as a value of a handler's may have any."""
    assert b"X: \xc3\xa9\xe2\x80\xa8\r\n" in octets_of(
        Response(200, (("X", "é\u2028"),))
    )


def test_refusal() -> None:
    """It is the last, and no cache keeps it."""
    assert without_date(refusal_octets(Response(400, (("X", "1"),), b"no"))) == (
        b"HTTP/1.1 400 Bad Request\r\nX: 1\r\nCache-Control: no-store\r\n"
        b"Pragma: no-cache\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
    )
