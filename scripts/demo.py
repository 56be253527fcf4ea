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
from scripts.demo_run import Telling, perform
from scripts.deployment import certificates, recordings
from scripts.deployment.configuration import SHIPPED, in_folder

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
        telling=Telling(options.pace or 0, options.step, options.plain),
        conclude=concluded.append,
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


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    pace = parser.add_mutually_exclusive_group()
    pace.add_argument(
        "--pace", type=_seconds, metavar="SECONDS", help="wait so long after every step"
    )
    pace.add_argument(
        "--step", action="store_true", help="wait for the Enter key after every step"
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
