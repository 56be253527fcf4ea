"""
What the nodes and the client recorded, read back while it is being written.

`pki/mtls/recording.py` documents the events.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from scripts.deployment import Deployment

Event = dict[str, Any]

_STARTING = "recordings-"


def new_folder(deployment: Deployment) -> Path:
    """
    A folder for the recordings of a run that may yet fail to start.

    Readable by its owner only: the recordings hold tokens.
    """
    deployment.build.mkdir(parents=True, exist_ok=True)
    return Path(mkdtemp(prefix=_STARTING, dir=deployment.build))


def put_in_place(folder: Path, deployment: Deployment) -> Path:
    """
    Make *folder* the recordings of the deployment, in place of the last run's.

    For when all nodes listen: only then is it sure that no other run is writing
    there. The nodes go on writing to the files they have opened.
    """
    final = deployment.build / "recordings"
    shutil.rmtree(final, ignore_errors=True)
    folder.rename(final)
    for left_over in deployment.build.glob(f"{_STARTING}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    return final


@dataclass(slots=True)
class Recordings:
    """All the events of a folder of recordings, as far as they are written."""

    folder: Path
    _read: dict[Path, int] = field(default_factory=dict)
    _events: list[Event] = field(default_factory=list)

    def of(self, interaction: str) -> list[Event]:
        """
        The events of one interaction, over all nodes, in the order of their time.

        Every node writes what it saw of a request before it sends the answer, so
        whoever has an answer finds here all that led to it.
        """
        self._catch_up()
        return [e for e in self._events if e.get("interaction") == interaction]

    def last_interaction(self, node: str) -> str | None:
        """Under which id *node* has sent its last request."""
        self._catch_up()
        for event in reversed(self._events):
            if event["node"] == node and event["event"] == "request":
                return str(event["interaction"])
        return None

    def handshakes(self) -> list[Event]:
        """Every handshake so far, from both sides."""
        self._catch_up()
        return [e for e in self._events if e["event"] == "handshake"]

    def _catch_up(self) -> None:
        for path in sorted(self.folder.glob("*.jsonl")):
            self._events.extend(self._new_in(path))
        self._events.sort(key=lambda event: float(event["time"]))

    def _new_in(self, path: Path) -> Iterator[Event]:
        with path.open("rb") as file:
            file.seek(self._read.get(path, 0))
            for line in file:
                if not line.endswith(b"\n"):
                    break  # it is being written
                self._read[path] = self._read.get(path, 0) + len(line)
                yield json.loads(line)


def handshakes_of(
    request: Event, handshakes: list[Event]
) -> tuple[Event, Event | None]:
    """
    The handshake of the connection a request came over: the server's side of it,
    and the client's where the client recorded too.

    The two sides are known to be one by their addresses, each the other's mirror;
    of several (a port is used again) it is the last before the request.
    """
    earlier = [h for h in handshakes if h["time"] <= request["time"]]
    server = next(
        h
        for h in earlier
        if h["side"] == "server"
        and (h["node"], h["connection"]) == (request["node"], request["connection"])
    )
    mirrors = [
        h
        for h in earlier
        if h["side"] == "client"
        and (h["local"], h["remote"]) == (server["remote"], server["local"])
    ]
    return server, mirrors[-1] if mirrors else None
