"""`make demo ARGS=--step`, by somebody who presses keys."""

import os
import pty
import re
import select
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.acts.outline import NUMBERS
from scripts.deployment.configuration import ROOT, copied
from tests.deployment.running import PATIENCE, free_ports

PROMPT = "[q] quit "


@pytest.mark.slow
def test_a_lecturer_goes_back_skips_and_quits(tmp_path: Path) -> None:
    """Back shows what was told; skipped and quit, all is played: exit 0."""
    deployment = copied(tmp_path, free_ports(5))
    here, there = pty.openpty()
    where = ["--config", str(deployment.pki.parent)]
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.demo", "--step", "--plain", *where],
        cwd=ROOT,
        stdin=there,
        stdout=there,
        stderr=there,
        start_new_session=True,
    ) as process:
        os.close(there)
        try:
            keys = (b"\n", b"\n", b"b", b"\n", b"s", b"q")
            told = [_told(here, key) for key in keys]
            end = _rest(here)
            assert process.wait(PATIENCE) == 0
        finally:
            process.kill()
            os.close(here)
    assert [re.findall(r"^  (\d+\.\d+) ", page, re.MULTILINE) for page in told] == [
        [],  # the parties
        ["1.1"],
        ["1.2"],
        ["1.1"],
        ["1.2"],
        ["2.1"],
    ]
    assert "played untold" in end
    assert f"All {len(NUMBERS)} steps came out as the RFCs say." in end
    assert "━━" not in end


def _told(terminal: int, key: bytes) -> str:
    """What is written up to the next prompt, which is then answered by *key*."""
    seen = b""
    while not seen.endswith(PROMPT.encode()):
        assert select.select([terminal], [], [], PATIENCE)[0], seen
        seen += os.read(terminal, 65536)
    os.write(terminal, key)
    return seen.decode()


def _rest(terminal: int) -> str:
    """All that is written until nobody writes any more."""
    seen = b""
    while select.select([terminal], [], [], PATIENCE)[0]:
        try:
            more = os.read(terminal, 65536)
        except OSError:  # as Linux says that the other end is closed
            break
        if not more:
            break
        seen += more
    return seen.decode()
