"""The real processes, started on free ports in a folder of their own."""

import socket
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from scripts.deployment.configuration import ROOT, Deployment

PATIENCE = 180
"""Seconds: not what anything takes, on however busy a machine, but when to give up."""


@dataclass(frozen=True, slots=True)
class Running:
    """A deployment that runs; what its configuration files say of it."""

    deployment: Deployment
    issuer: str
    mtls: str
    resource: str
    client: str
    walkthrough: str

    @property
    def issued(self) -> Path:
        """The directory of the certificates."""
        return self.deployment.pki.parent / "issued"

    @property
    def server_roots(self) -> str:
        """The trust anchors for servers."""
        return str(self.issued / "server-roots.pem")

    def certificate(self, name: str) -> tuple[str, str]:
        """The certificate file and the key file of a party."""
        return str(self.issued / f"{name}.pem"), str(self.issued / f"{name}-key.pem")


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


def as_told(deployment: Deployment) -> Running:
    """What the files of *deployment* say of it."""
    client = tomllib.loads(deployment.client.read_text())
    server = tomllib.loads(deployment.authorization_server.read_text())
    observer = tomllib.loads(deployment.walkthrough.read_text())
    return Running(
        deployment,
        issuer=client["issuer"],
        mtls=server["mtls_base_url"],
        resource=client["resource"],
        client=client["web"]["origin"],
        walkthrough=observer["origin"],
    )


def up(deployment: Deployment, log: IO[str] | int) -> subprocess.Popen[str]:
    """What `make up` executes, for *deployment*, as a group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.up", "--config", str(deployment.pki.parent)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        start_new_session=True,
    )


def ready_line(process: subprocess.Popen[str]) -> str:
    """The line that says that all listen."""
    assert process.stdout is not None
    return process.stdout.readline()
