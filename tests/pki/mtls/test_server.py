"""HTTP as a listener reads it, and what it answers to what is not HTTP."""

import json
from collections.abc import Callable
from contextlib import suppress
from email.utils import parsedate_to_datetime

import pytest
from twisted.internet.defer import CancelledError, Deferred

from pki.http.checks import Check
from pki.http.messages import Refusal, Request, Response, json_response
from pki.http.routes import Route, Routes
from pki.mtls.limits import LARGEST_BODY, LARGEST_HEADERS
from pki.pem import Credential
from tests.in_memory.listeners import MUTUAL_TLS, Bench
from tests.in_memory.raw_tls import RawAnswer, outsider_context

HOST = b"Host: localhost\r\n"


def ask(place: Bench, data: bytes) -> list[RawAnswer]:
    """The answers to some octets."""
    peer = place.dial()
    peer.send(data)
    return peer.answers


def refused(place: Bench, data: bytes, status: int, error: str) -> None:
    """It is answered in JSON, and the handler never sees it; the connection ends."""
    peer = place.dial()
    peer.send(data)
    (answer,) = peer.answers
    assert answer.status == status
    assert json.loads(answer.body) == {"error": error}
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["connection"] == "close"
    assert answer.headers["cache-control"] == "no-store"
    assert parsedate_to_datetime(answer.headers["date"]).tzinfo is not None
    assert peer.ended
    assert place.requests == []
    (line,) = place.lines()
    assert line.startswith(f"as     warning {status} to 127.0.0.1:50001: ")


# A request, as the handler is given it


def test_request(place: Bench) -> None:
    """Method, path, query, fields and body arrive as they were sent."""
    ask(
        place,
        b"PUT /a/b?c=d&c=%20 HTTP/1.1\r\n" + HOST + b"X-A:  1 \r\nX-a: 2\r\n"
        b"Content-Length: 3\r\n\r\n\x00\xff\n",
    )
    (request,) = place.requests
    assert request.method == "PUT"
    assert (request.path, request.query) == ("/a/b", "c=d&c=%20")
    assert request.headers["host"] == ("localhost",)
    assert request.headers["x-a"] == ("1", "2")
    assert request.header("x-a") == "1"
    assert request.header("x-b") is None
    assert request.body == b"\x00\xff\n"
    assert request.connection.client_address == "127.0.0.1:50001"


def test_repeated_authorization_is_seen(place: Bench) -> None:
    """RFC 6750 section 2: nothing is dropped that must be seen to be refused."""
    fields = b"Authorization: Bearer a\r\nAUTHORIZATION: Bearer b\r\n"
    ask(place, b"GET / HTTP/1.1\r\n" + HOST + fields + b"\r\n")
    assert place.requests[0].headers["authorization"] == ("Bearer a", "Bearer b")


def test_certificate_in_a_field(place: Bench) -> None:
    """RFC 8705 section 2: a certificate in a field is a field, and no certificate."""
    field = b"Client-Cert: :MIIB:\r\nX-SSL-Client-Cert: MIIB\r\n"
    ask(place, b"GET / HTTP/1.1\r\n" + HOST + field + b"\r\n")
    assert place.requests[0].peer is None


def test_large_field(place: Bench) -> None:
    """RFC 9440 section 3.2: a field of more than 4 KiB is read."""
    field = b"Client-Cert-Chain: " + b"x" * 8000 + b"\r\n"
    ask(place, b"GET / HTTP/1.1\r\n" + HOST + field + b"\r\n")
    assert len(place.requests[0].headers["client-cert-chain"][0]) == 8000


