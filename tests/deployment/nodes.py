"""Nodes of a deployment, each a process by itself, and what a machine does to them."""

import json
import re
import resource
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from scripts.deployment import certificates
from scripts.deployment.configuration import ROOT, Deployment, copied
from tests.deployment.running import PATIENCE, Running, as_told, free_ports

NAMES = ("rs", "as", "client")


class Node:
    """One process, and the lines of its log: a pipe, which no limit on files cuts."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment or None,
        )
        self.log: list[str] = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def wait_until_it_listens(self) -> None:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.log
        assert json.loads(line)["ready"]

    def end(self, sent: signal.Signals) -> int:
        """Its exit code, after this signal."""
        self.process.send_signal(sent)
        code = self.process.wait(PATIENCE)
        self._reading.join(PATIENCE)
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.process.stdout.close()
        self.process.stderr.close()
        return code

    @contextmanager
    def limited(self, what: int, soft: int) -> Iterator[None]:
        """Under a limit of the operating system, which is lifted again."""
        pid = self.process.pid
        before, hard = resource.prlimit(pid, what)
        resource.prlimit(pid, what, (soft, hard))
        try:
            yield
        finally:
            resource.prlimit(pid, what, (before, hard))

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.log.extend(self.process.stderr)


class Nodes:
    """A deployment on free ports, whose nodes are started and ended one by one."""

    def __init__(self, folder: Path) -> None:
        self.deployment: Deployment = copied(folder, free_ports(5))
        list(certificates.put_in_place(self.deployment))
        self.running: Running = as_told(self.deployment)
        self.nodes: dict[str, Node] = {}

    @property
    def configs(self) -> Mapping[str, Path]:
        return {
            "as": self.deployment.authorization_server,
            "rs": self.deployment.resource_server,
            "client": self.deployment.client,
        }

    def database(self, name: str) -> Path:
        return self.deployment.build / "state" / f"{name}.sqlite3"

    def command(self, name: str) -> list[str]:
        serve = ["serve"] if name == "client" else []
        module = f"{name}_node"
        config = str(self.configs[name])
        return [sys.executable, "-m", module, "--config", config, *serve]

    def start(
        self,
        name: str,
        environment: Mapping[str, str] | None = None,
        before: Sequence[str] = (),
    ) -> Node:
        """Start a node, by way of the command *before*, and wait until it listens."""
        node = Node([*before, *self.command(name)], environment or {})
        self.nodes[name] = node
        node.wait_until_it_listens()
        return node

    def end(self, name: str, sent: signal.Signals = signal.SIGTERM) -> int:
        return self.nodes.pop(name).end(sent)

    def close(self) -> None:
        """Leave no process behind."""
        for name in list(self.nodes):
            self.end(name, signal.SIGKILL)

    def client(self, name: str | None) -> httpx.Client:
        """httpx with the certificate of *name*, if any."""
        context = ssl.create_default_context(cafile=self.running.server_roots)
        if name is not None:
            context.load_cert_chain(*self.running.certificate(name))
        return httpx.Client(verify=context, timeout=PATIENCE)

    def token(
        self, client: httpx.Client, client_id: str, **more: str
    ) -> httpx.Response:
        form = {"grant_type": "client_credentials", "client_id": client_id, **more}
        return client.post(f"{self.running.mtls}/token", data=form)

    def revoke(
        self, client: httpx.Client, client_id: str, token: str
    ) -> httpx.Response:
        form = {"client_id": client_id, "token": token}
        return client.post(f"{self.running.mtls}/revoke", data=form)

    def accounts(self, client: httpx.Client, token: str) -> httpx.Response:
        bearer = {"Authorization": f"Bearer {token}"}
        return client.get(f"{self.running.resource}/accounts", headers=bearer)

    def create_consent(self, client: httpx.Client, token: str) -> httpx.Response:
        path = "/open-banking/v4.0/aisp/account-access-consents"
        body = {"Data": {"Permissions": ["ReadAccountsBasic"]}, "Risk": {}}
        bearer = {"Authorization": f"Bearer {token}"}
        return client.post(f"{self.running.resource}{path}", json=body, headers=bearer)

    def connect(self, browser: httpx.Client) -> httpx.Response:
        """A customer presses the button of the banking client's first page."""
        page = browser.get(f"{self.running.client}/")
        token = re.search(r'name="csrf" value="([^"]+)"', page.text)
        assert token is not None, page.text
        return browser.post(
            f"{self.running.client}/connect",
            data={"csrf": token[1]},
            headers={"Origin": self.running.client},
        )


def assert_away(answer: httpx.Response) -> None:
    """503, and when to come back."""
    assert answer.status_code == 503, answer.text
    assert answer.headers["retry-after"].isdigit()
    assert "Traceback" not in answer.text
