"""The observer in memory."""

from pathlib import Path

from pki.issuing.layout import Layout
from pki.node import configuration
from pki.node.process import Node, Surroundings
from pki.observability.witness import Witness
from scripts.walkthrough.config import SHIPPED, Config
from scripts.walkthrough.live.limits import LIMITS, Limits
from scripts.walkthrough.serving.pages import LONG_POLLING, LongPolling
from scripts.walkthrough.wiring import assemble
from tests.client_node.in_memory import web as web_in_memory
from tests.client_node.in_memory.bank import Bank, Pki, silent_witness

ORIGIN = "https://127.0.0.1:9447"


def configured(pki: Pki, folder: Path, *changes: tuple[str, str]) -> Path:
    """The shipped configuration, with certificates and recordings in *folder*."""
    web_in_memory.provided(pki, folder)
    web_in_memory.configured(folder)
    Layout(folder).write("walkthrough", pki.server)
    text = SHIPPED.read_text()
    for old, new in (
        ("../../pki/issued/", f"{folder}/"),
        ("../../build/", f"{folder}/"),
        ("../../client_node/", f"{folder}/"),
        *changes,
    ):
        assert old in text, f"{old} is not in walkthrough.toml"
        text = text.replace(old, new)
    path = folder / "walkthrough.toml"
    path.write_text(text)
    return path


def read(path: Path) -> Config:
    """What a configuration file says."""
    return configuration.read(path, Config)


def served(
    bank: Bank,
    config: Config,
    *,
    limits: Limits = LIMITS,
    polling: LongPolling = LONG_POLLING,
    witness: Witness | None = None,
) -> Node:
    """The observer, listening in memory by names of its own and of others."""
    network = bank.network
    surroundings = Surroundings(
        network.reactor, network.clock, witness or silent_witness()
    )
    node = assemble(config, surroundings, limits=limits, polling=polling)
    (service,) = node.services
    assert (service.key, service.where) == ("listen", config.listen)
    for host in ("127.0.0.1", "localhost"):
        network.listen(host, 9447, service.listener, service.context)
    return node
