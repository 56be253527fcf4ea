"""No octets are read as other requests than they are, however they arrive."""

import pytest

from pki.http.messages import Connection, Request, Response
from pki.mtls.http1.refusals import Unreadable
from pki.mtls.http1.request_reader import RequestReader
from pki.mtls.http1.requests import request_of
from tests.in_memory.listeners import Bench
from tests.pki.mtls.http1.corpus import CASES, KINDS, Case

NOBODY = Connection(
    1, "127.0.0.1:50001", "TLSv1.3", certificate_requested=True, peer=None
)


def read(octets: list[bytes]) -> tuple[list[Request], int | None]:
    """The requests in what comes in these pieces, and the refusal behind them."""
    reader, found = RequestReader(), []
    try:
        for piece in octets:
            whole = reader.read(piece)
            while whole is not None:
                found.append(request_of(whole, NOBODY))
                if not whole.keeps:
                    return found, None
                whole = reader.read()
    except Unreadable as refusal:
        return found, refusal.response.status
    return found, None


def target(request: Request) -> str:
    """Path and query, as they came."""
    return f"{request.path}?{request.query}" if request.query else request.path


@pytest.fixture(params=KINDS)
def cases(request: pytest.FixtureRequest) -> dict[str, Case]:
    """Those of one kind, by name: what differs is told by its name."""
    found = {case.name: case for case in KINDS[request.param]}
    assert len(found) == len(KINDS[request.param])
    return found


def expected(cases: dict[str, Case]) -> dict[str, object]:
    """What the corpus says of them."""
    return {name: (case.targets, case.refusal) for name, case in cases.items()}


def test_verdict(cases: dict[str, Case]) -> None:
    """RFC 9112 section 11: what is no request is refused, and nothing hides in one."""
    got = {}
    for name, case in cases.items():
        found, refusal = read([case.octets])
        got[name] = list(map(target, found)), refusal
    assert got == expected(cases)


@pytest.mark.parametrize("size", [1, 7])
def test_verdict_in_pieces(cases: dict[str, Case], size: int) -> None:
    """Where TCP and TLS cut says nothing: the very same requests, the same refusal."""
    whole, cut = {}, {}
    for name, case in cases.items():
        cuts = range(0, len(case.octets), size)
        whole[name] = told(*read([case.octets]))
        cut[name] = told(*read([case.octets[at : at + size] for at in cuts]))
    assert cut == whole


def told(found: list[Request], refusal: int | None) -> object:
    """All that came of it."""
    return refusal, [
        (each.method, target(each), dict(each.headers), each.body) for each in found
    ]


def test_verdict_over_tls(place: Bench, cases: dict[str, Case]) -> None:
    """The peer is told so, and the connection ends."""

    async def answer(request: Request) -> Response:
        return Response(200)

    place.answer = answer
    got = {}
    for name, case in cases.items():
        place.requests.clear()
        peer = place.dial()
        peer.send(case.octets)
        targets = list(map(target, place.requests))
        statuses = [each.status for each in peer.answers]
        assert statuses[: len(targets)] == [200] * len(targets), name
        refusal = next(iter(statuses[len(targets) :]), None)
        assert peer.ended or refusal is None, name
        peer.hang_up()
        got[name] = targets, refusal
    assert got == expected(cases)


def test_no_trailer_is_a_header() -> None:
    """RFC 9110 section 6.5.1: what comes behind a body changes nothing before it."""
    found, _ = read([CASES["chunk: Host as a trailer"].octets])
    assert found[0].headers["host"] == ("localhost",)
    found, _ = read([CASES["chunk: a trailer"].octets])
    assert set(found[0].headers) == {"host", "transfer-encoding"}


def test_bodies() -> None:
    """What frames a body is no part of it."""
    bodies = {
        "chunk: a quoted one": b"abc",
        "chunk: line ends inside": b"0\r\n\r\n\n",
        "chunk: two": b"abc",
        "length: of a GET": b"abc",
        "length: a length with zeros": b"abc",
    }
    for name, body in bodies.items():
        found, _ = read([CASES[name].octets])
        assert found[0].body == body
