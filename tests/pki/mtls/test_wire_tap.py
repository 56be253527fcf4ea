"""What crosses the wire, recorded so that it can be decrypted, and only where asked."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL
from twisted.internet.error import ConnectionAborted, ConnectionLost
from twisted.protocols.tls import TLSMemoryBIOFactory

from pki.issuing.authority import Authority
from pki.mtls.contexts import ServerContext
from pki.mtls.server import Listener
from pki.mtls.session_secrets import take_session_secrets
from pki.mtls.wire_tap import WireTap, over_tls
from pki.observability.recording import Recording
from pki.pem import Credential
from tests.in_memory.listeners import CONVENTIONAL, MUTUAL_TLS, PORTS, Bench, bench
from tests.in_memory.raw_tls import outsider_context
from tests.pki.mtls.tls_1_3_records import opened, records

Event = dict[str, Any]

REQUEST = b"GET /who HTTP/1.1\r\nHost: localhost\r\n\r\n"
LAST_REQUEST = b"GET /who HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
HANDSHAKE, ALERT, DATA = 22, 21, 23  # RFC 8446 section 5.1: content types
OF_THE_HANDSHAKE = {
    "CLIENT_HANDSHAKE_TRAFFIC_SECRET",
    "SERVER_HANDSHAKE_TRAFFIC_SECRET",
}


class Tapped:
    """Both listeners, tapped, and what was recorded of them."""

    def __init__(self, place: Bench, file: Path, taps: dict[int, WireTap]) -> None:
        self.place = place
        self.taps = taps
        self._file = file

    def events(self, *kinds: str) -> list[Event]:
        """The events of these kinds, in order."""
        found = [json.loads(line) for line in self._file.read_text().splitlines()]
        return [event for event in found if event["event"] in kinds]

    def wire(self) -> list[tuple[str, str]]:
        """What happened, without bytes."""
        return [(each["sender"], each["what"]) for each in self.events("wire")]

    def stream(self, sender: str) -> bytes:
        """All bytes of one direction."""
        return b"".join(
            base64.b64decode(event["bytes"])
            for event in self.events("wire")
            if event["sender"] == sender and event["what"] == "bytes"
        )

    def secrets(self) -> dict[str, bytes]:
        """The session secrets of the only connection, by their labels."""
        lines = [
            line.split(" ")
            for event in self.events("session_secrets")
            for line in event["lines"]
        ]
        assert len({random for _, random, _ in lines}) <= 1
        found = {label: bytes.fromhex(secret) for label, _, secret in lines}
        assert len(found) == len(lines)  # none is told twice
        return found

    def opened(self, sender: str) -> list[tuple[int, bytes]]:
        """The records of one direction, as far as the secrets reach."""
        secrets = self.secrets()
        labels = ("HANDSHAKE_TRAFFIC_SECRET", "TRAFFIC_SECRET_0")
        found = [secrets.get(f"{sender.upper()}_{label}") for label in labels]
        return opened(self.stream(sender), [each for each in found if each])


@pytest.fixture
def tapped(
    tmp_path: Path, server_root: Authority, server_credential: Credential, now: float
) -> Iterator[Tapped]:
    """Both listeners, recorded and tapped."""
    file = tmp_path / "as.jsonl"
    recording = Recording(file, "as", lambda: now)
    place = bench(server_root.credential, server_credential, recording)
    taps = {}
    for port in PORTS.values():
        factory = over_tls(
            _listener(place, port),
            ServerContext(
                server_credential, request_certificate=port == MUTUAL_TLS, trace=True
            ),
            place.network.reactor,
        )
        assert isinstance(factory, WireTap)
        taps[port] = factory
        place.network.listen_plain("localhost", port, factory)
    yield Tapped(place, file, taps)
    recording.close()


def _listener(place: Bench, port: int) -> Listener:
    return Listener(
        place.network.reactor,
        place.witness,
        place._answer,
        request_certificate=port == MUTUAL_TLS,
    )


def test_no_tap_without_a_recording(
    server_root: Authority, server_credential: Credential
) -> None:
    """Where nothing is recorded, TCP and TLS meet as if there were no tap at all."""
    place = bench(server_root.credential, server_credential)
    context = ServerContext(server_credential, request_certificate=True)
    factory = over_tls(_listener(place, MUTUAL_TLS), context, place.network.reactor)
    assert type(factory) is TLSMemoryBIOFactory


def test_no_secrets_without_a_trace(
    server_root: Authority, server_credential: Credential
) -> None:
    """A context that is not asked to trace keeps no secret of any connection."""
    place = bench(server_root.credential, server_credential)
    seen = []

    class Watched(ServerContext):
        def serverConnectionForTLS(self, protocol: Any) -> SSL.Connection:
            seen.append(super().serverConnectionForTLS(protocol))
            return seen[-1]

    for trace in (False, True):
        context = Watched(server_credential, request_certificate=True, trace=trace)
        place.network.listen("localhost", 1, _listener(place, MUTUAL_TLS), context)
        place.dial(1)
    assert [bool(take_session_secrets(each)) for each in seen] == [False, True]


def test_wire(tapped: Tapped, client_credential: Credential) -> None:
    """Every byte of both directions, as it was read and written."""
    peer = tapped.place.dial(MUTUAL_TLS, outsider_context(client_credential))
    peer.send(REQUEST)
    assert peer.answers[0].status == 200
    assert tapped.wire()[:4] == [
        ("client", "opened"),
        ("client", "bytes"),  # ClientHello
        ("server", "bytes"),  # ServerHello and what follows it
        ("client", "bytes"),
    ]
    assert tapped.stream("server") == peer.wire
    assert [each[0] for each in records(tapped.stream("client"))][:1] == [HANDSHAKE]


def test_addresses(tapped: Tapped) -> None:
    """Each event has the addresses that the handshake's has, and so does a secret."""
    tapped.place.dial()
    kinds = ("wire", "session_secrets", "handshake")
    events = tapped.events(*kinds)
    assert {event["event"] for event in events} == set(kinds)
    assert {(event["local"], event["remote"]) for event in events} == {
        ("127.0.0.1:9444", "127.0.0.1:50001")
    }


