"""`python -m client_node` as a process of its own."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from client_node.config import SHIPPED
from pki import pem
from pki.issuing.layout import Layout
from tests.client_node.in_memory.bank import Pki
from tests.deployment.running import PATIENCE

COMMAND = (sys.executable, "-m", "client_node")


@pytest.fixture
def nobody() -> Iterator[int]:
    """A port where nobody listens, and nobody else can."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def config(pki: Pki, tmp_path: Path, nobody: int) -> Path:
    """The shipped configuration: a free port for itself, and a bank that is away."""
    layout = Layout(tmp_path)
    layout.write("client-web", pki.server)
    layout.write("tpp-self-signed-jwks-uri", pki.self_signed)
    layout.write("banking-client", pki.client)
    layout.server_roots.write_bytes(pem.certificates_to_pem(pki.server_roots))
    shipped = SHIPPED.read_text().replace("../pki/issued/", f"{tmp_path}/")
    for before, after in (
        ("tcp:9446", "tcp:0"),
        ("localhost:9443", f"localhost:{nobody}"),
    ):
        assert before in shipped
        shipped = shipped.replace(before, after)
    path = tmp_path / "client.toml"
    path.write_text(shipped)
    return path


def client_node(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The outcome of one command line."""
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_without_a_command_there_is_help() -> None:
    """Whoever types the bare command is told what there is."""
    outcome = client_node()
    assert outcome.returncode == 0
    assert "transactions" in outcome.stdout


def test_a_bank_that_is_away(config: Path, nobody: int) -> None:
    """Exit 3 and two lines: no traceback, nothing on stdout."""
    outcome = client_node("accounts", "--config", str(config))
    assert outcome.returncode == 3
    assert outcome.stdout == ""
    first, _ = outcome.stderr.splitlines()
    assert f"https://localhost:{nobody}" in first


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_who_has_seen_enough(config: Path, unbuffered: str) -> None:
    """`| head` closes the pipe: no traceback, and no complaint."""
    command = f"'{sys.executable}' -m client_node token --token x --config '{config}'"
    outcome = subprocess.run(
        ["bash", "-c", f"{command} | true; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
    )
    assert (outcome.returncode, outcome.stderr) == (0, "")


def test_a_terminal_of_another_encoding(config: Path) -> None:
    """Escapes instead of a traceback for what cannot be written."""
    outcome = subprocess.run(
        [*COMMAND, "token", "--config", str(config), "--token", "é"],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (outcome.returncode, outcome.stderr) == (0, "")
    assert r"access_token  \xe9" in outcome.stdout


@pytest.mark.parametrize("way", ["signal", "stdin"])
def test_the_web_process_serves_until_it_is_told_to_stop(
    config: Path, pki: Pki, way: str
) -> None:
    """Ready, served over TLS, and exit 0 on SIGTERM or when its parent is gone."""
    recording = config.with_name("recording")
    arguments = ["serve", "--config", str(config), "--recording", str(recording)]
    stops = ["--until-stdin-closes"] if way == "stdin" else []
    with subprocess.Popen(
        [*COMMAND, *arguments, *stops],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        ready = json.loads(process.stdout.readline())
        assert _fetched(ready["listening"]["web.listen"], pki) == 200
        if way == "signal":
            process.send_signal(signal.SIGTERM)
        else:
            process.stdin.close()
        assert process.wait(PATIENCE) == 0
    assert '"event":"handshake"' in recording.read_text()


def _fetched(address: str, pki: Pki) -> int:
    roots = pem.certificates_to_pem(pki.server_roots).decode("ascii")
    context = ssl.create_default_context(cadata=roots)
    host, port = address.split(":")
    connection = HTTPSConnection(host, int(port), context=context, timeout=PATIENCE)
    connection.request("GET", "/jwks/tpp-self-signed-jwks-uri")
    status = connection.getresponse().status
    connection.close()
    return status
