"""
Peers that drip, wait, or do not read, under a clock that moves when told to.

Twisted's own timer restarts with each octet, so it would never end one that drips.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from OpenSSL import SSL
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure

from pki.http.messages import Request, Response
from pki.mtls.contexts import ServerContext
from pki.mtls.limits import (
    CLOSE_DEADLINE,
    IDLE_DEADLINE,
    LARGEST_AHEAD,
    LARGEST_UNHEARD,
    LARGEST_UNTAKEN,
    REQUEST_DEADLINE,
)
from pki.mtls.server import Listener
from pki.pem import Credential
from tests.in_memory.listeners import MUTUAL_TLS, Bench, PlainPeer, peer_of
from tests.in_memory.raw_tls import RawPeer, outsider_context

GET = b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\n"


def is_open(peer: RawPeer | PlainPeer) -> bool:
    """Whether the server keeps the connection."""
    return not peer.ended


def wait(place: Bench, seconds: float) -> None:
    """Let time pass, and let everybody do what is due."""
    place.network.reactor.advance(seconds)
    place.network.flush()


def drip(place: Bench, send: Callable[[bytes], None], data: bytes, until: int) -> None:
    """Send an octet a second for *until* seconds."""
    assert len(data) >= until
    for number in range(until):
        send(data[number : number + 1])
        wait(place, 1)


def ended_with_408(place: Bench, peer: RawPeer) -> None:
    """RFC 9110 section 15.5.9, and nothing is left of it."""
    assert peer.answers[-1].status == 408
    assert json.loads(peer.answers[-1].body) == {"error": "request_timeout"}
    assert peer.ended
    assert place.network.reactor.getDelayedCalls() == []


def test_dripping_handshake(place: Bench) -> None:
    """A handshake that takes for ever is ended at the deadline."""
    peer = place.dial_plain()
    hello = SSL.Connection(outsider_context(), None)
    hello.set_connect_state()
    with pytest.raises(SSL.WantReadError):
        hello.do_handshake()
    drip(place, peer.send, hello.bio_read(4096), REQUEST_DEADLINE - 1)
    assert is_open(peer)
    wait(place, 1)
    assert peer.ended
    assert place.network.reactor.getDelayedCalls() == []
    (line,) = place.lines()
    assert line.endswith("127.0.0.1:50001 failed: not completed in 20 seconds")


def test_silent_peer(place: Bench) -> None:
    """So is one that never begins."""
    peer = place.dial_plain()
    wait(place, REQUEST_DEADLINE - 1)
    assert is_open(peer)
    wait(place, 1)
    assert peer.ended
    assert place.network.reactor.getDelayedCalls() == []


def test_dripping_headers(place: Bench) -> None:
    """Headers that take for ever are ended at the deadline, with 408."""
    peer = place.dial()
    drip(place, peer.send, GET, REQUEST_DEADLINE - 1)
    assert peer.answers == []
    wait(place, 1)
    ended_with_408(place, peer)
    assert place.requests == []
    assert "warning 408 to 127.0.0.1:50001: no whole request" in place.lines()[0]


@pytest.mark.parametrize(
    "head",
    [b"Content-Length: 100\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n64\r\n"],
    ids=["length", "chunked"],
)
def test_dripping_body(place: Bench, head: bytes) -> None:
    """A body that takes for ever is ended at the deadline, with 408."""
    peer = place.dial()
    peer.send(POST + head)
    drip(place, peer.send, b"x" * 100, REQUEST_DEADLINE - 1)
    assert peer.answers == []
    wait(place, 1)
    ended_with_408(place, peer)
    assert place.requests == []


def test_handshake_and_request_share_a_deadline(place: Bench) -> None:
    """Each part in time, and together not: the deadline is for both."""
    peer = place.dial()
    wait(place, REQUEST_DEADLINE - 1)
    peer.send(GET[:-1])
    wait(place, 1)
    ended_with_408(place, peer)


def test_request_in_time(place: Bench) -> None:
    """The last octet just in time is answered."""
    peer = place.dial()
    wait(place, REQUEST_DEADLINE - 0.001)
    peer.send(GET)
    assert peer.answers[0].status == 200


def test_idle_connection(place: Bench) -> None:
    """A kept connection may wait longer than a request may take, and then it ends."""
    peer = place.dial()
    peer.send(GET)
    wait(place, IDLE_DEADLINE - 1)
    assert is_open(peer)
    wait(place, 1)
    assert peer.ended
    assert [answer.status for answer in peer.answers] == [200]
    assert place.network.reactor.getDelayedCalls() == []
    closed = "connection of 127.0.0.1:50001 closed: no request in 60 seconds"
    assert place.lines()[1:] == [f"as     info    {closed}"]


def test_second_request_has_its_own_deadline(place: Bench) -> None:
    """It counts from its first octet, not from the connection or the answer before."""
    peer = place.dial()
    peer.send(GET)
    wait(place, IDLE_DEADLINE - 1)
    drip(place, peer.send, GET, REQUEST_DEADLINE - 1)
    assert is_open(peer)
    peer.send(GET[REQUEST_DEADLINE - 1 :])
    assert [answer.status for answer in peer.answers] == [200, 200]


def test_second_request_is_ended_too(place: Bench) -> None:
    """A kept connection is no way to drip."""
    peer = place.dial()
    peer.send(GET)
    wait(place, 10)
    drip(place, peer.send, GET, REQUEST_DEADLINE)
    ended_with_408(place, peer)
    assert [answer.status for answer in peer.answers] == [200, 408]


def test_idle_deadline_starts_again(place: Bench) -> None:
    """Each answer begins a wait of its own."""
    peer = place.dial()
    for _ in range(3):
        peer.send(GET)
        wait(place, IDLE_DEADLINE - 1)
    assert is_open(peer)
    wait(place, 1)
    assert peer.ended


def test_pipelined_request_that_drips(place: Bench) -> None:
    """What came behind a request has the deadline of a request, not of a wait."""
    peer = place.dial()
    peer.send(GET + GET[:5])
    wait(place, REQUEST_DEADLINE - 1)
    assert is_open(peer)
    wait(place, 1)
    ended_with_408(place, peer)


def test_pipelined_request_with_a_slow_handler(place: Bench) -> None:
    """What came behind a request, and is whole, is no longer on the clock."""
    waiting: Deferred[None] = Deferred()

    async def answer(request: Request) -> Response:
        if len(place.requests) == 2:
            await waiting
        return Response(200)

    place.answer = answer
    peer = place.dial()
    peer.send(GET + GET)
    wait(place, IDLE_DEADLINE + REQUEST_DEADLINE)
    assert is_open(peer)
    waiting.callback(None)
    wait(place, IDLE_DEADLINE)
    assert [answer.status for answer in peer.answers] == [200, 200]
    assert peer.ended


def test_slow_handler(place: Bench) -> None:
    """The deadlines are the peer's: a handler may take longer."""
    waiting: Deferred[None] = Deferred()

    async def answer(request: Request) -> Response:
        await waiting
        return Response(200)

    place.answer = answer
    peer = place.dial()
    peer.send(GET)
    wait(place, IDLE_DEADLINE + REQUEST_DEADLINE)
    assert is_open(peer)
    waiting.callback(None)
    place.network.flush()
    assert peer.answers[0].status == 200


