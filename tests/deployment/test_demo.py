"""`make demo` as a person runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.deployment import ROOT, Deployment, copied
from tests.running_deployment import PATIENCE, Running, free_ports


def demo(
    deployment: Deployment, *arguments: str, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """The demo, to its end."""
    where = ["--config", str(deployment.pki.parent)]
    return subprocess.run(
        [sys.executable, "-m", "scripts.demo", *where, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        env={**os.environ, **(env or {})},
    )


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Deployment, str]:
    """A deployment whose demo has been played, and what was told."""
    deployment = copied(tmp_path_factory.mktemp("demo"), free_ports(4))
    done = demo(deployment)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
    assert done.stderr == ""
    return deployment, done.stdout


def test_every_step_comes_out_as_the_rfcs_say(played: tuple[Deployment, str]) -> None:
    """The walk-through says of each step what was expected, and that it came."""
    deployment, _ = played
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    steps = [step for act in story["acts"] for step in act["steps"]]
    assert story["version"] == 1
    assert len(steps) > 20
    assert all(step["passed"] for step in steps)
    assert all(step["exchanges"] or step["derivation"] for step in steps)


def test_each_act_of_the_thief_is_refused(played: tuple[Deployment, str]) -> None:
    """RFC 8705 section 3: 401 invalid_token; section 2: 401 invalid_client."""
    deployment, _ = played
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    thief = [act for act in story["acts"] if act["title"].startswith("The thief")]
    came = [step["came"] for act in thief for step in act["steps"]]
    assert came == [
        *["200"] * 2,
        *["401 invalid_token, RFC 8705 section 3"] * 4,
        *["401 invalid_client, RFC 8705 section 2.1.2"] * 2,
        *["401 invalid_client, RFC 8705 section 2.1"] * 7,
        "400 invalid_grant, RFC 6749 section 4.1.3",
        "200",  # its own client may still redeem it
        "400 invalid_grant, RFC 6749 section 4.1.2",
        "200 inactive",
    ]


def test_the_evidence_is_recorded_by_both_ends(played: tuple[Deployment, str]) -> None:
    """RFC 8705 section 3.2: the introspection is shown inside the request it serves."""
    deployment, _ = played
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    exchanges = [
        exchange
        for act in story["acts"]
        for step in act["steps"]
        for exchange in step["exchanges"]
    ]
    nested = [each for exchange in exchanges for each in exchange["nested"]]
    assert {each["client"] for each in nested} == {"accounts-rs", "as-backchannel"}
    assert all(exchange["handshake"]["messages"] for exchange in exchanges)
    assert {e["handshake"]["tls_version"] for e in exchanges} == {"TLSv1.3"}


def test_the_narration_is_plain_without_a_terminal(
    played: tuple[Deployment, str],
) -> None:
    """No escape codes in a pipe, and no line of the story wider than the page."""
    deployment, told = played
    assert "\x1b" not in told
    *lines, path = told.splitlines()
    story = lines[next(i for i, line in enumerate(lines) if line.startswith("━━")) :]
    assert max(len(line) for line in story) <= 120
    assert (ROOT / path).samefile(deployment.build / "walkthrough.html")


def test_what_holds_tokens_is_for_its_owner_only(
    played: tuple[Deployment, str],
) -> None:
    """Recordings and walk-through hold tokens, so they are 0600 in a 0700 folder."""
    deployment, _ = played
    recordings = deployment.build / "recordings"
    assert recordings.stat().st_mode & 0o777 == 0o700
    files = [*recordings.glob("*.jsonl"), *deployment.build.glob("walkthrough.*")]
    assert len(files) == 6
    for file in files:
        assert file.stat().st_mode & 0o777 == 0o600


def test_no_key_is_recorded(played: tuple[Deployment, str]) -> None:
    """The recordings never hold a private key."""
    deployment, _ = played
    for file in (deployment.build / "recordings").iterdir():
        assert b"PRIVATE KEY" not in file.read_bytes()


def test_a_demo_beside_a_running_deployment_says_which_port(
    running: Running, tmp_path: Path
) -> None:
    """A busy port is one line that names the port and its key, and exit 1."""
    ports = [int(url.rpartition(":")[2]) for url in (running.issuer, running.mtls)]
    deployment = copied(tmp_path / "second", [*ports, *free_ports(2)])
    done = demo(deployment)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert f"port {ports[0]} (listen.conventional in " in line
