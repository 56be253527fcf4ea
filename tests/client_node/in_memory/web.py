"""The web process in memory."""

from collections.abc import Callable
from pathlib import Path

from client_node.config import SHIPPED, Config
from client_node.web.wiring import assemble
from pki import pem
from pki.issuing.layout import Layout
from pki.node import configuration
from pki.node.process import Node, Surroundings
from pki.observability.witness import Witness
from tests.client_node.in_memory.bank import Bank, Pki, silent_witness

Serve = Callable[[Config], Node]
"""How a test has the web process: the fixture `serve` closes it in the end."""


def provided(pki: Pki, folder: Path) -> None:
    """The certificates and keys of *pki* that the client needs, in *folder*."""
    layout = Layout(folder)
    layout.write("client-web", pki.server)
    layout.write("tpp-self-signed-jwks-uri", pki.self_signed)
    layout.write("banking-client", pki.client)
    layout.server_roots.write_bytes(pem.certificates_to_pem(pki.server_roots))


def configured(folder: Path, *changes: tuple[str, str]) -> Config:
    """The shipped configuration, with certificates and state in *folder*."""
    text = SHIPPED.read_text().replace("../pki/issued/", f"{folder}/")
    for old, new in (("../build/", f"{folder}/"), *changes):
        assert old in text, f"{old} is not in client.toml"
        text = text.replace(old, new)
    path = folder / "client.toml"
    path.write_text(text)
    return configuration.read(path, Config)


def served(bank: Bank, config: Config, witness: Witness | None = None) -> Node:
    """The web process, listening in memory at both its names."""
    network = bank.network
    surroundings = Surroundings(
        network.reactor, network.clock, witness or silent_witness()
    )
    node = assemble(config, surroundings, endpoint=network.endpoint)
    (service,) = node.services
    assert (service.key, service.where) == ("web.listen", config.web.listen)
    for host in ("127.0.0.1", "localhost"):
        network.listen(host, 9446, service.listener, service.context)
    return node
