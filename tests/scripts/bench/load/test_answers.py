"""Where a response ends."""

import pytest

from scripts.bench.load.answers import whole

HEAD = b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"


def test_not_before_its_last_octet() -> None:
    """However it comes in."""
    response = HEAD + b"\r\nhello"
    for length in range(len(response)):
        assert whole(response[:length]) is None
    answer = whole(response)
    assert answer is not None
    assert (answer.status, answer.body) == (200, b"hello")


def test_chunks_are_joined() -> None:
    """And there is no answer before the last."""
    response = CHUNKED + b"3\r\nhel\r\nC\r\nlo wonderful\r\n0\r\n\r\n"
    assert whole(response[:-1]) is None
    answer = whole(response)
    assert answer is not None
    assert answer.body == b"hello wonderful"


def test_headers_of_one_name() -> None:
    """In their order, whatever the case."""
    answer = whole(b"HTTP/1.1 303 Go\r\nSet-Cookie: a=1\r\nset-cookie: b=2\r\n\r\n")
    assert answer is not None
    assert answer.values("Set-Cookie") == ["a=1", "b=2"]
    assert answer.values("location") == []


def test_what_is_no_response() -> None:
    """It is a failure, not a status."""
    with pytest.raises(ValueError, match="invalid literal"):
        whole(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
