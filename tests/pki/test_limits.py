"""
Each bound of a connection, one step beyond it: the status, and the line in the log.

An outsider speaks octets over TLS here, whatever reads HTTP at the other end.
"""

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from pki.chain.limits import (
    LARGEST_CERTIFICATE,
    LARGEST_KEY,
    MOST_CERTIFICATES,
)
from pki.keys import new_p256_key
from pki.mtls.limits import (
    CLOSE_DEADLINE,
    IDLE_DEADLINE,
    LARGEST_BODY,
    LARGEST_HEADERS,
    MOST_HEADER_FIELDS,
    REQUEST_DEADLINE,
)
from pki.pem import Credential
from tests.in_memory.hostile_certificates import (
    certificate,
    chain_of,
    costly_key,
    self_signed_with,
)
from tests.in_memory.listeners import Bench
from tests.in_memory.raw_tls import RawPeer, outsider_context

HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


def sent(place: Bench, data: bytes, credential: Credential | None = None) -> RawPeer:
    """A peer that has sent this."""
    peer = place.dial(context=outsider_context(credential))
    if peer.handshaken and not peer.ended:
        peer.send(data)
    return peer


def refused(place: Bench, peer: RawPeer, status: int, words: str) -> None:
    """The status, a line that says why, the end of the connection; and no request."""
    assert [answer.status for answer in peer.answers] == [status]
    assert peer.ended
    assert place.requests == []
    (line,) = place.lines()
    assert f"warning {status} to 127.0.0.1:50001: " in line
    assert words in line


def refused_in_the_handshake(place: Bench, peer: RawPeer, words: str) -> None:
    """No answer, but an alert; and a line that says why."""
    assert peer.ended
    assert peer.answers == []
    (line,) = place.lines()
    assert "warning TLS handshake with 127.0.0.1:50001 failed: " in line
    assert words in line


@pytest.mark.bound("request.header-bytes")
def test_header_bytes(place: Bench) -> None:
    """RFC 6585 section 5: header fields together."""
    fields = b"".join(b"A%d: %s\r\n" % (n, b"x" * 1000) for n in range(17))
    peer = sent(place, HEAD + fields + b"\r\n")
    refused(place, peer, 431, f"more than {LARGEST_HEADERS} bytes")


@pytest.mark.bound("request.header-bytes")
def test_request_line(place: Bench) -> None:
    """RFC 9110 section 15.5.15: a target."""
    peer = sent(place, b"GET /" + b"x" * LARGEST_HEADERS + b" HTTP/1.1\r\n\r\n")
    refused(place, peer, 414, f"more than {LARGEST_HEADERS} bytes")


@pytest.mark.bound("request.header-fields")
def test_header_fields(place: Bench) -> None:
    """RFC 6585 section 5: their number."""
    peer = sent(place, HEAD + b"A: x\r\n" * MOST_HEADER_FIELDS + b"\r\n")
    refused(place, peer, 431, f"more than {MOST_HEADER_FIELDS} header fields")


@pytest.mark.bound("request.body")
@pytest.mark.parametrize("chunked", [False, True], ids=["length", "chunked"])
def test_body(place: Bench, *, chunked: bool) -> None:
    """RFC 9110 section 15.5.14: announced, or come."""
    size = LARGEST_BODY + 1
    body = b"Content-Length: %d\r\n\r\n" % size
    if chunked:
        body = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s" % (size, b"x" * size)
    peer = sent(place, HEAD.replace(b"GET", b"POST") + body)
    refused(place, peer, 413, "body of ")


@pytest.mark.bound("request.deadline")
def test_request_deadline(place: Bench) -> None:
    """RFC 9110 section 15.5.9: a request that does not end."""
    peer = sent(place, HEAD)
    place.network.reactor.advance(REQUEST_DEADLINE)
    place.network.flush()
    refused(place, peer, 408, f"no whole request in {REQUEST_DEADLINE} seconds")


@pytest.mark.bound("request.deadline")
def test_handshake_deadline(place: Bench) -> None:
    """A handshake that does not begin."""
    peer = place.dial_plain()
    place.network.reactor.advance(REQUEST_DEADLINE)
    place.network.flush()
    assert peer.ended
    (line,) = place.lines()
    assert line.endswith(f"not completed in {REQUEST_DEADLINE} seconds")


@pytest.mark.bound("connection.idle", "connection.close")
def test_idle_and_close(place: Bench) -> None:
    """A kept connection ends; one whose peer does not agree is cut off."""
    peer = sent(place, HEAD + b"\r\n")
    peer.deaf = True
    place.network.reactor.advance(IDLE_DEADLINE)
    place.network.flush()
    ended_at_once = peer.ended
    place.network.reactor.advance(CLOSE_DEADLINE)
    place.network.flush()
    assert (ended_at_once, peer.ended) == (False, True)
    _, idle, cut_off = place.lines()
    assert idle.endswith(f":50001 closed: no request in {IDLE_DEADLINE} seconds")
    assert f" cut off: no agreement to its end in {CLOSE_DEADLINE} s" in cut_off


@pytest.mark.bound("certificates.size")
def test_certificate_size(place: Bench, now: float) -> None:
    """The client's own."""
    large = self_signed_with(new_p256_key(), now, padding=LARGEST_CERTIFICATE)
    peer = sent(place, HEAD + b"\r\n", large)
    refused_in_the_handshake(place, peer, f"expected at most {LARGEST_CERTIFICATE}")


@pytest.mark.bound("certificates.many")
def test_number_of_certificates(place: Bench, now: float) -> None:
    """Its own among them."""
    chain = chain_of(MOST_CERTIFICATES, new_p256_key(), now)
    peer = sent(place, HEAD + b"\r\n", chain)
    refused(place, peer, 400, f"expected at most {MOST_CERTIFICATES}")


@pytest.mark.bound("certificates.key")
def test_key(place: Bench, now: float) -> None:
    """A CA's modulus, that nobody has the other half of, before it is used."""
    long = rsa.RSAPublicNumbers(65537, (1 << LARGEST_KEY) + 1).public_key()
    own, others = new_p256_key(), rsa.generate_private_key(65537, 2048)
    leaf = certificate("leaf", own.public_key(), "long", others, now)
    above = certificate("long", long, "long", others, now)
    peer = sent(place, HEAD + b"\r\n", Credential((leaf, above), own))
    refused_in_the_handshake(place, peer, f"bits, expected at most {LARGEST_KEY}")


@pytest.mark.bound("certificates.exponent")
def test_exponent(place: Bench, now: float) -> None:
    """A CA's, before a signature is checked with it."""
    peer = sent(place, HEAD + b"\r\n", chain_of(1, costly_key(), now))
    refused_in_the_handshake(place, peer, "bits, expected at most 32")
