"""`python -m scripts.capture` beside a running deployment, read by Wireshark."""

import secrets
import socket
import ssl
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from pki.pem import load_certificates
from scripts.deployment.configuration import ROOT
from tests.deployment.running import PATIENCE, Running
from tests.deployment.wireshark import assert_flawless, dissected, of_port

pytestmark = pytest.mark.slow


def capture(running: Running) -> Path:
    """What an engineer gets who asks for it now."""
    folder = running.deployment.pki.parent
    done = subprocess.run(
        [sys.executable, "-m", "scripts.capture", "--config", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    return ROOT / done.stdout.strip()


def ask(
    running: Running, url: str, *, party: str | None, version: ssl.TLSVersion
) -> int:
    """Get *url* as a client that shares no code with us; the port it came from."""
    context = ssl.create_default_context(cafile=running.server_roots)
    context.minimum_version = context.maximum_version = version
    if party is not None:
        context.load_cert_chain(*running.certificate(party))
    parts = urlsplit(url)
    with (
        socket.create_connection(("127.0.0.1", parts.port or 0), PATIENCE) as tcp,
        context.wrap_socket(tcp, server_hostname="localhost") as tls,
    ):
        port: int = tls.getsockname()[1]
        target = f"{parts.path}?{parts.query}"
        tls.sendall(
            f"GET {target} HTTP/1.1\r\nHost: localhost:{parts.port}\r\n"
            "Connection: close\r\n\r\n".encode()
        )
        while tls.recv(1 << 16):
            pass
    return port


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_3, ssl.TLSVersion.TLSv1_2])
def test_a_foreign_clients_request(running: Running, version: ssl.TLSVersion) -> None:
    """It is decrypted at once, with the certificates of both sides and the reason."""
    target = f"/accounts?{secrets.token_hex(8)}"
    url = running.resource + target
    port = ask(running, url, party="other-tpp", version=version)
    packets = dissected(
        capture(running),
        "frame.comment",
        "http.request.uri",
        "http.response.code",
        "tcp.flags.fin",
        "tls.handshake.certificate",
    )
    assert_flawless(packets)
    ours = of_port(packets, port)
    asked = [p["http.request.uri"] for p in ours if p["http.request.uri"]]
    assert asked == [target]
    (answered,) = (p for p in ours if p["http.response.code"])
    assert answered["http.response.code"] == "401"
    assert "RFC 6750" in answered["frame.comment"]
    sent = [
        bytes.fromhex(certificate)
        for packet in ours
        for certificate in packet["tls.handshake.certificate"].split(",")
    ]
    own = load_certificates(running.issued / "other-tpp.pem")
    server = load_certificates(running.issued / "rs.pem")
    for leaf in (own[0], server[0]):
        assert leaf.public_bytes(Encoding.DER) in sent
    assert len([p for p in ours if p["tcp.flags.fin"] in {"1", "True"}]) == 2


def test_a_browsers_request(running: Running) -> None:
    """RFC 8705 section 5: that no certificate is requested can be seen, no more."""
    url = f"{running.issuer}/jwks?x"
    version = ssl.TLSVersion.TLSv1_3
    port = ask(running, url, party=None, version=version)
    packets = dissected(capture(running), "frame.protocols", "tls.handshake.type")
    ours = of_port(packets, port)
    types = [p["tls.handshake.type"].split(",") for p in ours]
    assert [each for each in types if "11" in each] == [["2", "8", "11", "15", "20"]]
    assert not [p for p in ours if "http" in p["frame.protocols"].split(":")]


def test_a_handshake_that_fails(running: Running) -> None:
    """Somebody who does not believe the server: that is seen, too."""
    context = ssl.create_default_context()
    address = urlsplit(running.resource)
    with socket.create_connection(("127.0.0.1", address.port or 0), PATIENCE) as tcp:
        port = tcp.getsockname()[1]
        with pytest.raises(ssl.SSLCertVerificationError):
            context.wrap_socket(tcp, server_hostname="localhost")
    packets = of_port(dissected(capture(running), "tls.alert_message.desc"), port)
    alerts = [p["tls.alert_message.desc"] for p in packets]
    assert [alert for alert in alerts if alert] == ["48"]  # unknown_ca


def test_nothing_is_recorded(tmp_path: Path) -> None:
    """Where nothing runs, one line says what to do first."""
    done = subprocess.run(
        [sys.executable, "-m", "scripts.capture", "--config", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("capture: nothing is recorded in ")
