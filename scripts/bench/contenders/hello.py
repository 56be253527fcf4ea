"""The yardstick: Twisted's own web server, mutual TLS, and a constant."""

import sys
from contextlib import ExitStack
from importlib.metadata import version

from OpenSSL import SSL

from scripts.bench import clients
from scripts.bench.contenders import checking, requests
from scripts.bench.contenders.child import started, wait_for
from scripts.bench.contenders.contender import Running
from scripts.bench.contenders.rotation import TOKENS_EACH, alike
from scripts.bench.contenders.site import Site
from scripts.bench.load.callers import Caller, Once, Repeating
from scripts.deployment.configuration import ROOT
from scripts.deployment.own_nodes import free_ports


def start(site: Site, stack: ExitStack) -> Running:
    """
    Start it; it refuses who has no certificate of the client authority's.

    Raises:
        Skipped: it does not run.
    """
    (port,) = free_ports(1)
    folder = site.folder / "hello"
    folder.mkdir()
    command = [sys.executable, "-m", "scripts.bench.contenders.hello_server"]
    files = (site.certificate("as"), site.key("as"), site.client_roots)
    pid = started(
        [*command, str(port), *map(str, files)],
        folder,
        site.core,
        stack,
        {"PYTHONPATH": str(ROOT)},
    )
    wait_for(port, pid, folder)
    request = requests.get(port, "/hello")
    checking.success(site, port, clients.ES256.client_id, request)

    def rotating() -> list[Caller]:
        """The same certificates as in the other rotations."""
        return [
            Repeating(site.door(port, client.client_id), [request])
            for client in clients.ROTATING
        ]

    def once() -> list[Caller]:
        """As often as there are new tokens elsewhere."""
        return [
            Once(site.door(port, client.client_id), [request] * TOKENS_EACH)
            for client in clients.ROTATING
        ]

    return Running(
        twisted_version(),
        [pid],
        {
            "hello": lambda: alike(site, port, clients.ES256.client_id, request),
            "hello-rotating": rotating,
            "hello-once": once,
        },
    )


def twisted_version() -> str:
    """Twisted's, and that of the OpenSSL which pyOpenSSL brings."""
    openssl = SSL.OpenSSL_version(SSL.OPENSSL_VERSION).decode().split()[1]
    return f"Twisted {version('twisted')} on OpenSSL {openssl}"
