"""One line in the log for each request, and never a secret in it."""

import io

import pytest

from pki.http.checks import Check
from pki.http.messages import Refusal, Request, Response
from pki.observability.operator_log import OperatorLog
from pki.observability.witness import Witness
from pki.pem import Credential
from pki.thumbprint import x5t_s256
from tests.in_memory.listeners import Bench
from tests.in_memory.raw_tls import outsider_context

TOKEN = "eyJhbGciOi.the-token.signature"


def test_line_of_a_request(place: Bench, client_credential: Credential) -> None:
    """The thumbprint of the peer and what the handler found out."""

    async def answer(request: Request) -> Response:
        request.journal.about(client_id="tpp", jti="1")
        return Response(200)

    place.answer = answer
    peer = place.dial(context=outsider_context(client_credential))
    peer.send(b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
    thumbprint = x5t_s256(client_credential.leaf_der)
    assert place.lines() == [
        f"as     info    GET /x 200 0.0ms peer={thumbprint} client_id=tpp jti=1"
    ]


class Refused(Refusal):
    """A refusal of the tests."""

    def response(self) -> Response:
        """401."""
        return Response(401)


def test_line_of_a_refusal(place: Bench) -> None:
    """After the detail: its check, the rule, what was compared, and none forged."""
    check = Check("binding.same-certificate", "the same", "RFC 8705 section 3")

    async def answer(request: Request) -> Response:
        request.journal.about(client_id="tpp")
        raise Refused(
            "another certificate",
            check,
            expected="abc",
            presented='d" peer="trusted',
        )

    place.answer = answer
    place.dial().send(b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
    (line,) = place.lines()
    assert line == (
        "as     warning GET /x 401 0.0ms refused: another certificate client_id=tpp"
        ' check=binding.same-certificate rule="RFC 8705 section 3"'
        r' expected=abc presented="d\" peer=\"trusted"'
    )


def test_line_of_a_refusal_that_compared_nothing(place: Bench) -> None:
    """What a refusal does not know is not in its line."""

    async def answer(request: Request) -> Response:
        raise Refused("no")

    place.answer = answer
    place.dial().send(b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert place.lines() == ["as     warning GET /x 401 0.0ms refused: no"]


@pytest.mark.parametrize(
    ("taken", "shown"), [({}, '"an id"'), ({"interaction": "made"}, "made")]
)
def test_interaction(place: Bench, taken: dict[str, str], shown: str) -> None:
    """FAPI 1.0 part 1 section 6.2.1: the parts of an interaction are to be found."""

    async def answer(request: Request) -> Response:
        request.journal.about(**taken)
        if request.path == "/fault":
            raise ZeroDivisionError("z")
        return Response(200)

    place.answer = answer
    field = b"Host: localhost\r\nX-FAPI-Interaction-ID: an id\r\n\r\n"
    place.dial().send(b"GET / HTTP/1.1\r\n" + field)
    place.dial().send(b"GET /fault HTTP/1.1\r\n" + field)
    first, fault, *_trace, _ = place.lines()
    assert first == f"as     info    GET / 200 0.0ms interaction={shown}"
    assert fault == f"as     error   GET /fault: z interaction={shown}"


def test_no_secret_in_the_log(place: Bench) -> None:
    """Neither the query, nor a field, nor a body, nor an answer is logged."""

    async def answer(request: Request) -> Response:
        return Response(200, (("Set-Cookie", TOKEN),), TOKEN.encode())

    place.answer = answer
    body = f"token={TOKEN}".encode()
    peer = place.dial()
    peer.send(
        f"POST /introspect?access_token={TOKEN} HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    assert len(place.requests) == 1
    assert place.lines() == ["as     info    POST /introspect 200 0.0ms"]
    assert TOKEN not in place.log.getvalue()


def test_facts_of_a_peer_are_escaped(place: Bench) -> None:
    """A client_id with a line end in it stays one fact of one line."""

    async def answer(request: Request) -> Response:
        request.journal.about(client_id="x\n12:00:00.000 as     info    all is well")
        return Response(200)

    place.answer = answer
    place.dial().send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    (line,) = place.lines()
    assert line.endswith(r'client_id="x\n12:00:00.000 as     info    all is well"')


def test_numbers() -> None:
    """The connections of a process are counted from one, in each witness anew."""
    witness = Witness(OperatorLog("as", io.StringIO()))
    assert [witness.next_connection() for _ in range(3)] == [1, 2, 3]
    assert Witness(witness.log).next_connection() == 1


def test_without_a_recording_nothing_is_kept() -> None:
    """The client's side says nothing where there is no recording."""
    stream = io.StringIO()
    witness = Witness(OperatorLog("as", stream))
    said = witness.asked("GET", "https://localhost/", (), b"")
    witness.heard(said, 200, (), b"")
    witness.unanswered(said, "gone")
    assert said == {}
    assert stream.getvalue() == ""
