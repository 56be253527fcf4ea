"""The resource server as a process, and curl as somebody who knows nothing of us."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployment.running import PATIENCE
from tests.rs_node.bank import RS_TOML


@pytest.fixture
def config(issued_folder: Path, tmp_path: Path) -> Path:
    """The shipped configuration on a port that the system chooses."""
    text = RS_TOML.read_text().replace("../pki/issued/", f"{issued_folder}/")
    text = text.replace("../build/state/", f"{tmp_path}/state/")
    path = tmp_path / "rs.toml"
    path.write_text(text.replace("tcp:9445:", "tcp:0:"))
    return path


@pytest.fixture
def process(config: Path) -> Iterator[subprocess.Popen[str]]:
    """`python -m rs_node`."""
    started = subprocess.Popen(
        [sys.executable, "-m", "rs_node", "--config", str(config)],
        cwd=RS_TOML.parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with started:
        yield started
        started.kill()


def test_a_life(process: subprocess.Popen[str], issued_folder: Path) -> None:
    """It says when it listens, refuses who has no token, and ends when told to."""
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    assert ready["ready"] == "rs"
    port = ready["listening"]["listen.mutual_tls"].rpartition(":")[2]
    answer = subprocess.run(
        [
            *("curl", "--silent", "--show-error", "--include"),
            *("--cacert", str(issued_folder / "server-roots.pem")),
            f"https://localhost:{port}/accounts",
        ],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    ).stdout
    assert answer.startswith("HTTP/1.1 401 ")
    assert "\nWWW-Authenticate: Bearer resource_metadata=" in answer
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0


def test_without_certificates(config: Path, issued_folder: Path) -> None:
    """A certificate that is not there is one line, and exit code 2."""
    config.write_text(config.read_text().replace("/rs.pem", "/nobody.pem"))
    ended = subprocess.run(
        [sys.executable, "-m", "rs_node", "--config", str(config)],
        cwd=RS_TOML.parents[1],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert ended.returncode == 2
    [line] = ended.stderr.splitlines()
    assert "nobody.pem" in line
    assert ended.stdout == ""
