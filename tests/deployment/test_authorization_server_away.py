"""
`kill -9` for the authorization server alone: the bank goes on for a while, refuses what
was revoked, then fails closed, and recovers by itself. Real processes.
"""

import json
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from scripts.deployment import certificates
from scripts.deployment.configuration import ROOT, copied
from tests.deployment.running import PATIENCE, Running, as_told, free_ports

pytestmark = pytest.mark.slow

NAME = "banking-client"


class Node:
    """One node that can be killed and started again."""

    def __init__(self, name: str, config: Path) -> None:
        self._command = [sys.executable, "-m", f"{name}_node", "--config", str(config)]
        self.start()

    def start(self) -> None:
        """Start it, and wait until it listens."""
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        assert json.loads(self._process.stdout.readline())["ready"]

    def kill(self) -> None:
        """SIGKILL. A second time changes nothing."""
        self._process.kill()
        self._process.communicate(timeout=PATIENCE)


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[Node, Running]]:
    """The authorization server, and where both are; the bank is patient for 3 s."""
    deployment = copied(tmp_path, free_ports(5))
    list(certificates.put_in_place(deployment))
    bank = deployment.resource_server
    text = bank.read_text().replace("list_seconds = 5\n", "list_seconds = 0.2\n")
    bank.write_text(text.replace("survival_seconds = 60\n", "survival_seconds = 3\n"))
    with ExitStack() as stack:
        server = Node("as", deployment.authorization_server)
        stack.callback(server.kill)
        stack.callback(Node("rs", bank).kill)
        yield server, as_told(deployment)


@pytest.fixture
def client(nodes: tuple[Node, Running]) -> Iterator[httpx.Client]:
    """httpx with the client's certificate."""
    _, running = nodes
    context = ssl.create_default_context(cafile=running.server_roots)
    context.load_cert_chain(*running.certificate(NAME))
    with httpx.Client(verify=context, timeout=PATIENCE) as client:
        yield client


def wait_for(client: httpx.Client, running: Running, token: str, status: int) -> None:
    """Ask for the accounts until the answer has this status."""
    give_up = time.monotonic() + PATIENCE
    while accounts(client, running, token).status_code != status:
        assert time.monotonic() < give_up


def accounts(client: httpx.Client, running: Running, token: str) -> httpx.Response:
    """The answer to a request for the accounts."""
    headers = {"Authorization": f"Bearer {token}"}
    return client.get(f"{running.resource}/accounts", headers=headers)


@pytest.mark.check("status-list.recent")
def test_the_authorization_server_is_killed(
    nodes: tuple[Node, Running], client: httpx.Client
) -> None:
    """No revoked token is ever good again; the others are, when the server is back."""
    server, running = nodes
    form = {"grant_type": "client_credentials", "client_id": NAME}
    kept, revoked = (
        client.post(f"{running.mtls}/token", data=form).json()["access_token"]
        for _ in range(2)
    )
    form = {"client_id": NAME, "token": revoked}
    assert client.post(f"{running.mtls}/revoke", data=form).status_code == 200
    wait_for(client, running, revoked, 401)
    server.kill()
    assert accounts(client, running, kept).status_code == 200
    assert accounts(client, running, revoked).status_code == 401
    wait_for(client, running, kept, 503)
    assert accounts(client, running, kept).headers["retry-after"] == "5"
    server.start()
    wait_for(client, running, kept, 200)
    assert accounts(client, running, revoked).status_code == 401
