"""
A node that is ended while many ask: what was acknowledged is so after the next start,
and what is to happen once has happened once.
"""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
import pytest

from tests.deployment.nodes import Nodes
from tests.deployment.running import PATIENCE

pytestmark = pytest.mark.slow

BANK, OPAQUE = "banking-client", "tpp-opaque"
THREADS = 3
ENOUGH = 20
"""Acknowledgements of each kind before the signal comes."""

SIGNALS = pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGTERM, 0), (signal.SIGKILL, -9)]
)


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    nodes = Nodes(tmp_path_factory.mktemp("ended"))
    try:
        for name in ("rs", "as"):
            nodes.start(name)
        yield nodes
    finally:
        nodes.close()


@dataclass
class Load:
    """Threads that do *work*, which goes on until nobody answers."""

    work: Callable[[], None]
    enough: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._threads = [threading.Thread(target=self._run) for _ in range(THREADS)]
        for each in self._threads:
            each.start()

    def wait(self) -> None:
        """Until *enough* was acknowledged."""
        assert self.enough.wait(PATIENCE)

    def end(self) -> None:
        """Nobody answers any more."""
        for each in self._threads:
            each.join(PATIENCE)
            assert not each.is_alive()

    def _run(self) -> None:
        with suppress(httpx.TransportError):
            self.work()


@SIGNALS
def test_tokens_and_revocations(nodes: Nodes, sent: signal.Signals, code: int) -> None:
    """RFC 7009 section 2: a revocation that was acknowledged outlives the process."""
    kept: list[str] = []
    revoked: list[str] = []

    def work() -> None:
        with nodes.client(OPAQUE) as client:
            while True:
                answer = nodes.token(client, OPAQUE)
                assert answer.status_code == 200
                kept.append(answer.json()["access_token"])
                token = nodes.token(client, OPAQUE).json()["access_token"]
                assert nodes.revoke(client, OPAQUE, token).status_code == 200
                revoked.append(token)
                if len(revoked) >= ENOUGH:
                    load.enough.set()

    load = Load(work)
    load.wait()
    assert nodes.end("as", sent) == code
    load.end()
    node = nodes.start("as")
    with nodes.client(OPAQUE) as client:
        assert {nodes.accounts(client, each).status_code for each in kept} == {200}
        assert {nodes.accounts(client, each).status_code for each in revoked} == {401}
    assert "Traceback" not in "".join(node.log)


@SIGNALS
def test_consents(nodes: Nodes, sent: signal.Signals, code: int) -> None:
    """Open Banking v4.0: what was acknowledged is there, what was deleted not."""
    kept: list[str] = []
    deleted: list[str] = []
    with nodes.client(BANK) as client:
        token = nodes.token(client, BANK).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}

    def work() -> None:
        with nodes.client(BANK) as client:
            while True:
                for done in (kept, deleted):
                    answer = nodes.create_consent(client, token)
                    assert answer.status_code == 201
                    url = answer.json()["Links"]["Self"]
                    if done is deleted:
                        gone = client.delete(url, headers=bearer)
                        assert gone.status_code == 204
                    done.append(url)
                if len(deleted) >= ENOUGH:
                    load.enough.set()

    load = Load(work)
    load.wait()
    assert nodes.end("rs", sent) == code
    load.end()
    nodes.start("rs")
    with nodes.client(BANK) as client:
        found = {client.get(url, headers=bearer).status_code for url in kept}
        assert found == {200}
        found = {client.get(url, headers=bearer).status_code for url in deleted}
        assert found == {400}