@pytest.mark.parametrize(
    ("request_", "after"),
    [
        (GET, IDLE_DEADLINE),
        (GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), 0),
        (GET.replace(b"1.1", b"1.0"), 0),
        (b"GET\r\n\r\n", 0),
        (GET[:-1], REQUEST_DEADLINE),
        (POST + b"Content-Length: 99999\r\n\r\n", 0),
    ],
    ids=["kept", "close", "HTTP/1.0", "refused", "too slow", "too large"],
)
def test_peer_that_never_reads(place: Bench, request_: bytes, after: float) -> None:
    """Who takes no answer, and does not agree to the end, is ended all the same."""
    peer = place.dial()
    peer.deaf = True
    peer.send(request_)
    wait(place, after)
    assert len(place.network.reactor.getDelayedCalls()) == 1
    wait(place, CLOSE_DEADLINE - 1)
    assert is_open(peer)
    wait(place, 1)
    assert peer.ended
    assert place.network.reactor.getDelayedCalls() == []


def test_peer_that_sends_on_after_a_refusal(place: Bench) -> None:
    """Octets after a refusal move no deadline."""
    peer = place.dial()
    peer.deaf = True
    peer.send(b"GET\r\n\r\n")
    drip(place, peer.send, b"x" * 100, CLOSE_DEADLINE)
    assert peer.ended
    assert place.network.reactor.getDelayedCalls() == []


