"""
`make up`: the three nodes in the foreground, until Ctrl-C.

Their logs go to standard error. When all accept connections, one line that begins
with `ready` goes to standard output. Ends with 0 on SIGINT or SIGTERM, with 1 where
a node does not start or ends by itself.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from twisted.internet import task
from twisted.internet.defer import Deferred

from pki.issuing.layout import Refused
from scripts.certificates import put_in_place
from scripts.deployment import SHIPPED, Deployment, in_folder
from scripts.processes import NotStarted, Processes, node_arguments
from scripts.recordings import empty_folder


def main() -> None:
    """Run the nodes of the deployment that the arguments name."""
    deployment = _deployment()
    try:
        for line in put_in_place(deployment):
            print(line, file=sys.stderr)
        recordings = empty_folder(deployment)
    except (ValueError, OSError, Refused) as error:
        sys.exit(f"up: {error}")
    task.react(_serve, (deployment, recordings))


def _deployment() -> Deployment:
    parser = argparse.ArgumentParser(prog="make up", description=__doc__)
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FOLDER",
        help="the deployment that `python -m scripts.elsewhere` has laid down there",
    )
    folder = parser.parse_args().config
    return SHIPPED if folder is None else in_folder(folder)


async def _serve(reactor: Any, deployment: Deployment, recordings: Path) -> None:
    # `react` installs the signal handlers after its first turn.
    await task.deferLater(reactor, 0)
    processes = Processes(reactor)
    reactor.addSystemEventTrigger(
        "before", "shutdown", lambda: Deferred.fromCoroutine(processes.stop())
    )
    listening = {}
    try:
        for name, command in node_arguments(deployment, recordings).items():
            listening[name] = await processes.start(name, command)
    except NotStarted as problem:
        raise SystemExit(problem.exit_code) from problem
    print(_ready(listening), flush=True)
    name, exit_code = await processes.first_to_end()
    # A node ends with 0 only where it was told to: Ctrl-C tells the whole group.
    if exit_code != 0 and not processes.stopping:
        sys.exit(f"up: {name} has ended by itself; its log says why")


def _ready(listening: dict[str, Any]) -> str:
    places = [
        f"{key.removeprefix('listen.')} https://{address}"
        for node in listening.values()
        for key, address in node.items()
    ]
    return "ready " + ", ".join(places)


if __name__ == "__main__":
    main()
