"""What the two listeners ask of a handshake, seen by an outsider."""

import pytest
from OpenSSL import SSL

from pki.mtls.contexts import ServerContext
from pki.pem import Credential
from pki.thumbprint import x5t_s256
from tests.in_memory.listeners import CONVENTIONAL, MUTUAL_TLS, PORTS, Bench
from tests.in_memory.raw_tls import RawPeer, outsider_context

VERSIONS = {"TLSv1.2": SSL.TLS1_2_VERSION, "TLSv1.3": SSL.TLS1_3_VERSION}
GET = b"GET /x HTTP/1.1\r\nHost: localhost\r\n\r\n"

every_version = pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
every_port = pytest.mark.parametrize("port", PORTS.values(), ids=PORTS)


def requested(peer: RawPeer) -> bool:
    """Whether the server sent a CertificateRequest, as OpenSSL names it."""
    return any("certificate request" in state for state in peer.states)


@every_version
def test_conventional_listener_never_requests_a_certificate(
    place: Bench, version: int, client_credential: Credential
) -> None:
    """RFC 8705 section 5: no CertificateRequest, so that no browser shows a dialog."""
    context = outsider_context(client_credential, version=version)
    peer = place.dial(CONVENTIONAL, context)
    peer.send(GET)
    assert not requested(peer)
    assert peer.answers[0].body == b'{"peer":null}'
    assert not place.requests[0].connection.certificate_requested


@every_version
def test_mutual_tls_listener_always_requests_a_certificate(
    place: Bench, version: int
) -> None:
    """RFC 8705 section 5: a CertificateRequest in each handshake, whoever comes."""
    peer = place.dial(MUTUAL_TLS, outsider_context(version=version))
    peer.send(GET)
    assert requested(peer)
    assert place.requests[0].connection.certificate_requested


@pytest.mark.parametrize("port", PORTS.values(), ids=PORTS)
def test_certificate_request_on_the_wire(place: Bench, port: int) -> None:
    """RFC 5246 section 7.4.4: message 13 is in the server's flight, or is not."""
    peer = place.dial(port, outsider_context(version=SSL.TLS1_2_VERSION))
    flight = _handshake_types(peer.wire)
    assert flight[:4] == [2, 11, 12, 13 if port == MUTUAL_TLS else 14]


def _handshake_types(wire: bytes) -> list[int]:
    """The types of the plaintext handshake messages in the records of TLS 1.2."""
    plaintext = b""
    while wire and wire[0] == 22:
        length = int.from_bytes(wire[3:5])
        plaintext, wire = plaintext + wire[5 : 5 + length], wire[5 + length :]
    types = []
    while plaintext:
        types.append(plaintext[0])
        plaintext = plaintext[4 + int.from_bytes(plaintext[1:4]) :]
    return types


@every_version
def test_ca_list_is_empty(place: Bench, version: int) -> None:
    """RFC 8705 section 6.1: no CA is named, or clients of other CAs hold back."""
    peer = place.dial(MUTUAL_TLS, outsider_context(version=version))
    assert peer.tls.get_client_ca_list() == []


@every_version
@pytest.mark.parametrize(
    "holder", ["client_credential", "self_signed", "expired", "unknown_ca", "rsa"]
)
def test_any_certificate_passes(
    place: Bench, version: int, holder: str, request: pytest.FixtureRequest
) -> None:
    """RFC 8705 section 6.2: the handshake judges nobody, and the facts are right."""
    credential: Credential = request.getfixturevalue(holder)
    peer = place.dial(MUTUAL_TLS, outsider_context(credential, version=version))
    peer.send(GET)
    proved = place.requests[0].peer
    assert proved is not None
    assert proved.der == credential.leaf_der
    assert proved.intermediates == credential.chain[1:]
    assert x5t_s256(credential.leaf_der) in peer.answers[0].body.decode()


@every_version
def test_no_certificate_passes(place: Bench, version: int) -> None:
    """RFC 8705 section 6.1: a certificate is requested and not required."""
    peer = place.dial(MUTUAL_TLS, outsider_context(version=version))
    peer.send(GET)
    assert peer.answers[0].body == b'{"peer":null}'
    assert place.requests[0].peer is None


@every_version
def test_victims_certificate_after_ones_own(
    place: Bench, version: int, self_signed: Credential, client_credential: Credential
) -> None:
    """RFC 8705 section 2.1: whose key signed is the leaf; the rest only came along."""
    chain = (self_signed.leaf, client_credential.leaf)
    context = outsider_context(
        Credential(chain, self_signed.private_key), version=version
    )
    place.dial(MUTUAL_TLS, context).send(GET)
    peer = place.requests[0].peer
    assert peer is not None
    assert peer.der == self_signed.leaf_der
    assert peer.sent_after == (client_credential.leaf_der,)


