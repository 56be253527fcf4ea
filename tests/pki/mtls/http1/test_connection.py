"""What a connection does beside reading, and what handlers cannot do to it."""

import json

import pytest
from twisted.internet.defer import CancelledError

from pki.http.messages import Request, Response
from pki.mtls.limits import LARGEST_FRAMING
from tests.in_memory.listeners import Bench
from tests.pki.mtls.http1.corpus import CHUNKED, HOST, LAST_CHUNK, NEXT

POST = b"POST /1 HTTP/1.1\r\n" + HOST
EXPECT = b"Expect: 100-Continue \r\n"


def statuses(place: Bench, *pieces: bytes) -> list[int]:
    """Of all answers, those that are not final among them."""
    peer = place.dial()
    for piece in pieces:
        peer.send(piece)
    return [answer.status for answer in peer.answers]


@pytest.mark.parametrize(
    ("field", "body"),
    [
        (CHUNKED, (b"1", b"\r\n", b"x\r\n", LAST_CHUNK)),
        (b"Content-Length: 3\r\n", (b"x", b"y", b"z")),
    ],
    ids=["chunked", "length"],
)
def test_word_is_given_once(
    place: Bench, field: bytes, body: tuple[bytes, ...]
) -> None:
    """RFC 9110 section 10.1.1: however the body comes behind it."""
    head = POST + EXPECT + field + b"\r\n"
    pieces = (head[:30], head[30:], *body, head, *body)
    assert statuses(place, *pieces) == [100, 200, 100, 200]


@pytest.mark.parametrize(
    "request_",
    [
        POST + EXPECT + b"\r\n",
        POST + EXPECT + b"Content-Length: 0\r\n\r\n",
        POST + EXPECT + b"Content-Length: 1\r\n\r\nx",
        POST.replace(b"1.1", b"1.0") + EXPECT + b"Content-Length: 1\r\n\r\nx",
        POST + b"Expect: x\r\nContent-Length: 1\r\n\r\nx",
    ],
    ids=["no body", "empty", "here already", "HTTP/1.0", "something else"],
)
def test_no_word_is_needed(place: Bench, request_: bytes) -> None:
    """RFC 9110 section 10.1.1: nor is it sent to who does not wait for it."""
    assert statuses(place, request_) == [200]


def test_no_word_for_http_1_0(place: Bench) -> None:
    """RFC 9110 section 10.1.1: it does not know of such answers."""
    head = POST.replace(b"1.1", b"1.0") + EXPECT + b"Content-Length: 1\r\n\r\n"
    assert statuses(place, head) == []


def test_the_next_one_waits_for_its_word(place: Bench) -> None:
    """It is not given before the answer to the request before it."""
    head = POST + EXPECT + b"Content-Length: 1\r\n\r\n"
    assert statuses(place, NEXT + head, b"x") == [200, 100, 200]


@pytest.mark.bound("request.framing")
def test_chunks_that_say_much(place: Bench) -> None:
    """A body of one byte, and no end of what it says about that."""
    extension = b"1;" + b"x" * 1000 + b"\r\na\r\n"
    head = POST + CHUNKED + b"\r\n"
    few, many = LARGEST_FRAMING // 1100, LARGEST_FRAMING // 1000 + 1
    peer = place.dial()
    peer.send(head + extension * few + LAST_CHUNK)
    assert [answer.status for answer in peer.answers] == [200]
    peer.send(head + extension * many)
    assert peer.answers[-1].status == 413
    assert json.loads(peer.answers[-1].body) == {"error": "content_too_large"}
    assert peer.ended
    assert len(place.requests) == 1
    assert place.lines()[-1] == (
        "as     warning 413 to 127.0.0.1:50001: "
        f"more than {LARGEST_FRAMING} bytes around the chunks of a body"
    )


def test_what_is_malformed_is_told_to_the_operator(place: Bench) -> None:
    """The peer learns that it is, and no more."""
    peer = place.dial()
    peer.send(POST + b"Content-Length: +1\r\n\r\n")
    assert json.loads(peer.answers[-1].body) == {"error": "invalid_request"}
    (line,) = place.lines()
    assert line == (
        "as     warning 400 to 127.0.0.1:50001: "
        "not HTTP/1.1: Invalid character in Content-Length"
    )


def test_handler_that_gives_up(place: Bench) -> None:
    """Whoever cancels its own work leaves no peer without an answer."""

    async def answer(request: Request) -> Response:
        raise CancelledError

    place.answer = answer
    assert statuses(place, NEXT, NEXT) == [500, 500]
    assert place.lines()[0].startswith("as     error   GET /2: ")


def test_answer_that_cannot_be_written(place: Bench) -> None:
    """A fault of ours, like any other: the trace is the operator's."""

    async def answer(request: Request) -> Response:
        return Response(200, (("X", "\ud800"),))

    place.answer = answer
    assert statuses(place, NEXT, NEXT) == [500, 500]
    assert "as     info    GET /2 500 0.0ms" in place.lines()
