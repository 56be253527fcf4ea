"""A server as a process of its own, on its core, until it is not needed."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from scripts.bench.contenders.contender import Skipped
from scripts.bench.cores import on_core

HOST = "127.0.0.1"
_STOPPED_WITHIN = 10.0  # seconds, then SIGKILL


def started(
    command: Sequence[str],
    folder: Path,
    core: int,
    stack: ExitStack,
    environment: Mapping[str, str] | None = None,
) -> int:
    """
    Start *command* in *folder*; the session that all its processes are in.

    What it says goes to `log` in *folder*. Its group is stopped at the end of *stack*.

    Raises:
        Skipped: there is no such program.
    """
    log = stack.enter_context((folder / "log").open("ab"))
    try:
        with on_core(core):
            process = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **(environment or {})},
                start_new_session=True,
            )
    except FileNotFoundError as problem:
        raise Skipped(f"there is no {command[0]}") from problem
    stack.callback(_stop, process)
    return process.pid


def wait_for(port: int, pid: int, folder: Path, seconds: float = 20.0) -> None:
    """
    Until somebody listens on *port*.

    Raises:
        Skipped: nobody does within *seconds*, or the process *pid* has ended.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end and not _has_ended(pid):
        with socket.socket() as attempt, suppress(OSError):
            attempt.connect((HOST, port))
            return
        time.sleep(0.1)
    said = (folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()
    raise Skipped(f"does not listen: {said[-1][:200] if said else 'it says nothing'}")


def _has_ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _stop(process: subprocess.Popen[bytes]) -> None:
    """By its group: `npm`, gunicorn and Keycloak's script have children."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(_STOPPED_WITHIN)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