def test_each_connection_has_its_own_facts(
    place: Bench, client_credential: Credential, other_client: Credential
) -> None:
    """RFC 8705 section 3: two connections at once, two certificates, none mixed up."""
    holders = (client_credential, other_client, None)
    peers = [place.dial(MUTUAL_TLS, outsider_context(holder)) for holder in holders]
    for peer in (*peers, *reversed(peers)):
        peer.send(GET)
    seen = [request.peer and request.peer.der for request in place.requests]
    first, second = client_credential.leaf_der, other_client.leaf_der
    assert seen == [first, second, None, None, second, first]
    numbers = [request.connection.number for request in place.requests]
    assert numbers == [1, 2, 3, 3, 2, 1]
    assert place.requests[0].peer is place.requests[-1].peer


@every_port
@every_version
def test_versions_that_work(
    place: Bench, port: int, version: int, client_credential: Credential
) -> None:
    """RFC 8705 section 7.3: TLS 1.2 and 1.3 are spoken, and the facts say which."""
    peer = place.dial(port, outsider_context(client_credential, version=version))
    peer.send(GET)
    name = place.requests[0].connection.tls_version
    assert VERSIONS[name] == version
    assert peer.answers[0].status == 200


@every_port
@pytest.mark.parametrize("minor", [0, 1, 2], ids=["SSLv3", "TLSv1.0", "TLSv1.1"])
def test_old_versions(place: Bench, port: int, minor: int) -> None:
    """RFC 8996: a client that knows no more than TLS 1.1 is refused by an alert."""
    peer = place.dial_plain(port)
    peer.send(_client_hello(minor))
    place.network.flush()
    assert peer.received[:1] == b"\x15"
    assert peer.received[5:7] == bytes([2, 70])  # fatal, protocol_version
    assert peer.ended
    assert "TLS handshake with 127.0.0.1:50001 failed: " in place.lines()[0]


def _client_hello(minor: int) -> bytes:
    """RFC 5246 section 7.4.1.2: a hello with the suites of that time."""
    version = bytes([3, minor])
    suites = bytes.fromhex("c009c00ac013c014002f0035000a")
    hello = version + bytes(32) + b"\0" + len(suites).to_bytes(2) + suites + b"\1\0"
    message = b"\1" + len(hello).to_bytes(3) + hello
    return b"\x16" + version + len(message).to_bytes(2) + message


@every_port
@pytest.mark.parametrize(
    "suite",
    [
        b"ECDHE-ECDSA-AES128-GCM-SHA256",
        b"ECDHE-ECDSA-AES256-GCM-SHA384",
        b"ECDHE-ECDSA-CHACHA20-POLY1305",
    ],
)
def test_suites_that_work(place: Bench, port: int, suite: bytes) -> None:
    """RFC 9325 section 4.2: the AEAD suites with ephemeral keys."""
    context = outsider_context(version=SSL.TLS1_2_VERSION, suites=suite)
    assert place.dial(port, context).handshaken


@every_port
@pytest.mark.parametrize(
    "suite",
    [
        b"ECDHE-ECDSA-AES128-SHA256",
        b"ECDHE-ECDSA-AES256-SHA",
        b"ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0",
        b"ECDHE-RSA-AES128-SHA",
        b"DHE-RSA-AES128-GCM-SHA256",
        b"AES128-GCM-SHA256",
    ],
)
def test_other_suites(place: Bench, port: int, suite: bytes) -> None:
    """RFC 9325 section 4.2: no CBC, no short tags, no static RSA, no finite fields."""
    context = outsider_context(version=SSL.TLS1_2_VERSION, suites=suite)
    peer = place.dial(port, context)
    assert not peer.handshaken
    assert "no shared cipher" in place.lines()[0]


@every_version
def test_rsa_server(place: Bench, version: int, rsa: Credential) -> None:
    """A server with an RSA key is served by the same suites."""
    place.listen(rsa)
    peer = place.dial(MUTUAL_TLS, outsider_context(version=version))
    peer.send(GET)
    assert peer.answers[0].status == 200


@every_port
def test_renegotiation(place: Bench, port: int, client_credential: Credential) -> None:
    """RFC 8705 section 3: no renegotiation, so the facts of a connection stay true."""
    context = outsider_context(client_credential, version=SSL.TLS1_2_VERSION)
    peer = place.dial(port, context)
    assert peer.tls.renegotiate()
    with pytest.raises(SSL.Error, match="no renegotiation"):
        _renegotiate(peer)