def test_secrets_decrypt(tapped: Tapped, client_credential: Credential) -> None:
    """RFC 8446 section 7.3: they open every record, the client's certificate too."""
    peer = tapped.place.dial(MUTUAL_TLS, outsider_context(client_credential))
    peer.send(REQUEST)
    asked, answered = tapped.opened("client"), tapped.opened("server")
    assert asked[-1] == (DATA, REQUEST)
    assert answered[-1] == (DATA, peer.received)
    assert peer.received.startswith(b"HTTP/1.1 200 ")
    handshake = b"".join(content for kind, content in asked if kind == HANDSHAKE)
    assert client_credential.leaf.public_bytes(Encoding.DER) in handshake
    for sender, found in (("client", asked), ("server", answered)):
        encrypted = [r for r in records(tapped.stream(sender)) if r[0] == DATA]
        assert len(found) == len(encrypted)


def test_a_browsers_listener_keeps_what_it_was_told(tapped: Tapped) -> None:
    """
    Passwords and cookies cross it: no more than its handshake can be decrypted.

    RFC 8705 section 5: which shows that it requests no certificate.
    """
    peer = tapped.place.dial(CONVENTIONAL)
    peer.send(REQUEST)
    assert peer.answers[0].status == 200
    assert set(tapped.secrets()) == OF_THE_HANDSHAKE
    for sender in ("client", "server"):
        assert {kind for kind, _ in tapped.opened(sender)} == {HANDSHAKE}
    flight = b"".join(content for _, content in tapped.opened("server"))
    assert _messages(flight) == [8, 11, 15, 20]  # and no 13, CertificateRequest


def _messages(flight: bytes) -> list[int]:
    """RFC 8446 section 4: the types of handshake messages."""
    found = []
    while flight:
        found.append(flight[0])
        flight = flight[4 + int.from_bytes(flight[1:4]) :]
    return found


def test_a_browser_at_a_listener_that_requests_a_certificate(tapped: Tapped) -> None:
    """Cookies ignore ports: of whoever proves no certificate the handshake alone."""
    peer = tapped.place.dial(MUTUAL_TLS, outsider_context())
    peer.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: session=1\r\n\r\n")
    assert peer.answers[0].status == 200
    assert set(tapped.secrets()) == OF_THE_HANDSHAKE


@pytest.mark.parametrize("port", [MUTUAL_TLS, CONVENTIONAL])
def test_secrets_of_tls_1_2(
    tapped: Tapped, port: int, client_credential: Credential
) -> None:
    """TLS 1.2 has one secret for all, so none of a browser's is given away."""
    version = SSL.TLS1_2_VERSION
    tapped.place.dial(port, outsider_context(version=version)).send(REQUEST)
    assert tapped.secrets() == {}
    known = outsider_context(client_credential, version=version)
    tapped.place.dial(port, known).send(REQUEST)
    assert set(tapped.secrets()) == ({"CLIENT_RANDOM"} if port == MUTUAL_TLS else set())


def test_no_handshake_at_all(tapped: Tapped) -> None:
    """What is no TLS is recorded, and that we hang up on it."""
    peer = tapped.place.dial_plain()
    peer.send(REQUEST)
    tapped.place.network.flush()
    assert tapped.stream("client") == REQUEST
    assert tapped.stream("server") == peer.received
    assert tapped.wire()[-1] == ("server", "ended")
    assert tapped.events("session_secrets") == []


