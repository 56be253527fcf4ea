"""What outlives what: a client of one's own, rotated keys, a kill, a revocation."""

import base64
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from scripts.deployment.configuration import ROOT, Deployment, copied
from tests.deployment.running import (
    PATIENCE,
    Running,
    as_told,
    free_ports,
    ready_line,
    up,
)

NAME = "my-tpp"
REVOKED = "my-revoked-tpp"


def run(*arguments: str) -> str:
    """What one of our commands prints."""
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=PATIENCE
    )
    return done.stdout


@dataclass(slots=True)
class Lab:
    """A deployment with two more clients, which can be killed and started again."""

    deployment: Deployment
    running: Running
    process: subprocess.Popen[str]

    def client(self, name: str) -> httpx.Client:
        """httpx with the certificate of *name*."""
        context = ssl.create_default_context(cafile=self.running.server_roots)
        context.load_cert_chain(*self.running.certificate(name))
        return httpx.Client(verify=context, timeout=PATIENCE)

    def token(self, client: httpx.Client, name: str) -> httpx.Response:
        """The answer to a token request of *name*."""
        form = {"grant_type": "client_credentials", "client_id": name}
        return client.post(f"{self.running.mtls}/token", data=form)

    def accounts(self, client: httpx.Client, token: str) -> int:
        """The status of a request for the accounts."""
        bearer = {"Authorization": f"Bearer {token}"}
        return client.get(
            f"{self.running.resource}/accounts", headers=bearer
        ).status_code

    def start(self) -> None:
        """Start the nodes again."""
        self.process = up(self.deployment, subprocess.DEVNULL)
        assert ready_line(self.process).startswith("ready")

    def end(self, sent: signal.Signals) -> None:
        """End the nodes."""
        os.killpg(self.process.pid, sent)
        self.process.communicate(timeout=PATIENCE)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Made as the README says: issue, paste the table, start."""
    deployment = copied(tmp_path_factory.mktemp("lab"), free_ports(5))
    config = ["--config", str(deployment.pki)]
    run("pki", *config)
    tables = [
        run("pki", *config, "client", name, "--san-dns", f"{name}.example.com")
        for name in (NAME, REVOKED)
    ]
    shipped = deployment.authorization_server.read_text()
    at_once = shipped.replace("crl_check_seconds = 5", "crl_check_seconds = 0")
    deployment.authorization_server.write_text("\n".join([at_once, *tables]))
    banks = deployment.resource_server
    quick = banks.read_text().replace("list_seconds = 5\n", "list_seconds = 0.2\n")
    banks.write_text(quick)
    process = up(deployment, subprocess.DEVNULL)
    assert ready_line(process).startswith("ready")
    made = Lab(deployment, as_told(deployment), process)
    yield made
    made.end(signal.SIGTERM)


def test_a_client_of_ones_own(lab: Lab) -> None:
    """RFC 8705 section 2.1.2: the printed table is all that has to be pasted."""
    with lab.client(NAME) as client:
        answer = lab.token(client, NAME)
        assert answer.status_code == 200, answer.text
        assert lab.accounts(client, answer.json()["access_token"]) == 200


def kid(token: str) -> str:
    """The key that signed a JWT."""
    header = token.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(header + "=="))["kid"])


def test_rotated_keys(lab: Lab) -> None:
    """RFC 7517 section 5: a resource server that has cached the keys keeps working."""
    with lab.client("banking-client") as client:
        before = lab.token(client, "banking-client").json()["access_token"]
        assert lab.accounts(client, before) == 200
        server = str(lab.deployment.authorization_server)
        run("as_node.rotate_keys", "--config", server, "--alg", "ES256")
        after = before
        give_up = time.monotonic() + PATIENCE
        while kid(after) == kid(before):  # noticed within five seconds
            assert time.monotonic() < give_up
            after = lab.token(client, "banking-client").json()["access_token"]
        assert lab.accounts(client, after) == 200
        assert lab.accounts(client, before) == 200


def test_a_revoked_jwt(lab: Lab) -> None:
    """FAPI 2.0 section 5.3.4: the bank notices, which verifies its tokens itself."""
    with lab.client("banking-client") as client:
        revoked, other = (
            lab.token(client, "banking-client").json()["access_token"] for _ in "12"
        )
        assert lab.accounts(client, revoked) == lab.accounts(client, other) == 200
        form = {"client_id": "banking-client", "token": revoked}
        answer = client.post(f"{lab.running.mtls}/revoke", data=form)
        assert answer.status_code == 200
        give_up = time.monotonic() + PATIENCE
        while lab.accounts(client, revoked) != 401:
            assert time.monotonic() < give_up
        assert lab.accounts(client, other) == 200


@pytest.mark.slow
def test_opaque_tokens_outlive_a_kill(lab: Lab) -> None:
    """What was acknowledged is there after kill -9, revocations too."""
    with lab.client("tpp-opaque") as client:
        kept = lab.token(client, "tpp-opaque").json()["access_token"]
        revoked = lab.token(client, "tpp-opaque").json()["access_token"]
        form = {"client_id": "tpp-opaque", "token": revoked}
        answer = client.post(f"{lab.running.mtls}/revoke", data=form)
        assert answer.status_code == 200
    lab.end(signal.SIGKILL)
    lab.start()
    with lab.client("tpp-opaque") as client:
        assert lab.accounts(client, kept) == 200
        assert lab.accounts(client, revoked) == 401


def test_a_revoked_certificate_stops_on_an_open_connection(lab: Lab) -> None:
    """RFC 8705 section 2.1: the verdict is kept with it, but not for ever."""
    with lab.client(REVOKED) as client:
        assert lab.token(client, REVOKED).status_code == 200
        run("pki", "--config", str(lab.deployment.pki), "revoke", REVOKED)
        refused = lab.token(client, REVOKED)
        assert refused.status_code == 401
        assert refused.json()["error"] == "invalid_client"
