"""A node that may open no more files: who is connected is served, the others later."""

import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.deployment.nodes import NAMES, Nodes

pytestmark = pytest.mark.slow

CLIENT = "tpp-opaque"
FREE = 4
"""Descriptors left: fewer than come to connect."""


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    nodes = Nodes(tmp_path_factory.mktemp("descriptors"))
    try:
        for name in NAMES:
            nodes.start(name)
        yield nodes
    finally:
        nodes.close()


def place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    return parts.hostname, parts.port


@pytest.mark.parametrize("name", ["as", "rs"])
def test_descriptors_are_used_up(nodes: Nodes, name: str) -> None:
    """Whoever has a connection loses no write; afterwards everybody is let in again."""
    url = nodes.running.mtls if name == "as" else nodes.running.resource
    pid = nodes.nodes[name].process.pid
    begin = len(nodes.nodes[name].log)
    with nodes.client(CLIENT) as client, ExitStack() as others:
        token = works(nodes, client)
        used = max(int(each.name) for each in Path(f"/proc/{pid}/fd").iterdir())
        with nodes.nodes[name].limited(resource.RLIMIT_NOFILE, used + 1 + FREE):
            for _ in range(8 * FREE):
                other = others.enter_context(socket.socket())
                other.setblocking(False)  # noqa: FBT003 - its only parameter
                with suppress(BlockingIOError):
                    other.connect(place(url))
            kept = nodes.token(client, CLIENT)
            assert kept.status_code == 200
            for _ in range(5):
                assert nodes.accounts(client, token).status_code == 200
                assert nodes.token(client, CLIENT).status_code == 200
        others.close()
        with nodes.client(CLIENT) as new:
            works(nodes, new)
        assert nodes.accounts(client, kept.json()["access_token"]).status_code == 200
    assert "Traceback" not in "".join(nodes.nodes[name].log[begin:])


def works(nodes: Nodes, client: httpx.Client) -> str:
    """A token that is good for the accounts."""
    token = nodes.token(client, CLIENT).json()["access_token"]
    assert isinstance(token, str)
    assert nodes.accounts(client, token).status_code == 200
    return token
