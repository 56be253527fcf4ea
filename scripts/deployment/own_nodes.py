"""
The three nodes of a deployment of their own, from a temporary folder to nothing left.

Each ends when its standard input does, so none outlives this process however it ends.
"""

import shutil
import socket
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts.deployment import certificates, memory
from scripts.deployment.configuration import (
    ROOT,
    SHIPPED_PORTS,
    Deployment,
    copied,
)
from scripts.deployment.place import HOST, Place
from scripts.deployment.processes import node_arguments

_STOPPED_WITHIN = 10  # seconds, then SIGKILL


class NotStarted(Exception):
    """A node ended before it was ready; the text is the last line it wrote."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """Three nodes that run."""

    place: Place
    pids: dict[str, int]

    def sizes(self) -> dict[str, int | None]:
        """The memory of each now, in bytes."""
        return {name: memory.resident(pid) for name, pid in self.pids.items()}

    def largest_sizes(self) -> dict[str, int | None]:
        """The most memory of each since `forget_largest_sizes`."""
        return {name: memory.largest(pid) for name, pid in self.pids.items()}

    def forget_largest_sizes(self) -> None:
        """Begin anew."""
        for pid in self.pids.values():
            memory.forget_largest(pid)


def _as_shipped(deployment: Deployment) -> None:
    """Nothing is added."""


@contextmanager
def running(
    whose: str, prepare: Callable[[Deployment], None] = _as_shipped
) -> Iterator[Nodes]:
    """
    Three nodes on free ports of loopback, with certificates and state of their own.

    *whose* is what their folder's name begins with; *prepare* may add to the
    configuration, when the certificates are there and no node runs yet.

    Raises:
        NotStarted: one does not run.
        ConfigurationError, Refused, OSError: there are no files for them.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"{whose}-"))
    try:
        deployment = copied(folder, free_ports(len(SHIPPED_PORTS)))
        certificates.put_in_place(deployment)
        prepare(deployment)
        with ExitStack() as stack:
            log = stack.enter_context((folder / "nodes.log").open("w+b"))
            pids = {}
            for name, arguments in node_arguments(deployment, None).items():
                process = _process(arguments, log.fileno())
                stack.callback(_stop, process)
                pids[name] = process.pid
                if not _ready(process):
                    raise NotStarted(f"{name}: {_last_line(folder / 'nodes.log')}")
            yield Nodes(_place(deployment), pids)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _process(arguments: list[str], log: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *arguments, "--until-stdin-closes"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        # Ctrl-C is for this process, which ends them when it has ended the rest.
        start_new_session=True,
    )


def _ready(process: subprocess.Popen[bytes]) -> bool:
    """Whether it listens: then it has written one line, and else its output ends."""
    return process.stdout is not None and process.stdout.readline() != b""


def _stop(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(_STOPPED_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now; all are held until all are found."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind((HOST, 0))
        return [each.getsockname()[1] for each in sockets]


def _place(deployment: Deployment) -> Place:
    server = tomllib.loads(deployment.authorization_server.read_text(encoding="utf-8"))
    client = tomllib.loads(deployment.client.read_text(encoding="utf-8"))
    return Place(
        issuer=server["issuer"],
        mtls=server["mtls_base_url"],
        resource=server["resource"],
        client=client["web"]["origin"],
        issued=deployment.pki.parent / "issued",
    )


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return lines[-1] if lines else "it says nothing"