class _Wire(StringTransport):
    """
    A transport that tells whether it is read; the memory network's does not.

    As TCP does, it asks for a pause once more is written than the peer takes.
    """

    def setTcpNoDelay(self, *_enabled: bool) -> None:
        """Called by TLS, and of no importance here."""

    def write(self, data: bytes) -> None:
        """It waits for the peer to read."""
        super().write(data)  # type: ignore[no-untyped-call] # Twisted's
        written: int = self.io.tell()
        if self.producer is not None and written > _FULL:
            self.producer.pauseProducing()


_FULL = 65536  # octets


class _Watched:
    """A connection to a server, of which one sees whether it is read."""

    def __init__(self, place: Bench, credential: Credential) -> None:
        self.wire: Any = _Wire()  # type: ignore[no-untyped-call] # Twisted's
        self.clock = place.network.reactor
        context = ServerContext(credential, request_certificate=False)
        listener = Listener(
            self.clock, place.witness, place._answer, request_certificate=False
        )
        tls_listener = TLSMemoryBIOFactory(
            context, isClient=False, wrappedFactory=listener, clock=self.clock
        )
        here = IPv4Address("TCP", "127.0.0.1", 50_001)
        self.server = tls_listener.buildProtocol(here)
        self.server.makeConnection(self.wire)
        self.peer = SSL.Connection(outsider_context(), None)
        self.peer.set_connect_state()
        for _ in range(3):
            self.carry()

    @property
    def is_read(self) -> bool:
        """Whether the server takes what is sent."""
        return bool(self.wire.producerState == "producing")

    def take(self) -> int:
        """The peer reads what waits for it; so many octets of TLS."""
        came = self.wire.value()
        if came:
            self.peer.bio_write(came)
            self.wire.clear()
        return len(came)

    def send(self) -> None:
        """What the peer wrote arrives."""
        with suppress(SSL.WantReadError):
            self.server.dataReceived(self.peer.bio_read(1 << 20))

    def carry(self) -> None:
        """Both."""
        self.clock.advance(0)
        self.take()
        with suppress(SSL.WantReadError):
            self.peer.do_handshake()
        self.send()


@pytest.mark.bound("connection.unheard")
def test_peer_that_sends_without_end_is_not_read_without_end(
    place: Bench, server_credential: Credential
) -> None:
    """Behind a refusal a little is thrown away, then nothing more is taken."""
    watched = _Watched(place, server_credential)
    watched.peer.send(b"GET\r\n\r\n")
    watched.carry()
    sent = 0
    while watched.is_read:
        assert sent <= LARGEST_UNHEARD
        sent += watched.peer.send(b"x" * 16384)
        watched.carry()
    assert sent > LARGEST_UNHEARD
    assert not watched.wire.disconnected
    watched.clock.advance(CLOSE_DEADLINE)
    assert watched.wire.disconnected
    refused, unheard, cut_off = place.lines()
    assert "warning 400 to " in refused
    assert f" is not read any more: more than {LARGEST_UNHEARD} bytes" in unheard
    assert f" cut off: no agreement to its end in {CLOSE_DEADLINE} s" in cut_off


