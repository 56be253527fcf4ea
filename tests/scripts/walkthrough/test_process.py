"""`python -m scripts.walkthrough` as a process of its own."""

import json
import signal
import ssl
import subprocess
import sys
from http.client import HTTPSConnection
from pathlib import Path

import pytest

from pki import pem
from tests.client_node.in_memory.bank import Pki
from tests.scripts.walkthrough.observer_in_memory import configured

COMMAND = (sys.executable, "-m", "scripts.walkthrough")
PATIENCE = 60  # seconds; a start takes one, on a busy machine several


@pytest.fixture
def config(pki: Pki, tmp_path: Path) -> Path:
    """The shipped configuration, on a free port."""
    return configured(pki, tmp_path, ("tcp:9447", "tcp:0"))


def ended(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The outcome of one command line."""
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("way", ["signal", "stdin"])
def test_it_serves_until_it_is_told_to_stop(config: Path, pki: Pki, way: str) -> None:
    """Ready, served over TLS, and exit 0 on SIGTERM or when its parent is gone."""
    stops = ["--until-stdin-closes"] if way == "stdin" else []
    with subprocess.Popen(
        [*COMMAND, "--config", str(config), *stops],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        assert ready["ready"] == "walkthrough"
        assert _fetched(ready["listening"]["listen"], pki) == 200
        if way == "signal":
            process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
    assert " walkthrough info    GET / 200 " in log


def test_it_records_nothing() -> None:
    """It would show itself: nobody can tell it to, as one can a node."""
    outcome = ended("--recording", "somewhere")
    assert (outcome.returncode, outcome.stdout) == (2, "")
    assert "usage: python -m scripts.walkthrough" in outcome.stderr
    assert "unrecognized arguments: --recording somewhere" in outcome.stderr


@pytest.mark.parametrize("name", ["walkthrough.pem", "walkthrough-key.pem"])
def test_without_a_certificate_it_does_not_start(config: Path, name: str) -> None:
    """One line that names the file, and exit 2."""
    config.with_name(name).unlink()
    outcome = ended("--config", str(config))
    assert (outcome.returncode, outcome.stdout) == (2, "")
    (line,) = outcome.stderr.splitlines()
    assert line.startswith(f"walkthrough: {config}: ")
    assert name in line


def test_a_deployment_without_a_client_is_not_shown(config: Path) -> None:
    """Its configuration says where the certificates lie: one line, and exit 2."""
    client = config.with_name("client.toml")
    client.unlink()
    outcome = ended("--config", str(config))
    assert outcome.returncode == 2
    expected = f"walkthrough: {config}: {client}: No such file or directory\n"
    assert outcome.stderr == expected


def _fetched(address: str, pki: Pki) -> int:
    roots = pem.certificates_to_pem(pki.server_roots).decode("ascii")
    context = ssl.create_default_context(cadata=roots)
    host, port = address.split(":")
    connection = HTTPSConnection(host, int(port), context=context, timeout=PATIENCE)
    connection.request("GET", "/", headers={"Host": "127.0.0.1:9447"})
    status = connection.getresponse().status
    connection.close()
    return status
