"""
A machine's clock, set forward and back under the real processes (libfaketime).

Their monotonic clocks go on, as those of a machine do.
"""

import json
import os
import subprocess
import sys
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from client_node.oauth.token.client_assertion import (
    assertion_parameters,
    client_assertion,
    load_signing_key,
)
from pki.issuing.layout import Layout
from scripts.deployment.configuration import ROOT
from tests.deployment.nodes import Nodes
from tests.deployment.running import PATIENCE

pytestmark = pytest.mark.slow

BANK, SIGNING = "banking-client", "tpp-private-key-jwt"


def library() -> Path:
    """The preloaded library, of whatever architecture."""
    for found in Path("/usr/lib").glob("*/faketime/libfaketime.so.1"):
        return found
    return pytest.skip("no libfaketime is here (Debian: apt-get install libfaketime)")


@dataclass
class Machine:
    """Authorization server and resource server on one machine with one clock."""

    nodes: Nodes
    file: Path

    def set_clock(self, ahead: int) -> None:
        """So many seconds ahead of the true time, or behind it."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{ahead:+d}\n")
        new.replace(self.file)

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",  # the name before version 0.9.8
        }


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("clock")
    machine = Machine(Nodes(folder), folder / "clock")
    machine.set_clock(0)
    config = machine.nodes.deployment.resource_server
    often = config.read_text().replace("refetch_seconds = 10", "refetch_seconds = 1")
    config.write_text(often)
    try:
        for name in ("as", "rs"):
            machine.nodes.start(name, machine.environment())
        yield machine
    finally:
        machine.nodes.close()


def asserted(machine: Machine, now: float) -> dict[str, str]:
    """A new assertion, made by a client that has the server's time."""
    nodes = machine.nodes
    key = load_signing_key(Layout(nodes.running.issued).signing_key(SIGNING))
    assertion = client_assertion(key, SIGNING, nodes.running.issuer, now)
    return {
        "grant_type": "client_credentials",
        **assertion_parameters(assertion),
    }


def server_time(answer: httpx.Response) -> float:
    """By the Date of its answer."""
    return parsedate_to_datetime(answer.headers["date"]).timestamp()


def is_active(nodes: Nodes, token: str) -> bool:
    """What the authorization server says of it, to the resource server."""
    form = {"client_id": "accounts-rs", "token": token}
    with nodes.client("accounts-rs") as asking:
        answer = asking.post(f"{nodes.running.mtls}/introspect", data=form)
    assert answer.status_code == 200
    return answer.json()["active"] is True


@pytest.mark.parametrize("ahead", [7200, 3 * 86_400])
def test_forward_and_back(machine: Machine, ahead: int) -> None:
    """A used assertion stays used, a revoked token revoked, a kept one in force."""
    nodes = machine.nodes
    url = f"{nodes.running.mtls}/token"
    with nodes.client(BANK) as client, nodes.client(SIGNING) as signing:
        now = server_time(client.get(f"{nodes.running.mtls}/jwks"))
        form = asserted(machine, now)
        assert signing.post(url, data=form).status_code == 200
        kept = nodes.token(client, BANK).json()["access_token"]
        gone = nodes.token(client, BANK).json()["access_token"]
        assert nodes.revoke(client, BANK, gone).status_code == 200
        machine.set_clock(ahead)
        later = server_time(client.get(f"{nodes.running.mtls}/jwks"))
        assert later - now > ahead - 60
        for _ in range(6):
            assert signing.post(url, data=asserted(machine, later)).status_code == 200
        for _ in range(6):
            other = nodes.token(client, BANK).json()["access_token"]
            assert nodes.revoke(client, BANK, other).status_code == 200
        assert nodes.accounts(client, kept).status_code == 401
        machine.set_clock(0)
        assert signing.post(url, data=form).status_code == 401
        assert is_active(nodes, gone) is False
        assert is_active(nodes, kept) is True
        assert nodes.accounts(client, kept).status_code == 200
    assert_no_traceback(machine)


def test_keys_are_rotated_and_the_clock_goes_back(machine: Machine) -> None:
    """The resource server asks for the new keys, and waits for no clock to catch up."""
    nodes = machine.nodes
    machine.set_clock(7200)
    with nodes.client(BANK) as client:
        _, status = used(nodes, client)
        assert status == 200
        machine.set_clock(0)
        known = {used(nodes, client)[0]}
        for _ in range(2):
            rotate(nodes)
            kid, status = used(nodes, client)
            give_up = time.monotonic() + PATIENCE
            # The one looks for new keys every five seconds, the other every second.
            while kid in known or status != 200:
                assert time.monotonic() < give_up
                kid, status = used(nodes, client)
            known.add(kid)
    assert_no_traceback(machine)


def used(nodes: Nodes, client: httpx.Client) -> tuple[str, int]:
    """Which key signed a new token, and what the resource server says to it."""
    token = nodes.token(client, BANK).json()["access_token"]
    header = json.loads(urlsafe_b64decode(token.split(".")[0] + "=="))
    return header["kid"], nodes.accounts(client, token).status_code


def rotate(nodes: Nodes) -> None:
    config = str(nodes.deployment.authorization_server)
    command = [sys.executable, "-m", "as_node.rotate_keys", "--config", config]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


def assert_no_traceback(machine: Machine) -> None:
    for node in machine.nodes.nodes.values():
        assert "Traceback" not in "".join(node.log)
