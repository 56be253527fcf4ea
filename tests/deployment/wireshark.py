"""Wireshark's own reading of a capture, where it is installed."""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.deployment.running import PATIENCE

Packet = dict[str, str]
"""The fields of a packet by their names, empty where it has none."""

_GOOD = "1"  # of a checksum
_ERROR = str(0x800000)  # the severity that Wireshark itself calls an error
_ALWAYS = (
    "_ws.expert.severity",
    "_ws.malformed",
    "ip.checksum.status",
    "tcp.analysis.flags",
    "tcp.checksum.status",
    "tcp.dstport",
    "tcp.len",
    "tcp.srcport",
)


def dissected(capture: Path, *fields: str) -> list[Packet]:
    """Every packet with these fields, its ports and its flaws; skips without tshark."""
    program = shutil.which("tshark")
    if program is None:
        pytest.skip("no tshark is installed (Debian: apt-get install tshark)")
    names = (*fields, *_ALWAYS)
    wanted = [word for name in names for word in ("-e", name)]
    checked = ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE"]
    done = subprocess.run(
        [program, "-n", "-r", str(capture), *checked, "-T", "fields", *wanted],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
    )
    lines = done.stdout.splitlines()
    return [dict(zip(names, line.split("\t"), strict=True)) for line in lines]


def of_port(packets: Iterable[Packet], port: int) -> list[Packet]:
    """Those from a port or to it."""
    return [p for p in packets if str(port) in {p["tcp.srcport"], p["tcp.dstport"]}]


def assert_flawless(packets: list[Packet]) -> None:
    """Nothing in them makes Wireshark wonder."""
    for packet in packets:
        assert packet["_ws.malformed"] == ""
        assert packet["tcp.analysis.flags"] == ""
        assert packet["ip.checksum.status"] in {"", _GOOD}  # IPv6 has none
        assert packet["tcp.checksum.status"] == _GOOD
        assert _ERROR not in packet["_ws.expert.severity"].split(",")
    assert any(int(packet["tcp.len"]) for packet in packets)
