"""The lines for the shell in the walk-through, pasted while the deployment runs."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts.deployment.configuration import ROOT, copied
from tests.deployment.running import PATIENCE, free_ports, ready_line, up


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the walk-through, and what it says will come."""

    step: str
    text: str
    answer: str

    @property
    def uses_up(self) -> bool:
        """Whether it makes other lines fail: a code that is presented again does."""
        return "grant_type=authorization_code" in self.text


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Line]]:
    """The lines of a demo that was played, while its deployment runs."""
    folder = tmp_path_factory.mktemp("pasted")
    deployment = copied(folder, free_ports(5))
    subprocess.run(
        [sys.executable, "-m", "scripts.demo", "--config", str(folder)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=PATIENCE,
    )
    story = json.loads((deployment.build / "walkthrough.json").read_text())
    with (folder / "up.log").open("w") as log, up(deployment, log) as process:
        try:
            assert ready_line(process).startswith("ready")
            yield list(_lines(story))
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            assert process.wait(PATIENCE) == 0


def _lines(story: dict[str, list[dict[str, object]]]) -> Iterator[Line]:
    for act in story["acts"]:
        steps = act["steps"]
        assert isinstance(steps, list)
        for step in steps:
            for exchange in step["exchanges"]:
                for each in (exchange, *exchange["nested"]):
                    if each["curl"]:
                        text = each["curl"].replace(".venv/bin/python", sys.executable)
                        yield Line(step["number"], text, each["curl_answer"])


def pasted(line: Line, folder: Path) -> str:
    """Status and error code of what bash answers."""
    done = subprocess.run(
        ["bash"],
        input=line.text,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        env={**os.environ, "TMPDIR": str(folder)},
    )
    assert done.stderr == "", (line, done.stderr)
    head, _, body = done.stdout.partition("\n\n")
    status = head.split(" ", 2)[1]
    return f"{status} {_error(head, body.strip())}".strip()


def _error(head: str, body: str) -> str:
    found = re.search(
        r'^www-authenticate: .*?error="(\w+)"', head, re.IGNORECASE | re.MULTILINE
    )
    if found:
        return found[1]
    if not body:
        return ""
    members = json.loads(body)
    return "inactive" if members == {"active": False} else members.get("error", "")


def test_every_line_that_is_pasted_answers_as_it_says(
    lines: list[Line], tmp_path: Path
) -> None:
    """
    Fresh tokens, the thief's certificates, a renewed one: all as in the story.

    Codes that have been used come last (RFC 6749 section 4.1.2): the bank then takes
    back the tokens that the other lines have.
    """
    before = [line for line in lines if not line.uses_up]
    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(lambda line: pasted(line, tmp_path), before))
    wrong = [
        (line.step, answer, line.answer)
        for line, answer in zip(before, came, strict=True)
        if answer != line.answer
    ]
    assert wrong == []
    assert {"200", "201", "401 invalid_token", "401 invalid_client"} < set(came)
    codes = [line for line in lines if line.uses_up]
    assert len(codes) >= 3
    for line in codes:
        assert pasted(line, tmp_path) == line.answer == "400 invalid_grant"
