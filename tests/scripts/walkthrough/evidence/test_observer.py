"""What can be read on the way, from the bytes of handshakes as OpenSSL makes them."""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
from OpenSSL import SSL

from pki.mtls.contexts import ServerContext
from pki.thumbprint import x5t_s256
from scripts.walkthrough.evidence.observer import Seen, seen_on_the_way
from scripts.walkthrough.recordings.wire import Piece
from tests.client_node.in_memory.bank import Pki
from tests.in_memory.raw_tls import outsider_context

SECRET = b"GET /accounts HTTP/1.1\r\n\r\n"


def pieces(pki: Pki, version: int) -> Iterator[Piece]:
    """A handshake and a request, as they cross the wire."""
    client = SSL.Connection(outsider_context(pki.client, version=version), None)
    client.set_connect_state()
    protocol: Any = None
    context = ServerContext(pki.server, request_certificate=True)
    server = context.serverConnectionForTLS(protocol)
    server.set_accept_state()
    ends = {"client": (client, server), "server": (server, client)}
    for sender in ("client", "server") * 3:
        own, other = ends[sender]
        try:
            own.do_handshake()
        except SSL.WantReadError:
            pass
        else:
            if sender == "client":
                client.send(SECRET)
        try:
            octets = own.bio_read(1 << 16)
        except SSL.WantReadError:
            continue
        other.bio_write(octets)
        yield sender, octets


def seen(pki: Pki, version: int, holders: dict[str, str]) -> tuple[Seen, ...]:
    """What somebody saw of it, who was given it in small parts."""
    parts = (
        (sender, octets[at : at + 100])
        for sender, octets in pieces(pki, version)
        for at in range(0, len(octets), 100)
    )
    return seen_on_the_way(parts, holders)


def named(what: tuple[Seen, ...], sender: str) -> list[str]:
    """The messages of one side, by their names."""
    return [each.name for each in what if each.sender == sender]


def test_tls_1_2_names_the_client(pki: Pki) -> None:
    """RFC 8705 section 8: its certificate crosses before there are keys."""
    own = x5t_s256(pki.client.leaf_der)
    what = seen(pki, SSL.TLS1_2_VERSION, {own: "banking-client"})
    assert named(what, "client")[:5] == [
        "ClientHello",
        "Certificate",
        "ClientKeyExchange",
        "CertificateVerify",
        "encrypted",
    ]
    assert named(what, "server")[:5] == [
        "ServerHello",
        "Certificate",
        "ServerKeyExchange",
        "CertificateRequest",
        "ServerHelloDone",
    ]
    (sent,) = (each for each in what if each.sender == "client" and each.certificates)
    certificate = sent.certificates[0]
    assert (certificate.holder, certificate.x5t_s256) == ("banking-client", own)
    assert certificate.der == b64encode(pki.client.leaf_der).decode()
    assert sent.in_words.startswith(
        "CN=banking-client,O=Test,C=GB, issued by CN=Client"
    )
    assert sent.in_words.endswith(own)


def test_tls_1_3_names_nobody(pki: Pki) -> None:
    """RFC 8446 appendix E.1.2: all that follows the hellos is encrypted."""
    what = seen(pki, SSL.TLS1_3_VERSION, {})
    for sender, hello in (("client", "ClientHello"), ("server", "ServerHello")):
        first, *others = named(what, sender)
        assert first == hello
        assert set(others) == {"encrypted"}
    assert not any(each.certificates for each in what)
    assert what[-1].in_words == f"{what[-1].octets} bytes"


@pytest.mark.parametrize("data", [b"", b"\x16", b"\x16\x03\x03\xff\xff" + bytes(9)])
def test_what_is_not_whole_is_not_seen(data: bytes) -> None:
    """A recording may end anywhere."""
    assert seen_on_the_way([("client", data)], {}) == ()
