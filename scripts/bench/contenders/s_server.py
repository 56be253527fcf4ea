"""Bare handshakes: `openssl s_server`, one connection after the other."""

import re
import subprocess
from contextlib import ExitStack

from scripts.bench import clients
from scripts.bench.contenders import checking, requests
from scripts.bench.contenders.child import HOST, started, wait_for
from scripts.bench.contenders.contender import Running, Skipped
from scripts.bench.contenders.rotation import alike
from scripts.bench.contenders.site import Site
from scripts.deployment.own_nodes import free_ports


def start(site: Site, stack: ExitStack) -> Running:
    """
    Start it; it answers each request with a page about the connection, and hangs up.

    Raises:
        Skipped: it is not installed, or does not run.
    """
    version = _version()
    (port,) = free_ports(1)
    folder = site.folder / "s_server"
    folder.mkdir()
    command = [
        *("openssl", "s_server", "-accept", f"{HOST}:{port}", "-www", "-quiet"),
        *("-tls1_3", "-num_tickets", "0", "-no_cache"),
        *("-cert", str(site.certificate("as")), "-key", str(site.key("as"))),
        *("-CAfile", str(site.client_roots), "-Verify", "3", "-verify_return_error"),
    ]
    pid = started(command, folder, site.core, stack)
    wait_for(port, pid, folder)
    name, request = clients.ES256.client_id, requests.get(port, "/")
    checking.success(site, port, name, request)
    work = {"handshake": lambda: alike(site, port, name, request)}
    return Running(version, [pid], work)


def _version() -> str:
    try:
        said = subprocess.run(
            ["openssl", "version"],  # noqa: S607 - whichever is the machine's
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as problem:
        raise Skipped("there is no openssl") from problem
    found = re.match(r"OpenSSL \S+", said.stdout)
    return f"{found[0] if found else 'openssl'}'s s_server"