@pytest.mark.parametrize("request_certificate", [True, False])
def test_renegotiation_is_off_by_option(
    server_credential: Credential,
    request_certificate: bool,  # noqa: FBT001 - a parameter
) -> None:
    """RFC 8705 section 3: by our word, not only by OpenSSL's default."""
    made = ServerContext(server_credential, request_certificate=request_certificate)
    options = made._context.set_options(0)
    assert options & SSL.OP_NO_RENEGOTIATION
    assert options & SSL.OP_NO_COMPRESSION


def _renegotiate(peer: RawPeer) -> None:
    peer.handshaken = False
    peer._step()
    peer._network.flush()
    if peer.error is not None:
        raise peer.error


@every_port
@every_version
@pytest.mark.parametrize("tickets", [True, False], ids=["tickets", "session ids"])
def test_offered_session_leads_to_a_full_handshake(
    place: Bench,
    port: int,
    version: int,
    tickets: bool,  # noqa: FBT001 - a parameter
    client_credential: Credential,
) -> None:
    """RFC 8705 section 2: each connection proves its certificate anew."""
    context = outsider_context(client_credential, version=version)
    context.set_session_cache_mode(SSL.SESS_CACHE_CLIENT)
    if not tickets:
        context.set_options(SSL.OP_NO_TICKET)
    first = place.dial(port, context)
    first.send(GET)
    session = first.tls.get_session()
    assert session is not None
    second = place.dial(port, context, session)
    second.send(GET)
    assert first.states == second.states
    assert any("server certificate" in state for state in second.states)
    assert [r.peer and r.peer.der for r in place.requests] == [
        client_credential.leaf_der if port == MUTUAL_TLS else None
    ] * 2


@every_version
def test_session_of_the_other_listener(
    place: Bench, version: int, client_credential: Credential
) -> None:
    """RFC 8705 section 2: a session of the conventional listener opens nothing."""
    context = outsider_context(client_credential, version=version)
    first = place.dial(CONVENTIONAL, context)
    first.send(GET)
    second = place.dial(MUTUAL_TLS, context, first.tls.get_session())
    second.send(GET)
    peer = place.requests[1].peer
    assert peer is not None
    assert peer.der == client_credential.leaf_der


@every_port
@every_version
@pytest.mark.parametrize(
    "offered", [[b"h2", b"http/1.1"], [b"http/1.1"], []], ids=["both", "1.1", "none"]
)
def test_http_1_1(place: Bench, port: int, version: int, offered: list[bytes]) -> None:
    """RFC 7301 section 3.2: HTTP/1.1 is chosen among what is offered."""
    peer = place.dial(port, outsider_context(version=version, alpn=offered))
    peer.send(GET)
    assert peer.tls.get_alpn_proto_negotiated() == (b"http/1.1" if offered else b"")
    assert peer.answers[0].status == 200


@every_port
@every_version
def test_h2_alone(place: Bench, port: int, version: int) -> None:
    """RFC 7301 section 3.2: who speaks HTTP/2 only is refused in the handshake."""
    peer = place.dial(port, outsider_context(version=version, alpn=[b"h2"]))
    assert peer.ended
    assert peer.error is not None
    assert "no application protocol" in str(peer.error)
    assert place.lines()[0].endswith(
        "no common application protocol: expected http/1.1, offered h2"
    )


def test_not_tls(place: Bench) -> None:
    """Who speaks plain HTTP to a listener gets no answer, and the log says why."""
    peer = place.dial_plain()
    peer.send(GET)
    place.network.flush()
    assert peer.ended
    assert "TLS handshake with 127.0.0.1:50001 failed: " in place.lines()[0]
    assert "http request" in place.lines()[0]


def test_garbage_after_the_handshake(place: Bench) -> None:
    """What is wrong after a handshake is not told as a handshake that failed."""
    peer = place.dial()
    assert peer.transport is not None
    peer.transport.write(b"\x17\x03\x03\x00\x20" + bytes(32))
    place.network.flush()
    assert peer.ended
    assert place.lines() == []


def test_peer_that_goes_before_the_handshake(place: Bench) -> None:
    """Somebody who only looks whether the port is open is not worth a line."""
    peer = place.dial_plain()
    assert peer.transport is not None
    peer.transport.loseConnection()
    place.network.flush()
    assert place.lines() == []


def test_trace_is_off_by_default(
    place: Bench, server_credential: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a recording no callback is called for each step of a handshake."""
    seen: list[object] = []
    monkeypatch.setattr(
        SSL.Context, "set_info_callback", lambda *args: seen.append(args)
    )
    ServerContext(server_credential, request_certificate=True)
    assert seen == []
    ServerContext(server_credential, request_certificate=True, trace=True)
    assert len(seen) == 1
