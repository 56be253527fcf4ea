"""
Pinned packages, by the ordinary clients of the registries.

They are kept from one run to the next (`make clean` removes them), so that a second
run needs no network; a folder is there as a whole or not at all.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from scripts.bench.contenders.contender import Skipped

_PATIENCE = 600.0  # seconds for a download


def kept(packages: Path, name: str, install: Callable[[Path], None]) -> Path:
    """
    The folder *name* of *packages*, which *install* fills if it is not there.

    *install* is given where the folder is going to be, since a virtual environment
    cannot be moved; until it is done a mark beside it says that it is not.

    Raises:
        Skipped: it could not be filled.
    """
    folder, begun = packages / name, packages / f"{name}.begun"
    if folder.exists() and not begun.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    begun.touch()
    install(folder)
    begun.unlink()
    return folder


def done(command: Sequence[str], folder: Path) -> None:
    """
    Run *command* in *folder* to its end.

    Raises:
        Skipped: there is no such program, or it failed, or it took too long.
    """
    try:
        subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            timeout=_PATIENCE,
        )
    except FileNotFoundError as problem:
        raise Skipped(f"there is no {command[0]}") from problem
    except subprocess.TimeoutExpired as problem:
        raise Skipped(f"{command[0]} took too long") from problem
    except subprocess.CalledProcessError as problem:
        said = (problem.stderr or problem.stdout).strip().splitlines()
        why = said[-1][:200] if said else f"exit {problem.returncode}"
        raise Skipped(f"{command[0]}: {why}") from problem


def node_modules(source: Path) -> Callable[[Path], None]:
    """What the lock file in *source* says, by npm; and the programs beside it."""

    def install(folder: Path) -> None:
        for path in source.iterdir():
            shutil.copy(path, folder)
        done(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)

    return install


def virtual_environment(requirements: Path) -> Callable[[Path], None]:
    """What the file *requirements* says, by pip."""

    def install(folder: Path) -> None:
        done([sys.executable, "-m", "venv", "environment"], folder)
        pip = [str(folder / "environment" / "bin" / "python"), "-m", "pip"]
        done([*pip, "install", "-q", "--no-deps", "-r", str(requirements)], folder)

    return install
