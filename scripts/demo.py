"""
`make demo`: the three nodes, the narrated scenario, the walk-through.

Everything told is read from the recordings of this very run. Ends with 0 only if
every step came out as the RFCs say, with 1 otherwise or where a node does not start.
"""

import argparse
import sys
from functools import partial
from pathlib import Path

from twisted.internet import task

from pki.issuing.layout import Refused
from scripts.acts.outline import ACTS
from scripts.demo_run import perform
from scripts.deployment import certificates, recordings
from scripts.deployment.configuration import SHIPPED, in_folder
from scripts.showing.manner import Manner

_LONGEST_PAUSE = 3600  # seconds


def main() -> None:
    """Play the scenario against the deployment that the arguments name."""
    options = _options()
    deployment = SHIPPED if options.config is None else in_folder(options.config)
    try:
        for line in certificates.put_in_place(deployment):
            print(line)
        folder = recordings.new_folder(deployment)
    except (ValueError, OSError, Refused) as error:
        sys.exit(f"demo: {error}")
    concluded: list[int] = []
    play_all = partial(
        perform,
        deployment=deployment,
        folder=folder,
        manner=_manner(options),
        concluded=concluded.append,
    )
    try:
        task.react(play_all)
    except SystemExit as ended:
        # A reactor that a signal stops ends with 0; a demo that was not finished
        # has shown nothing.
        raise SystemExit(ended.code or (0 if concluded == [0] else 130)) from None


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= _LONGEST_PAUSE:
        raise ValueError
    return seconds


def _manner(options: argparse.Namespace) -> Manner:
    """Who stops after each step, or asks for one act, wants it in full."""
    full = options.full or options.step or options.act is not None
    pace = options.pace or 0
    return Manner(full, options.act or "", pace, step=options.step, plain=options.plain)


def _act(text: str) -> str:
    """The name of an act that is asked for by its number or its name."""
    names = [*ACTS]
    if text in names:
        return text
    if text.isdecimal() and 1 <= int(text) <= len(names):
        return names[int(text) - 1]
    known = ", ".join(f"{number} {name}" for number, name in enumerate(names, 1))
    raise argparse.ArgumentTypeError(f"there is no act {text!r}; there are {known}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument(
        "--full", action="store_true", help="tell every step with all its messages"
    )
    parser.add_argument(
        "--act",
        type=_act,
        metavar="ACT",
        help="tell one act, in full, by its number or its name: " + ", ".join(ACTS),
    )
    pace = parser.add_mutually_exclusive_group()
    pace.add_argument(
        "--pace", type=_seconds, metavar="SECONDS", help="wait so long after every step"
    )
    pace.add_argument(
        "--step",
        action="store_true",
        help="tell in full, and wait for a key after every step",
    )
    parser.add_argument("--plain", action="store_true", help="no colour")
    parser.add_argument(
        "--config",
        type=Path,
        metavar="FOLDER",
        help="the deployment that `python -m scripts.elsewhere` has laid down there",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
