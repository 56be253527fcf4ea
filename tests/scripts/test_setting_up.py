"""make's first minute: what is said, and by whom it can be run."""

import os
import subprocess
import sys
from pathlib import Path

from scripts.deployment.configuration import ROOT
from tests.deployment.running import PATIENCE


def setting_up(folder: Path, lock: str) -> subprocess.CompletedProcess[str]:
    """`.venv` of *folder*, whose pip finds no index; its Python is this very one."""
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o700)
    (folder / "some.lock").write_text(lock)
    return subprocess.run(
        [sys.executable, "-m", "scripts.setting_up", "some.lock"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def test_what_pip_does_not_find_is_told(tmp_path: Path) -> None:
    """What is done, once, in plain lines; pip's error after it, and pip's exit code."""
    digest = "0" * 64
    done = setting_up(tmp_path, f"nowhere==1.0 \\\n    --hash=sha256:{digest}\n")
    assert done.returncode == 1
    first, second, *complaints = done.stderr.splitlines()
    what = "the Python packages of some.lock (1) into .venv"
    assert first == f"Once only, about a minute: {what}"
    assert second == "  fetching packages"
    assert all(line.startswith("ERROR: ") for line in complaints)
    assert "nowhere==1.0" in complaints[0]
    assert done.stdout == ""
    assert "\r" not in done.stderr
    assert "\x1b" not in done.stderr


def test_what_pip_says_of_success_is_not(tmp_path: Path) -> None:
    """An installed package is enough: nothing but our own lines."""
    done = setting_up(tmp_path, "# nothing\n")
    assert done.returncode == 0
    first, *between, last = done.stderr.splitlines()
    assert first.startswith("Once only, about a minute: ")
    assert last.startswith("  done in ")
    assert "  fetching packages" in between
    assert done.stdout == ""


def test_it_runs_before_anything_is_installed() -> None:
    """Without the packages that it is to install."""
    subprocess.run(
        [sys.executable, "-S", "-c", "import scripts.setting_up"],
        cwd=ROOT,
        check=True,
        timeout=PATIENCE,
    )