@pytest.mark.parametrize(
    ("target", "path", "query"),
    [
        ("/", "/", ""),
        ("/?", "/", ""),
        ("/a?b?c", "/a", "b?c"),
        ("//a/b", "//a/b", ""),
        ("/a/../b", "/a/../b", ""),
        ("/%61", "/%61", ""),
        ("/a#b", "/a#b", ""),
        ("*", "*", ""),
        ("localhost:443", "localhost:443", ""),
        ("https://localhost:9444/a?b", "/a", "b"),
        ("HTTP://localhost/a", "/a", ""),
        ("https://localhost", "/", ""),
        ("https://localhost?a=/token", "/", "a=/token"),
        ("https://localhost/a?u=http://b/c", "/a", "u=http://b/c"),
        ("/a?u=http://b/c", "/a", "u=http://b/c"),
        ("ftp://localhost/a", "ftp://localhost/a", ""),
    ],
)
def test_target(place: Bench, target: str, path: str, query: str) -> None:
    """RFC 9112 section 3.2: origin-form and absolute-form; nothing is decoded."""
    ask(place, b"GET " + target.encode() + b" HTTP/1.1\r\n" + HOST + b"\r\n")
    assert (place.requests[0].path, place.requests[0].query) == (path, query)


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("/", "localhost"),
        ("https://evil.example:1/a", "evil.example:1"),
        ("https://evil.example?x=@localhost", "evil.example"),
        ("http://evil.example/a", "evil.example:80"),
        ("http://[::1]/a", "[::1]:80"),
        ("HTTPS://[::1]:9444", "[::1]:9444"),
    ],
)
def test_host_of_a_target(place: Bench, target: str, host: str) -> None:
    """RFC 9112 section 3.2.2: what the target says counts, and not the Host field."""
    ask(place, b"GET " + target.encode() + b" HTTP/1.1\r\n" + HOST + b"\r\n")
    assert place.requests[0].headers["host"] == (host,)


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\n",
        b"GET https://localhost/ HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nhost: evil.example\r\n",
        b"GET / HTTP/1.0\r\nHost: localhost\r\nHost: localhost\r\n",
        b"GET / HTTP/1.1\r\nHost: a b\r\n",
        b"GET / HTTP/1.1\r\nHost: user@localhost\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost/x\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost:x\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost:999999\r\n",
        b"GET / HTTP/1.1\r\nHost: https://localhost\r\n",
        b"GET / HTTP/1.1\r\nHost: \xff\r\n",
        b"GET https://user@localhost/ HTTP/1.1\r\nHost: localhost\r\n",
    ],
)
def test_host_that_is_none(place: Bench, request_: bytes) -> None:
    """RFC 9112 section 3.2: exactly one Host, and one that can be a host."""
    refused(place, request_ + b"\r\n", 400, "invalid_request")


def test_chunked(place: Bench) -> None:
    """RFC 9112 section 7.1: a body in chunks."""
    body = b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\n\r\n"
    ask(place, b"POST / HTTP/1.1\r\n" + HOST + body)
    assert place.requests[0].body == b"abc"


def test_largest_body(place: Bench) -> None:
    """A body as large as is read."""
    head = f"Content-Length: {LARGEST_BODY}\r\n\r\n".encode()
    peer = place.dial()
    peer.send(b"POST / HTTP/1.1\r\n" + HOST + head + b"x" * LARGEST_BODY)
    assert len(place.requests[0].body) == LARGEST_BODY
    assert peer.answers[0].status == 200


def test_expect(place: Bench) -> None:
    """RFC 9110 section 10.1.1: who waits for 100 gets it, and then sends."""
    peer = place.dial()
    fields = b"Content-Length: 1\r\nExpect: 100-continue\r\n\r\n"
    peer.send(b"POST / HTTP/1.1\r\n" + HOST + fields)
    assert [answer.status for answer in peer.answers] == [100]
    peer.send(b"x")
    assert [answer.status for answer in peer.answers] == [100, 200]


def test_http_1_0(place: Bench) -> None:
    """RFC 9112 section 9.3: HTTP/1.0 is answered, and the connection not kept."""
    peer = place.dial()
    peer.send(b"GET / HTTP/1.0\r\n\r\n")
    assert peer.answers[0].status == 200
    assert peer.ended


def test_kept_connection(place: Bench) -> None:
    """RFC 9112 section 9.3: one request after the other."""
    peer = place.dial()
    for number in range(3):
        peer.send(f"GET /{number} HTTP/1.1\r\n".encode() + HOST + b"\r\n")
    assert [answer.status for answer in peer.answers] == [200] * 3
    assert [request.path for request in place.requests] == ["/0", "/1", "/2"]
    assert not peer.ended


