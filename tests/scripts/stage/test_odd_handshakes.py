"""A certificate without its key gets nobody anywhere; an older version is spoken."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from pki.http.answers import HandshakeRefused
from pki.issuing.profiles import subject
from pki.keys import new_rsa_key
from pki.mtls.client import MutualTLSClient
from pki.mtls.contexts import ClientContext
from pki.observability.recording import Recording
from pki.thumbprint import x5t_s256
from scripts.stage.odd_handshakes import only_tls_1_2, without_its_key
from tests.client_node.in_memory.bank import Pki, new_pki
from tests.in_memory.listeners import MUTUAL_TLS, Bench, bench

URL = f"https://localhost:{MUTUAL_TLS}/accounts"


@pytest.fixture(scope="module")
def pki() -> Pki:
    """A victim, and a thief with a certificate of the same authority."""
    return new_pki()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where it is recorded."""
    return tmp_path / "as.jsonl"


@pytest.fixture
def place(pki: Pki, file: Path) -> Bench:
    """A listener that requests certificates, recorded."""
    recording = Recording(file, "as", lambda: 0.0)
    return bench(pki.server_root.credential, pki.server, recording)


def client(place: Bench, context: ClientContext) -> MutualTLSClient:
    """Our client, with another context than it would make itself."""
    network = place.network
    return MutualTLSClient(
        network.reactor, context, place.witness, endpoint=network.endpoint
    )


def at_the_server(file: Path, kind: str) -> dict[str, Any]:
    """The one event of this kind that the listener has recorded."""
    events = map(json.loads, file.read_text().splitlines())
    (event,) = (
        e for e in events if e["event"] == kind and e.get("side", "server") == "server"
    )
    return dict(event)


def test_the_certificate_without_its_key(place: Bench, pki: Pki, file: Path) -> None:
    """RFC 8446 section 4.4.3: the signature is not the key's, so: decrypt_error."""
    context = without_its_key(
        pki.client.chain, pki.other, pki.server_roots, trace=False
    )
    with pytest.raises(HandshakeRefused, match="alert decrypt error"):
        place.network.run(client(place, context).request("GET", URL))
    assert place.requests == []
    failure = at_the_server(file, "failure")
    assert failure["peer_x5t#S256"] == x5t_s256(pki.client.leaf_der)
    assert "read client certificate" in str(failure["messages"])
    assert "finished" not in failure["messages"][-1]
    assert "bad signature" in failure["reason"]


def test_keys_of_two_kinds(pki: Pki) -> None:
    """One cannot be passed off as the other."""
    name = subject("rsa", "Test")
    rsa = pki.client_authority.issue_client(name, now=time.time(), key=new_rsa_key())
    with pytest.raises(ValueError, match="two keys on one curve"):
        without_its_key(rsa.chain, pki.other, pki.server_roots, trace=False)


def test_tls_1_2_alone(place: Bench, pki: Pki, file: Path) -> None:
    """The listener speaks it too (RFC 8705 section 7.3), and knows the client by it."""
    context = only_tls_1_2(pki.client, pki.server_roots, trace=False)
    answer = place.network.run(client(place, context).request("GET", URL))
    assert json.loads(answer.body) == {"peer": x5t_s256(pki.client.leaf_der)}
    assert at_the_server(file, "handshake")["tls_version"] == "TLSv1.2"