def test_refused_handshake(tapped: Tapped) -> None:
    """A client that does not believe the server says so, and that can be read."""
    context = outsider_context()
    context.set_verify(SSL.VERIFY_PEER, lambda *_seen: False)
    tapped.place.dial(MUTUAL_TLS, context)
    assert records(tapped.stream("client"))[-1][0] == ALERT
    assert len(tapped.events("failure")) == 1


@pytest.mark.parametrize("request_", [REQUEST, LAST_REQUEST])
def test_recorded_before_it_is_sent(tapped: Tapped, request_: bytes) -> None:
    """Whoever has an answer finds recorded what led to it."""
    tapped.place.dial().send(request_)
    events = tapped.events("wire", "response")
    recorded = [each["event"] for each in events].index("response")
    sent = [(each["sender"], each["what"]) for each in events[recorded + 1 :]]
    assert ("server", "bytes") in sent


def test_closed_by_the_client(tapped: Tapped) -> None:
    """The client goes: what TLS would still say is not sent, and not recorded."""
    peer = tapped.place.dial()
    peer.hang_up()
    assert tapped.wire()[-1] == ("client", "ended")
    assert tapped.stream("server") == peer.wire


def test_closed_by_the_server(tapped: Tapped) -> None:
    """We go, when all is said."""
    tapped.place.dial().send(LAST_REQUEST)
    assert tapped.wire()[-1] == ("server", "ended")


@pytest.mark.parametrize(
    ("reason", "sender"),
    [(ConnectionLost(), "client"), (ConnectionAborted(), "server")],
)
def test_reset(tapped: Tapped, reason: Exception, sender: str) -> None:
    """A connection that breaks was reset by the peer, unless it was us."""
    peer = tapped.place.dial()
    tapped.place.network._pumps[-1].serverIO.disconnectReason = reason
    peer.hang_up()
    assert tapped.wire()[-1] == (sender, "reset")


def test_end_of_the_process(tapped: Tapped) -> None:
    """A node that is told to stop closes what is open, and blames no peer."""
    peer = tapped.place.dial()
    for ends, arguments, keywords in tapped.place.network.reactor.triggers["before"][
        "shutdown"
    ]:
        ends(*arguments, **keywords)
    tapped.place.network._pumps[-1].serverIO.disconnectReason = ConnectionLost()
    peer.hang_up()
    assert tapped.wire()[-1] == ("server", "ended")


@pytest.mark.bound("wire.connection", "wire.sealed")
def test_largest_connection(tapped: Tapped) -> None:
    """Of one connection no more is recorded than its share, and that is told once."""
    tapped.taps[MUTUAL_TLS].largest_connection = 8000
    peer = tapped.place.dial()
    while len(peer.wire) < 20_000:
        peer.send(REQUEST)
    recorded = len(tapped.stream("client")) + len(tapped.stream("server"))
    assert 7000 < recorded <= 8000
    assert [what for _, what in tapped.wire()].index("full") == len(tapped.wire()) - 1
    again = tapped.place.dial()
    again.send(REQUEST)
    assert tapped.wire()[-1] == ("server", "bytes")


@pytest.mark.bound("wire.listener")
def test_largest_listener(tapped: Tapped) -> None:
    """Of all connections of a listener no more than its share, then nothing."""
    tap = tapped.taps[MUTUAL_TLS]
    tap.left = 10_000
    for _ in range(10):
        tapped.place.dial().send(LAST_REQUEST)
    recorded = len(tapped.stream("client")) + len(tapped.stream("server"))
    assert 5000 < recorded <= 10_000
    assert tapped.wire()[-1][1] == "full"
    before = len(tapped.events("wire", "session_secrets"))
    assert tapped.place.dial().handshaken
    assert len(tapped.events("wire", "session_secrets")) == before
    tapped.place.dial(CONVENTIONAL)
    assert len(tapped.events("wire", "session_secrets")) > before


def test_many_small_pieces(tapped: Tapped) -> None:
    """What a peer sends byte by byte takes more than its bytes, and is bounded, too."""
    tap = tapped.taps[MUTUAL_TLS]
    tap.left = 10_000
    peer = tapped.place.dial_plain()
    for byte in b"\x16\x03\x01\x40\x00\x01\x00\x3f\xfc" + bytes(100):
        peer.send(bytes((byte,)))
        tapped.place.network.flush()
    assert 45 < len(tapped.wire()) <= 51
    assert tapped.wire()[-1][1] == "full"


@pytest.mark.bound("wire.connection", "wire.sealed")
def test_share_of_the_recording(tapped: Tapped) -> None:
    """As they are delivered, the shares of a node's two listeners leave room."""
    bytes_of_base64 = sum(tap.left for tap in tapped.taps.values()) * 4 // 3
    assert bytes_of_base64 < 256 * 1024 * 1024 * 2 // 5
    largest = {port: tap.largest_connection for port, tap in tapped.taps.items()}
    assert largest == {MUTUAL_TLS: 4 * 1024 * 1024, CONVENTIONAL: 64 * 1024}