async def _much(_request: Request) -> Response:
    """More than goes out while a peer does not read."""
    return Response(200, body=b"x" * 2 * _FULL)


def test_peer_that_takes_no_answer_is_not_read_on(
    place: Bench, server_credential: Credential
) -> None:
    """Nothing more is read while an answer waits for the peer, and after it, all is."""
    place.answer = _much
    watched = _Watched(place, server_credential)
    for number in (1, 2):
        watched.peer.send(GET)
        watched.send()
        assert len(place.requests) == number
        assert not watched.is_read
        assert watched.take() > _FULL
        watched.wire.producer.resumeProducing()  # as TCP does when all is taken
        assert watched.is_read
    place.answer = peer_of
    watched.peer.send(GET)
    watched.send()
    assert len(place.requests) == 3
    assert watched.is_read


@pytest.mark.bound("connection.ahead")
def test_pipelined_requests_wait_for_a_slow_handler(
    place: Bench, server_credential: Credential
) -> None:
    """Behind a request that is not answered a little is kept, then nothing is read."""
    waiting: Deferred[None] = Deferred()

    async def slow(_request: Request) -> Response:
        await waiting
        return Response(200)

    place.answer = slow
    watched = _Watched(place, server_credential)
    watched.peer.send(GET)
    watched.send()
    sent = 0
    while watched.is_read:
        assert sent <= LARGEST_AHEAD
        sent += watched.peer.send(GET * 100)
        watched.send()
    assert sent > LARGEST_AHEAD
    assert len(place.requests) == 1
    waiting.callback(None)
    watched.clock.advance(0)
    assert len(place.requests) == 1 + sent // len(GET)
    assert watched.is_read


def test_nothing_is_begun_for_a_peer_that_takes_nothing(
    place: Bench, server_credential: Credential
) -> None:
    """Also what was on its way when we stopped reading; all of it is, when it reads."""
    watched = _Watched(place, server_credential)
    watched.wire.producer.pauseProducing()
    watched.peer.send(GET + GET[:5])
    watched.send()
    assert (place.requests, watched.is_read) == ([], False)
    watched.wire.producer.resumeProducing()
    assert watched.is_read
    watched.clock.advance(0)
    assert len(place.requests) == 1
    watched.peer.send(GET[5:])
    watched.send()
    assert len(place.requests) == 2


def test_pipelined_requests_wait_for_the_peer(
    place: Bench, server_credential: Credential
) -> None:
    """Of a peer that takes no answers one request is begun at a time, and each is."""
    place.answer = _much
    watched = _Watched(place, server_credential)
    watched.peer.send(GET * 100)
    watched.send()
    watched.clock.advance(0)
    for number in range(1, 101):
        assert len(place.requests) == number
        assert watched.take() < 3 * _FULL
        watched.wire.producer.resumeProducing()
        watched.clock.advance(0)
    assert len(place.requests) == 100
    assert watched.is_read


@pytest.mark.bound("connection.untaken")
def test_pipelined_small_answers_wait_for_the_peer(
    place: Bench, server_credential: Credential
) -> None:
    """Answers are small and many: no more of them are made than may wait."""

    async def little(_request: Request) -> Response:
        return Response(200, body=b"x" * 1000)

    place.answer = little
    watched = _Watched(place, server_credential)
    for _ in range(20):
        watched.peer.send(GET * 100)
        watched.send()
        watched.clock.advance(0)
    assert len(place.requests) < LARGEST_UNTAKEN / 1000
    assert not watched.is_read
    watched.clock.advance(IDLE_DEADLINE)
    closed = f" closed: no answers taken in {IDLE_DEADLINE} seconds"
    assert place.lines()[-1].endswith(closed)
    assert watched.take() < 3 * _FULL