def test_connection_close(place: Bench) -> None:
    """RFC 9112 section 9.6: who asks for the end gets it after the answer."""
    peer = place.dial()
    peer.send(b"GET / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert peer.answers[0].headers["connection"] == "close"
    assert peer.ended


def test_pipelining(place: Bench) -> None:
    """RFC 9112 section 9.3.2: the answers come in the order of the requests."""
    waiting: list[Deferred[None]] = []

    async def answer(request: Request) -> Response:
        waiting.append(Deferred())
        await waiting[-1]
        return Response(200, (), request.path.encode())

    place.answer = answer
    peer = place.dial()
    one = b"GET /%d HTTP/1.1\r\n" + HOST + b"\r\n"
    peer.send(one % 1 + one % 2)
    assert len(waiting) == 1
    waiting[0].callback(None)
    place.network.flush()
    waiting[1].callback(None)
    place.network.flush()
    assert [answer.body for answer in peer.answers] == [b"/1", b"/2"]


# An answer


def test_answer(place: Bench) -> None:
    """RFC 9110 section 6.6.1: what the handler said, and Date and Content-Length."""

    async def answer(request: Request) -> Response:
        return json_response(201, {"a": "\u00e9"}, (("X-A", "1"), ("X-A", "2")))

    place.answer = answer
    peer = place.dial()
    peer.send(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    (got,) = peer.answers
    assert (got.status, got.body) == (201, '{"a":"\u00e9"}'.encode())
    assert got.headers["content-type"] == "application/json"
    assert got.headers["content-length"] == "10"
    assert parsedate_to_datetime(got.headers["date"]).tzinfo is not None
    assert peer.received.count(b"X-A: ") == 2
    assert b"server" not in peer.received.lower()


@pytest.mark.parametrize(
    ("host", "sent"), [(b"bank.test:9443", 1), (b"localhost", 0), (b"127.0.0.1", 0)]
)
def test_strict_transport_security(place: Bench, host: bytes, sent: int) -> None:
    """FAPI 2.0 section 5.2.3: whoever came by a real host name is told; once."""
    peer = place.dial()
    peer.send(b"GET / HTTP/1.1\r\nHost: " + host + b"\r\n\r\n")
    assert peer.received.count(b"Strict-Transport-Security: max-age=") == sent


@pytest.mark.parametrize(("host", "sent"), [(b"bank.test:9443", 1), (b"localhost", 0)])
def test_strict_transport_security_in_absolute_form(
    place: Bench, host: bytes, sent: int
) -> None:
    """RFC 9112 section 3.2.2: the target has the name, whatever the Host field says."""
    other = b"localhost" if sent else b"bank.test"
    peer = place.dial()
    peer.send(b"GET https://" + host + b"/ HTTP/1.1\r\nHost: " + other + b"\r\n\r\n")
    assert peer.received.count(b"Strict-Transport-Security: max-age=") == sent


def test_head(place: Bench) -> None:
    """RFC 9110 section 9.3.2: the fields of a GET's answer, and no body."""

    async def answer(request: Request) -> Response:
        return Response(200, (), b"12345")

    place.answer = Routes([Route("GET", "/", answer)]).answer
    peer = place.dial()
    peer.send(b"HEAD / HTTP/1.1\r\n" + HOST + b"\r\n")
    assert b"Content-Length: 5\r\n" in peer.received
    assert peer.received.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("status", [204, 304])
def test_no_body(place: Bench, status: int) -> None:
    """RFC 9110 section 8.6: where there cannot be a body, there is no length."""

    async def answer(request: Request) -> Response:
        return Response(status)

    place.answer = answer
    (got,) = ask(place, b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    assert got.status == status
    assert "content-length" not in got.headers


def test_line_end_in_a_field_of_the_answer(place: Bench) -> None:
    """RFC 9110 section 5.5: no handler splits an answer in two."""

    async def answer(request: Request) -> Response:
        return Response(200, (("X-A", "1\r\nX-B: 2"),))

    place.answer = answer
    (got,) = ask(place, b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    assert "x-b" not in got.headers


NO_COFFEE = Check("pot.coffee", "it is a coffee pot", "RFC 2324 section 2.3.2")


class Teapot(Refusal):
    """A refusal of the tests."""

    def response(self) -> Response:
        """418."""
        return json_response(418, {"error": "teapot"})


def test_refusal(place: Bench) -> None:
    """What the peer is told is the response of a refusal; its detail is the log's."""

    async def answer(request: Request) -> Response:
        raise Teapot("no coffee here", NO_COFFEE)

    place.answer = answer
    (got,) = ask(place, b"BREW / HTTP/1.1\r\n" + HOST + b"\r\n")
    assert (got.status, got.body) == (418, b'{"error":"teapot"}')
    (line,) = place.lines()
    assert line == (
        "as     warning BREW / 418 0.0ms refused: no coffee here"
        ' check=pot.coffee rule="RFC 2324 section 2.3.2"'
    )


def test_fault(place: Bench) -> None:
    """A fault of ours is a fixed 500 for the peer and a trace for the operator."""

    async def answer(request: Request) -> Response:
        request.journal.about(client_id="tpp")
        raise ZeroDivisionError("secret of ours")

    place.answer = answer
    peer = place.dial()
    peer.send(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    (got,) = peer.answers
    assert (got.status, got.body) == (500, b'{"error":"server_error"}')
    first, *trace, last = place.lines()
    assert first == "as     error   GET /: secret of ours client_id=tpp"
    assert any("test_server.py" in line for line in trace)
    assert last == "as     info    GET / 500 0.0ms client_id=tpp"
    assert not peer.ended


def test_fault_of_a_refusal(place: Bench) -> None:
    """A refusal that cannot say what it answers is a fault too."""

    async def answer(request: Request) -> Response:
        raise Refusal("unfinished")

    place.answer = answer
    (got,) = ask(place, b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    assert (got.status, got.body) == (500, b'{"error":"server_error"}')


def test_seconds_in_the_log(place: Bench) -> None:
    """The log tells how long an answer took."""
    waiting: Deferred[None] = Deferred()

    async def answer(request: Request) -> Response:
        await waiting
        return Response(200)

    place.answer = answer
    peer = place.dial()
    peer.send(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    place.network.reactor.advance(0.25)
    waiting.callback(None)
    assert place.lines() == ["as     info    GET / 200 250.0ms"]


# A peer that goes


def test_handler_is_cancelled(place: Bench) -> None:
    """When the peer goes, nothing more is worked out for it."""
    waiting: Deferred[None] = Deferred()
    ends: list[BaseException] = []

    async def answer(request: Request) -> Response:
        try:
            await waiting
        except CancelledError as error:
            ends.append(error)
            raise
        raise AssertionError

    place.answer = answer
    peer = place.dial()
    peer.send(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    peer.hang_up()
    assert len(ends) == 1
    assert place.lines() == []
    assert place.network.reactor.getDelayedCalls() == []


@pytest.mark.parametrize(
    "waiting",
    [Deferred, lambda: Deferred(lambda it: it.callback(None))],
    ids=["cancelled", "ended"],
)
def test_handler_that_goes_on(
    place: Bench, waiting: Callable[[], Deferred[None]]
) -> None:
    """A handler that answers although it was cancelled answers nobody."""

    async def answer(request: Request) -> Response:
        with suppress(CancelledError):
            await waiting()
        raise Teapot("too late")

    place.answer = answer
    peer = place.dial()
    peer.send(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    peer.hang_up()
    assert place.lines() == []
    assert peer.received == b""


def test_peer_that_goes_after_its_answer(place: Bench) -> None:
    """The end of a connection whose requests are answered is not worth a line."""
    peer = place.dial()
    peer.send(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    assert len(place.lines()) == 1
    peer.hang_up()
    assert len(place.lines()) == 1
    assert place.network.reactor.getDelayedCalls() == []


# What is no request


@pytest.mark.parametrize(
    "line",
    [
        b"GET",
        b"GET /",
        b"GET  / HTTP/1.1",
        b"GET / HTTP/1.1 ",
        b"G(T / HTTP/1.1",
        b"GET /a b HTTP/1.1",
        b"GET /\x01 HTTP/1.1",
        b"GET / HTTP/0.9",
        b"GET / HTTP/2.0",
        b"GET / http/1.1",
        b"GET / ICY/1.1",
        b"PRI * HTTP/2.0",
        b"\x16\x03\x01\x00\x05",
    ],
)
def test_malformed_request_line(place: Bench, line: bytes) -> None:
    """RFC 9112 section 3: a line that is no request line is answered 400, in JSON."""
    refused(place, line + b"\r\n" + HOST + b"\r\n", 400, "invalid_request")


@pytest.mark.parametrize(
    "fields",
    [
        b"no colon\r\n",
        b"a b: c\r\n",
        b"a : c\r\n",
        b": c\r\n",
        b"a: \x00\r\n",
        b"a: b\rc\r\n",
        b"no colon\r\nX-A: 1\r\n",
        b"Content-Length: x\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: +1\r\n",
        b"Content-Length: 1\r\nContent-Length: 2\r\n",
        b"Content-Length: 1\r\nContent-Length: 1\r\n",
        b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"Transfer-Encoding: gzip, chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked, chunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding: identity\r\n",
        b"Transfer-Encoding: identity\r\nContent-Length: 1\r\n",
        b"Content-Length: 1\r\nTransfer-Encoding: identity\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 1\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
        b"Transfer-Encoding:\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding:\r\n",
        b"Transfer-Encoding: chunked;x=y\r\n",
        b"Transfer-Encoding: chunked,\r\n",
        b"Transfer-Encoding: ,chunked\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Transfer-Encoding: \x0bchunked\r\n",
        b"Transfer-Encoding: x\r\n chunked\r\n",
        b'Transfer-Encoding: "chunked"\r\n',
    ],
)
def test_malformed_fields(place: Bench, fields: bytes) -> None:
    """RFC 9112 section 6.3: whoever could mean two requests is not heard at all."""
    data = b"POST / HTTP/1.1\r\n" + HOST + fields + b"\r\nx"
    refused(place, data, 400, "invalid_request")


@pytest.mark.parametrize("coding", [b"chunked", b"identity", b"gzip"])
def test_coding_in_http_1_0(place: Bench, coding: bytes) -> None:
    """RFC 9112 section 6.1: HTTP/1.0 knows no Transfer-Encoding."""
    data = b"POST / HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: " + coding
    refused(place, data + b"\r\n\r\n0\r\n\r\n", 400, "invalid_request")


@pytest.mark.parametrize("coding", [b"chunked", b"Chunked", b"CHUNKED", b"\t chunked "])
def test_spelling_of_chunked(place: Bench, coding: bytes) -> None:
    """RFC 9112 section 7: the name of a coding is case-insensitive."""
    head = b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: " + coding
    ask(place, head + b"\r\n\r\n1\r\na\r\n0\r\n\r\n")
    assert place.requests[0].body == b"a"


def test_second_request_in_a_body_without_an_end(place: Bench) -> None:
    """RFC 9112 section 11.2: what might be a body is never read as a request."""
    peer = place.dial()
    hidden = b"GET /hidden HTTP/1.1\r\n" + HOST + b"\r\n"
    fields = b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n"
    peer.send(b"POST / HTTP/1.1\r\n" + HOST + fields + b"0\r\n\r\n" + hidden)
    assert [answer.status for answer in peer.answers] == [400]
    assert peer.ended
    assert place.requests == []


@pytest.mark.parametrize("chunk", [b"zz\r\n", b"-1\r\n", b"1\r\nab\r\n", b"\r\n\r\n"])
def test_malformed_chunk(place: Bench, chunk: bytes) -> None:
    """RFC 9112 section 7.1: nor whoever sends what are no chunks."""
    head = b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    refused(place, head + chunk, 400, "invalid_request")


@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET https://localhost/ HTTP/1.1\r\n\r\n",
    ],
    ids=["none", "two", "two in HTTP/1.0", "none in absolute-form"],
)
def test_host(place: Bench, request_: bytes) -> None:
    """RFC 9112 section 3.2: HTTP/1.1 without Host, and two of them, are 400."""
    refused(place, request_, 400, "invalid_request")


def test_long_target(place: Bench) -> None:
    """RFC 9112 section 3: a request line longer than is read is 414."""
    target = b"/" + b"x" * LARGEST_HEADERS
    refused(place, b"GET " + target + b" HTTP/1.1\r\n", 414, "uri_too_long")


@pytest.mark.parametrize(
    "fields",
    [
        b"X-A: " + b"x" * LARGEST_HEADERS + b"\r\n",
        b"X-A: " + b"x" * (LARGEST_HEADERS + 9),
        (b"X-A: " + b"x" * 500 + b"\r\n") * (LARGEST_HEADERS // 500 + 1),
        b"a: b\r\n" * 101,
    ],
    ids=["one long", "one without an end", "long together", "many"],
)
def test_large_headers(place: Bench, fields: bytes) -> None:
    """RFC 6585 section 5: fields that are too long, or too many, are 431."""
    data = b"GET / HTTP/1.1\r\n" + HOST + fields + b"\r\n"
    refused(place, data, 431, "header_fields_too_large")


def test_limits_are_per_request(place: Bench) -> None:
    """A kept connection may send many fields, if in many requests."""
    peer = place.dial()
    one = b"GET / HTTP/1.1\r\n" + HOST + b"X-A: " + b"x" * 9000 + b"\r\n\r\n"
    for _ in range(3):
        peer.send(one)
    assert [answer.status for answer in peer.answers] == [200] * 3


def test_announced_body_too_large(place: Bench) -> None:
    """RFC 9110 section 15.5.14: 413 as soon as it is announced, and no 100."""
    length = f"Content-Length: {LARGEST_BODY + 1}\r\n".encode()
    data = b"POST / HTTP/1.1\r\n" + HOST + length + b"Expect: 100-continue\r\n\r\n"
    refused(place, data, 413, "content_too_large")


def test_chunks_too_large(place: Bench) -> None:
    """RFC 9110 section 15.5.14: 413, even where the end of the body came with it."""
    chunk = b"%x\r\n" % 1024 + b"x" * 1024 + b"\r\n"
    data = b"POST / HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
    body = chunk * (LARGEST_BODY // 1024) + b"1\r\nx\r\n" * 2 + b"0\r\n\r\n"
    refused(place, data + body, 413, "content_too_large")


def test_nothing_is_heard_after_a_refusal(place: Bench) -> None:
    """A request behind one that was refused is not served."""
    peer = place.dial()
    peer.deaf = True
    peer.send(b"GET\r\n\r\n")
    peer.send(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    assert place.requests == []
    assert len(place.lines()) == 1


def test_refusal_behind_an_answer(place: Bench) -> None:
    """What was asked before is answered before."""
    peer = place.dial()
    peer.send(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n" + b"GET\r\n\r\n")
    assert [answer.status for answer in peer.answers] == [200, 400]


def test_no_bytes_of_the_peer_in_the_log(place: Bench) -> None:
    """A path that would write a line of its own into the log is escaped."""
    ask(place, b"GET /\xa0\x85 HTTP/1.1\r\n" + HOST + b"\r\n")
    (line,) = place.lines()
    assert line == r"as     info    GET /\xa0\x85 200 0.0ms"


def test_port_of_the_peer(place: Bench) -> None:
    """Each connection is that of one peer."""
    for _ in range(2):
        place.dial(MUTUAL_TLS).send(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    addresses = [request.connection.client_address for request in place.requests]
    assert addresses == ["127.0.0.1:50001", "127.0.0.1:50002"]


def test_same_certificate_is_the_same_peer(
    place: Bench, self_signed: Credential, other_client: Credential
) -> None:
    """What was worked out from its octets is not worked out again; no one else's is."""
    for credential in (self_signed, other_client, self_signed):
        peer = place.dial(MUTUAL_TLS, outsider_context(credential))
        peer.send(b"GET / HTTP/1.1\r\n" + HOST + b"\r\n")
    first, other, again = (request.peer for request in place.requests)
    assert first is not None
    assert first is again
    assert first is not other
    assert first.der == self_signed.leaf_der
