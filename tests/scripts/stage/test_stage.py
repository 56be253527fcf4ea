"""A step whose handshake is to fail: told as it came, and not as it was planned."""

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.resource_request import request_resource
from pki.mtls.client import MutualTLSClient
from pki.mtls.contexts import ClientContext
from pki.observability.operator_log import OperatorLog
from pki.observability.recording import Recording
from pki.observability.witness import Witness
from pki.thumbprint import x5t_s256
from scripts.showing.key_presses import Key
from scripts.showing.showing import Showing
from scripts.stage.odd_handshakes import without_its_key
from scripts.stage.plan import ActPlan, Plan
from scripts.stage.stage import NODE, Stage
from scripts.telling.narration import Narration
from scripts.telling.terminal import Terminal
from scripts.walkthrough.evidence.evidence import Evidence
from scripts.walkthrough.recordings.recordings import Recordings
from scripts.walkthrough.story.story import Step
from tests.client_node.in_memory.bank import Pki, new_pki
from tests.in_memory.listeners import MUTUAL_TLS, Bench, bench

ACCOUNTS = f"https://localhost:{MUTUAL_TLS}/accounts"
PLAN = Plan("an-act.fails", "It fails", "", "", "alert decrypt_error", thief=True)
ACT = ActPlan("an-act", "An act", "", "So.", "So?", "So.", (PLAN.name,), frozenset())


@pytest.fixture(scope="module")
def pki() -> Pki:
    """A victim, and a thief with a certificate of the same authority."""
    return new_pki()


@pytest.fixture
def place(pki: Pki, tmp_path: Path) -> Iterator[Bench]:
    """A resource server that records."""
    recording = Recording(tmp_path / "rs.jsonl", "rs", time.time)
    yield bench(pki.server_root.credential, pki.server, recording)
    recording.close()


async def _on() -> Key:
    return "next"


def step_of(place: Bench, pki: Pki, folder: Path, context: ClientContext) -> Step:
    """The step, played by a client with *context*."""
    recording = Recording(folder / f"{NODE}.jsonl", NODE, time.time)
    network = place.network
    http = MutualTLSClient(
        network.reactor,
        context,
        Witness(OperatorLog(NODE, io.StringIO()), recording),
        endpoint=network.endpoint,
    )
    holders = {x5t_s256(pki.client.leaf_der): "banking-client"}
    showing = Showing(Narration(Terminal(io.StringIO(), 100, colour=False)), _on)
    stage = Stage(Recordings(folder), showing, Evidence(holders), holders)

    async def moment() -> None:
        network.flush()

    async def play() -> None:
        await stage.act(ACT)
        going = request_resource(Identity("tpp", None, http), ACCOUNTS, "t")
        await stage.failed_handshake(PLAN, going, moment)

    network.run(play())
    recording.close()
    (step,) = stage.acts[0].steps
    return step


def test_a_handshake_that_fails(place: Bench, pki: Pki, tmp_path: Path) -> None:
    """What the listener has seen of it, and the alert that the thief has heard."""
    roots = pki.server_roots
    context = without_its_key(pki.client.chain, pki.other, roots, trace=True)
    step = step_of(place, pki, tmp_path, context)
    assert step.passed
    (exchange,) = step.exchanges
    assert (exchange.client, exchange.client_lane) == ("anonymous", "thief")
    assert (exchange.server, exchange.response) == ("rs", None)
    assert exchange.request.start == "GET /accounts HTTP/1.1"
    handshake = exchange.handshake
    assert handshake.client_certificate is not None
    assert handshake.client_certificate.holder == "banking-client"
    assert "bad signature" in handshake.failure
    assert "read certificate verify" not in handshake.messages
    assert exchange.curl.text == ""


def test_a_handshake_that_does_not(place: Bench, pki: Pki, tmp_path: Path) -> None:
    """Then the step has not come out as it should."""
    context = ClientContext(pki.client, pki.server_roots, trace=True)
    step = step_of(place, pki, tmp_path, context)
    assert (step.came, step.passed) == ("200", False)
    assert step.exchanges[0].handshake.failure == ""