def test_peer_that_is_slow_for_a_moment_goes_before_nobody(
    place: Bench, server_credential: Credential
) -> None:
    """When it reads on, its next request still waits for the reactor's next turn."""
    watched = _Watched(place, server_credential)
    watched.peer.send(GET * 3)
    watched.send()
    watched.wire.producer.pauseProducing()
    watched.wire.producer.resumeProducing()
    assert len(place.requests) == 1
    watched.clock.advance(0)
    assert len(place.requests) == 3
    assert watched.is_read


def test_peer_that_reads_at_last_can_agree_to_the_end(
    place: Bench, server_credential: Credential
) -> None:
    """It took nothing for a while, so nothing of it was read; now its word is."""
    place.answer = _much
    watched = _Watched(place, server_credential)
    watched.peer.send(GET)
    watched.send()
    assert not watched.is_read
    watched.clock.advance(IDLE_DEADLINE)
    assert (watched.is_read, watched.wire.disconnecting) == (True, False)
    watched.take()
    watched.peer.shutdown()
    watched.send()
    assert watched.wire.disconnecting
    assert " cut off: " not in place.log.getvalue()


def test_pipelined_requests_of_a_peer_that_reads(place: Bench) -> None:
    """All are answered, in their order."""
    peer = place.dial()
    for number in range(5):
        peer.send(b"".join(GET.replace(b"/x", b"/%d" % n) for n in range(100)))
        assert len(peer.answers) == 100 * (number + 1)
    paths = [request.path for request in place.requests]
    assert paths == [f"/{n}" for n in range(100)] * 5


def test_others_are_served_between_pipelined_requests(place: Bench) -> None:
    """A peer that sends a hundred requests at once does not go before everybody."""
    first, second = place.dial(), place.dial()

    async def meanwhile(_request: Request) -> Response:
        if len(place.requests) == 1:
            second.tls.sendall(GET.replace(b"/x", b"/second"))
            second._flush()
        return Response(200)

    place.answer = meanwhile
    first.send(GET * 100)
    assert "/second" in [request.path for request in place.requests[:5]]
    assert len(place.requests) == 101


@pytest.mark.parametrize("more", [b"", GET, GET[:5], b"x" * 40000], ids=len)
def test_peer_that_pipelines_and_never_reads(
    place: Bench, server_credential: Credential, more: bytes
) -> None:
    """Its answers wait as long as a kept connection may, whatever it sends behind."""
    place.answer = _much
    watched = _Watched(place, server_credential)
    watched.peer.send(GET * 3)
    watched.send()
    watched.clock.advance(0)
    if more:
        watched.peer.send(more)
        watched.send()
    watched.clock.advance(IDLE_DEADLINE - 1)
    assert not watched.wire.disconnected
    watched.clock.advance(1)
    watched.clock.advance(CLOSE_DEADLINE)
    assert watched.wire.disconnected
    assert len(place.requests) == 1


def test_peer_that_goes_while_requests_wait(
    place: Bench, server_credential: Credential
) -> None:
    """What it had sent behind is not begun, and nothing is left."""
    watched = _Watched(place, server_credential)
    watched.peer.send(GET * 10)
    watched.send()
    assert len(place.requests) == 1
    watched.server.connectionLost(Failure(ConnectionDone()))
    watched.clock.advance(0)
    assert len(place.requests) == 1
    assert watched.clock.getDelayedCalls() == []


def test_nothing_is_left(place: Bench) -> None:
    """A connection that ended in good order leaves no timer behind."""
    for request in (GET, GET.replace(b"1.1", b"1.0"), b"GET\r\n\r\n", GET[:-1], b""):
        peer = place.dial(MUTUAL_TLS)
        if request:
            peer.send(request)
        if not peer.ended:
            peer.hang_up()
        assert place.network.reactor.getDelayedCalls() == []
