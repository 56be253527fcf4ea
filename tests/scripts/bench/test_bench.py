"""A run from beginning to end."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.deployment.configuration import ROOT

PATIENCE = 300  # seconds: not what it takes, but when to give up


@pytest.mark.slow
def test_a_quick_one(tmp_path: Path) -> None:
    """Ours and the yardstick; nothing fails, and both results are there."""
    run = subprocess.run(
        [
            *(sys.executable, "-m", "scripts.bench", "--quick", "--only", "token"),
            *("--rounds", "1", "--seconds", "0.2", "--contender", "twisted hello"),
            *("--build", str(tmp_path)),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "FAILED" not in run.stdout
    assert "x twisted hello: by rate" in run.stdout
    results = json.loads((tmp_path / "bench.json").read_text())
    (case,) = results["cases"]
    (samples,) = case["rounds"]
    assert set(samples) == {"ours", "twisted hello"}
    assert all(each["done"] and not each["failures"] for each in samples.values())
    assert (tmp_path / "bench.html").read_text().startswith("<!doctype html>")
