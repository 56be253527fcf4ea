"""
`make up`: the three nodes and the walk-through in the foreground, until Ctrl-C.

Their logs go to standard error; on a terminal they are told so that a person can read
them, and what to do is told before. When all accept connections, one line that begins
with `ready` goes to standard output. Ends with 0 on SIGINT or SIGTERM, with 1 where
one of them does not start or ends by itself.
"""

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from twisted.internet import task
from twisted.internet.defer import Deferred

from pki.issuing.config import Config
from pki.issuing.layout import Refused
from pki.node import configuration
from pki.node.configuration import read_toml
from pki.node.signals import stop_once
from pki.node.standard_output import say
from scripts.deployment import certificates, recordings
from scripts.deployment.configuration import SHIPPED, Deployment, in_folder
from scripts.deployment.processes import (
    NotStarted,
    Processes,
    node_arguments,
    observer_arguments,
)
from scripts.showing.live_guide import Live, tell_live
from scripts.telling.terminal import of_stream


def main() -> None:
    """Run the deployment that the arguments name."""
    options = _options()
    deployment = SHIPPED if options.config is None else in_folder(options.config)
    if options.plain:
        os.environ["NO_COLOR"] = "1"  # the nodes' too, who inherit it
    try:
        for line in certificates.put_in_place(deployment):
            print(line, file=sys.stderr)
        folder = recordings.new_folder(deployment)
    except (ValueError, OSError, Refused) as error:
        sys.exit(f"up: {error}")
    task.react(_serve, (deployment, folder))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make up", description=__doc__)
    parser.add_argument("--plain", action="store_true", help="no colour")
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FOLDER",
        help="the deployment that `python -m scripts.elsewhere` has laid down there",
    )
    return parser.parse_args()


async def _serve(reactor: Any, deployment: Deployment, folder: Path) -> None:
    # `react` installs the signal handlers after its first turn.
    await task.deferLater(reactor, 0)
    stop_once(reactor)
    processes = Processes(reactor)
    reactor.addSystemEventTrigger(
        "before", "shutdown", lambda: Deferred.fromCoroutine(processes.stop())
    )
    commands = node_arguments(deployment, folder)
    commands["walkthrough"] = observer_arguments(deployment)
    if sys.stderr.isatty():
        print("starting the three nodes and the walk-through", file=sys.stderr)
    try:
        for name, command in commands.items():
            await processes.start(name, command)
    except NotStarted as problem:
        shutil.rmtree(folder, ignore_errors=True)
        raise SystemExit(problem.exit_code) from problem
    recordings.put_in_place(folder, deployment)
    say(_ready(deployment))
    if sys.stderr.isatty():
        tell_live(of_stream(sys.stderr), _live(deployment))
    name, exit_code = await processes.first_to_end()
    # Each ends with 0 only where it was told to: Ctrl-C tells the whole group.
    if exit_code != 0 and not processes.stopping:
        why = "killed by a signal" if exit_code is None else f"exit code {exit_code}"
        sys.exit(f"up: {name} has ended by itself: {why}")


def _ready(deployment: Deployment) -> str:
    """The URLs under which others reach them all, as the configuration has them."""
    observer = read_toml(deployment.walkthrough)
    server = read_toml(deployment.authorization_server)
    client = read_toml(deployment.client)
    return (
        f"ready: walk-through {observer['origin']}, "
        f"authorization server {server['issuer']}, "
        f"for mutual TLS {server['mtls_base_url']}, "
        f"resource server {server['resource']}, "
        f"banking client {client['web']['origin']}"
    )


def _live(deployment: Deployment) -> Live:
    """The same for a person: which to open, and what to type."""
    roots = configuration.read(deployment.pki, Config).directory / "server-roots.pem"
    shown = os.path.relpath(roots)
    client = f"{os.path.relpath(sys.executable)} -m client_node"
    if deployment != SHIPPED:
        client += f" --config {os.path.relpath(deployment.client)}"
    return Live(
        walkthrough=read_toml(deployment.walkthrough)["origin"],
        web=read_toml(deployment.client)["web"]["origin"],
        roots=shown,
        client=client,
        trust=_trust(shown),
    )


def _trust(roots: str) -> str:
    """For Chromium on Linux, where its store of certificates is there already."""
    store = Path.home() / ".pki" / "nssdb"
    if shutil.which("certutil") is None or not (store / "cert9.db").exists():
        return ""
    return f"certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n test-bed -i {roots}"


if __name__ == "__main__":
    main()
