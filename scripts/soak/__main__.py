"""
`make soak`: hostile floods against nodes of its own, beside an ordinary client.

    make soak
    make soak ARGS="--only pipelining --seconds 30"

Takes a few minutes, and the machine should have nothing else to do. Ends with 0 where
the ordinary client was starved by none of them, and with 1 otherwise.
"""

import argparse
import resource
import signal
import sys
from collections.abc import Iterable
from types import FrameType

from pki.issuing.layout import Refused
from scripts.deployment.own_nodes import Nodes, NotStarted, running
from scripts.soak import table
from scripts.soak.asking import NoAnswer
from scripts.soak.flooding import Broken
from scripts.soak.floods.flood import Flood
from scripts.soak.floods.kinds import FLOODS
from scripts.soak.ordinary_client import OrdinaryClient
from scripts.soak.rows import row


def main() -> None:
    """Soak, and say what came of it."""
    options = _options()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    _allow_many_connections()
    chosen = [FLOODS[name] for name in options.only or FLOODS]
    try:
        with running("soak") as nodes, OrdinaryClient(nodes.place) as client:
            failed = _soak(nodes, client, chosen, options.seconds)
    except (NotStarted, Broken, NoAnswer, Refused, ValueError, OSError) as problem:
        sys.exit(f"soak: {problem}")
    if failed:
        sys.exit(f"\nsoak: failed: {', '.join(failed)}")
    print("\nNo ordinary client was starved.")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make soak",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--only",
        action="append",
        choices=FLOODS,
        metavar="NAME",
        help=f"this flood, and those of further --only: {', '.join(FLOODS)}",
    )
    parser.add_argument(
        "--seconds",
        type=float,
        default=12,
        metavar="N",
        help="how long each of them lasts, default 12",
    )
    return parser.parse_args()


def _soak(
    nodes: Nodes, client: OrdinaryClient, floods: Iterable[Flood], seconds: float
) -> list[str]:
    """Flood after flood; the names of those that starved the client."""
    print(table.LEGEND)
    client.measure(seconds / 4)  # what is loaded once has been loaded
    yardstick = client.measure(seconds)
    if yardstick.failures:
        raise NoAnswer(f"alone, before any flood: {yardstick.failures[0]}")
    print(f"\n{table.of_the_yardstick(yardstick, nodes.sizes())}")
    failed = []
    for flood in floods:
        print(f"\n{table.announcement(flood)}", flush=True)
        outcome = row(nodes, client, yardstick, flood, seconds)
        print(table.of_a_row(outcome, yardstick), flush=True)
        if outcome.reasons:
            failed.append(flood.name)
    return failed


def _allow_many_connections() -> None:
    """For the nodes, which inherit it (RLIMIT_NOFILE)."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _end(number: int, frame: FrameType | None) -> None:
    """Once: what is going on is left, and everything that was begun is ended."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
