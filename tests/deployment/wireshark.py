"""Wireshark's own reading of a capture, where it is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.running_deployment import PATIENCE


def tshark(capture: Path, display_filter: str, *fields: str) -> list[list[str]]:
    """The fields of every packet that the filter lets through; skips without it."""
    program = shutil.which("tshark")
    if program is None:
        pytest.skip("no tshark is installed (Debian: apt-get install tshark)")
    wanted = [word for field in fields for word in ("-e", field)]
    checked = ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"]
    shown = ["-Y", display_filter, "-T", "fields", *wanted]
    done = subprocess.run(
        [program, "-n", "-r", str(capture), *checked, *shown],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    return [line.split("\t") for line in done.stdout.splitlines()]


def assert_flawless(capture: Path) -> None:
    """Nothing in it makes Wireshark wonder."""
    flaws = (
        "_ws.malformed || tcp.analysis.flags || ip.checksum.status != 1 "
        "|| tcp.checksum.status != 1 || _ws.expert.severity == error"
    )
    assert tshark(capture, flaws, "frame.number") == []
    assert tshark(capture, "tcp.len > 0", "frame.number") != []
