"""A flood as a process of its own: started, known to be up, ended."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

from scripts.deployment.configuration import ROOT
from scripts.deployment.place import Place
from scripts.soak.floods.flood import Flood

_ENDED_WITHIN = 20  # seconds, then SIGKILL


class Broken(Exception):
    """The flood did not flood, or not until it was told to end: a fault of ours."""


@dataclass
class Outcome:
    """What a flood has done, known when it has ended."""

    done: int = 0
    refused: int = 0


@contextmanager
def flooding(flood: Flood, place: Place, longest: float) -> Iterator[Outcome]:
    """
    The flood is up from the beginning of this context to its end.

    It ends by itself after *longest* seconds, and when this process does.

    Raises:
        Broken: see there.
    """
    outcome = Outcome()
    with _process(flood, place, longest) as process:
        try:
            if process.stdout is None or process.stdout.readline() != b"up\n":
                raise Broken(f"{flood.name} does not flood")
            yield outcome
            said, _ = process.communicate(timeout=_ENDED_WITHIN)
            if process.returncode != 0:
                raise Broken(f"{flood.name} has ended with {process.returncode}")
            counted = json.loads(said)
            outcome.done, outcome.refused = counted["done"], counted["refused"]
        except subprocess.TimeoutExpired as problem:
            raise Broken(f"{flood.name} does not end") from problem
        finally:
            process.kill()  # nothing, where it has ended


def _process(flood: Flood, place: Place, longest: float) -> subprocess.Popen[bytes]:
    told = json.dumps({**asdict(place), "issued": str(place.issued)})
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.soak.floods", flood.name, told, str(longest)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C is for this process, which then ends it
    )
