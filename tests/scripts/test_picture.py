"""The picture in the README."""

import shutil
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.deployment.configuration import ROOT, copied
from scripts.picture import HEIGHT, MOST_BYTES, SCHEMES, WIDTH, stolen_token_refused
from tests.deployment.running import PATIENCE, free_ports


def exchange(lane: str, server: str, *, same: bool) -> dict[str, Any]:
    """One whose certificate was compared with the token's."""
    compared = {"name": "binding.same-certificate", "accepted": same}
    passed = {"name": "token.signature", "accepted": True}
    return {"client_lane": lane, "server": server, "decisions": [passed, compared]}


def act(*exchanges: dict[str, Any]) -> dict[str, Any]:
    """An act with a step for each."""
    return {
        "steps": [
            {"number": f"1.{n}", "exchanges": [each]}
            for n, each in enumerate(exchanges, 1)
        ]
    }


def test_the_step() -> None:
    """A thief's, refused by the bank for his certificate; without twins, if it can."""
    theft = exchange("thief", "rs", same=False)
    others = (
        exchange("thief", "rs", same=True),
        exchange("client", "rs", same=False),
    )
    with_a_twin = act(exchange("client", "twin-as", same=True), theft)
    assert stolen_token_refused({"acts": [with_a_twin, act(*others, theft)]}) == "1.3"
    assert stolen_token_refused({"acts": [with_a_twin, act(*others)]}) == "1.2"
    by_a_twin = exchange("thief", "twin-rs", same=False)
    with pytest.raises(SystemExit, match="in no step"):
        stolen_token_refused({"acts": [act(*others, by_a_twin)]})


def size_of(png: bytes) -> tuple[int, int]:
    """PNG section 11.2.1: width and height begin the first chunk."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_is_in_the_repository(scheme: str) -> None:
    """The README shows two of one size, and both are light enough."""
    png = (ROOT / f"scripts/walkthrough/picture-{scheme}.png").read_bytes()
    assert size_of(png) == (WIDTH, HEIGHT)
    assert len(png) <= MOST_BYTES


@pytest.mark.slow
def test_make_picture(tmp_path: Path) -> None:
    """A demo is played, and two pictures of it are taken; it says where they are."""
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    folder = tmp_path / "deployment"
    folder.mkdir()
    deployment = copied(folder, free_ports(5))
    where = ["--config", str(deployment.pki.parent), "--into", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "scripts.picture", *where],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert (done.returncode, done.stderr) == (0, "")
    for line, scheme in zip(done.stdout.splitlines(), SCHEMES, strict=True):
        path = tmp_path / f"picture-{scheme}.png"
        assert line.startswith(f"{path}: 1120 x 700, ")
        assert size_of(path.read_bytes()) == (WIDTH, HEIGHT)
