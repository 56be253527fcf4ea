"""
Make `.venv`, and install into it what a lock file names: make's first minute.

    python -m scripts.setting_up requirements.lock

Says once what is done and for about how long, and while it lasts how far it is. pip is
not heard unless something is wrong. Runs before anything is installed, so it imports
nothing but the standard library. Ends with pip's exit code.
"""

import os
import re
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from scripts.deployment.progress import Progress

VENV = Path(".venv")
_EVERY = 0.5  # seconds, after which the line says how long it has taken
_PACKAGE = re.compile(r"^[A-Za-z0-9._-]+(\[[^]]*\])?==", re.MULTILINE)
_FETCHED = ("Collecting ", "Requirement already satisfied: ")
_LAST_LINES = 15  # of what pip said, where it failed without an error of its own


def main() -> None:
    """Set up what the lock files that are named need."""
    progress = Progress(sys.stderr)
    try:
        for lock in map(Path, sys.argv[1:]):
            set_up(lock, progress)
    except KeyboardInterrupt:
        progress.done()
        sys.exit(130)
    except OSError as error:
        progress.done()
        sys.exit(f"setting up: {error}")


def set_up(lock: Path, progress: Progress) -> None:
    """
    Install the packages of *lock* into `.venv`, which is made if there is none.

    Raises:
        SystemExit: it could not be done; pip has said why.
    """
    packages = len(_PACKAGE.findall(lock.read_text(encoding="utf-8")))
    what = f"the Python packages of {lock} ({packages}) into {VENV}"
    _say(f"Once only, about a minute: {what}")
    python = VENV / "bin" / "python"
    if not os.access(python, os.X_OK):
        progress.begin(f"making {VENV}")
        _run([sys.executable, "-m", "venv", str(VENV)], progress)
    progress.begin("fetching packages")
    pip = [str(python), "-m", "pip", "install", "--disable-pip-version-check"]
    quietly = ["--progress-bar", "off", "--require-hashes", "-r", str(lock)]
    _run([*pip, *quietly], progress, packages)
    _say(f"  done in {progress.done():.0f} s")


def _run(command: Sequence[str], progress: Progress, packages: int = 0) -> None:
    """Run *command* and tell how far it is; what it says, only where it fails."""
    with (
        tempfile.TemporaryFile() as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors) as process,
    ):
        assert process.stdout is not None  # noqa: S101 - it is a pipe
        said = _followed(process.stdout.fileno(), progress, packages)
        exit_code = process.wait()
        errors.seek(0)
        complaints = errors.read().decode(errors="replace")
    if complaints or exit_code:
        progress.done()
        sys.stderr.write(complaints or "\n".join(said[-_LAST_LINES:]) + "\n")
    if exit_code:
        sys.exit(exit_code)


def _followed(output: int, progress: Progress, packages: int) -> list[str]:
    """Everything that is said on *output* until it ends, in lines."""
    said = b""
    while True:
        if select.select([output], [], [], _EVERY)[0]:
            if not (more := os.read(output, 65536)):
                return said.decode(errors="replace").splitlines()
            said += more
        if packages:
            _tell(said.decode(errors="replace").splitlines(), progress, packages)
        progress.go_on()


def _tell(said: Iterable[str], progress: Progress, packages: int) -> None:
    """How far pip is: it names each package when it fetches it, and all at the end."""
    lines = list(said)
    if any(line.startswith("Installing collected packages") for line in lines):
        progress.begin("installing them")
        return
    fetched = sum(line.startswith(_FETCHED) for line in lines)
    progress.go_on(f"{min(fetched, packages)} of {packages}")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
