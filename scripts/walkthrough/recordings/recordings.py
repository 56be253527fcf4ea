"""
What the nodes recorded, read back while it is being written.

`pki/observability/recording.py` documents the events.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Event = dict[str, Any]

_BELOW_THE_STORY = frozenset({"wire", "session_secrets"})  # for a capture


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
        self.catch_up()
        return [e for e in self._events if e.get("interaction") == interaction]

    def interactions(self) -> tuple[str, ...]:
        """The ids of all interactions, in the order in which they began."""
        self.catch_up()
        ids = (e.get("interaction") for e in self._events)
        return tuple(dict.fromkeys(each for each in ids if each is not None))

    def last_interaction(self, node: str) -> str | None:
        """Under which id *node* has sent its last request."""
        self.catch_up()
        for event in reversed(self._events):
            if event["node"] == node and event["event"] == "request":
                return str(event["interaction"])
        return None

    def handshakes(self) -> list[Event]:
        """Every handshake so far, from both sides."""
        self.catch_up()
        return [e for e in self._events if e["event"] == "handshake"]

    def broken_since(self, time: float) -> Event | None:
        """The last handshake that failed at a listener, none before *time*."""
        self.catch_up()
        for event in reversed(self._events):
            if event["event"] == "failure" and "messages" in event:
                return event if float(event["time"]) >= time else None
        return None

    def catch_up(self) -> list[Event]:
        """Read on; what is new, in the order of its time."""
        new = [
            event
            for path in sorted(self.folder.glob("*.jsonl"))
            for event in self._new_in(path)
        ]
        new.sort(key=lambda event: float(event["time"]))
        self._events.extend(new)
        return new

    def _new_in(self, path: Path) -> Iterator[Event]:
        with path.open("rb") as file:
            file.seek(self._read.get(path, 0))
            for line in file:
                if not line.endswith(b"\n"):
                    break  # it is being written
                self._read[path] = self._read.get(path, 0) + len(line)
                event = json.loads(line)
                if event["event"] not in _BELOW_THE_STORY:
                    yield event
