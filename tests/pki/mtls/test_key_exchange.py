"""The groups that keys are exchanged in, seen by an outsider."""

from typing import Any

import pytest
from OpenSSL import SSL

from pki.mtls.key_exchange import limit_groups
from tests.in_memory.listeners import PORTS, Bench
from tests.in_memory.raw_tls import RawPeer, outsider_context

VERSIONS = {"TLSv1.2": SSL.TLS1_2_VERSION, "TLSv1.3": SSL.TLS1_3_VERSION}

every_version = pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
every_port = pytest.mark.parametrize("port", PORTS.values(), ids=PORTS)


def dialled(place: Bench, port: int, version: int, group: bytes) -> RawPeer:
    """A peer that knows this group and no other."""
    context = outsider_context(version=version)
    binding: Any = SSL
    assert binding._lib.SSL_CTX_set1_curves_list(context._context, group) == 1
    return place.dial(port, context)


@every_port
@pytest.mark.parametrize("group", [b"X25519", b"P-256", b"P-384"])
def test_groups_that_work(place: Bench, port: int, group: bytes) -> None:
    """What everybody has is taken."""
    assert dialled(place, port, SSL.TLS1_3_VERSION, group).handshaken


@every_port
@pytest.mark.parametrize("group", [b"X25519", b"P-384"])
def test_groups_that_work_in_tls_1_2(place: Bench, port: int, group: bytes) -> None:
    """RFC 8422 section 5.1.1: there the list also says which certificates are read."""
    assert dialled(place, port, SSL.TLS1_2_VERSION, group + b":P-256").handshaken


@every_port
def test_hybrid(place: Bench, port: int) -> None:
    """Whoever has the hybrid with ML-KEM gets it."""
    peer = place.dial(port, outsider_context(version=SSL.TLS1_3_VERSION))
    assert peer.tls.get_group_name() == "X25519MLKEM768"


@every_port
@every_version
@pytest.mark.parametrize("group", [b"P-521", b"X448", b"ffdhe2048", b"ffdhe3072"])
def test_other_groups(place: Bench, port: int, version: int, group: bytes) -> None:
    """What is slow, and what nobody needs, is refused in the handshake."""
    peer = dialled(place, port, version, group)
    assert not peer.handshaken
    (line,) = place.lines()
    assert "TLS handshake with 127.0.0.1:50001 failed: " in line


def test_missing_group(monkeypatch: pytest.MonkeyPatch) -> None:
    """An OpenSSL that lacks one is told of, and not left to its own choice."""
    monkeypatch.setattr("pki.mtls.key_exchange.GROUPS", b"X25519:no-group")
    with pytest.raises(ValueError, match="lacks one of the groups X25519:no-group"):
        limit_groups(SSL.Context(SSL.TLS_SERVER_METHOD))
