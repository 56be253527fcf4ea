"""
From the events of a recording to TCP connections.

`pki/observability/recording.py` documents the events.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from scripts.walkthrough.recordings.recordings import Event


@dataclass(frozen=True, slots=True)
class Socket:
    """An address and a port."""

    address: IPv4Address | IPv6Address
    port: int


@dataclass(frozen=True, slots=True)
class Piece:
    """
    What happened in a connection at one *time* (seconds since the epoch).

    *sender* is `client` or `server`, *what* is `opened`, `bytes`, `ended`, `reset`
    or `full`. *comment* says what the node refused by it.
    """

    time: float
    sender: str
    what: str
    octets: bytes = b""
    comment: str = ""


@dataclass(slots=True)
class Conversation:
    """One TCP connection to *node*, from its beginning as far as it was recorded."""

    node: str
    client: Socket
    server: Socket
    pieces: list[Piece] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)


def recorded_in(folder: Path) -> list[Conversation]:
    """The connections of all recordings in *folder*, in the order of their time."""
    found = [
        conversation
        for path in sorted(folder.glob("*.jsonl"))
        for conversation in conversations(_events(path))
    ]
    return sorted(found, key=lambda each: each.pieces[0].time)


def _events(path: Path) -> Iterator[Event]:
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):  # else it is being written
                yield json.loads(line)


def conversations(events: Iterable[Event]) -> list[Conversation]:
    """The connections in the *events* of one recording, in their order."""
    reading = _Reading()
    for event in events:
        reading.read(event)
    return reading.found


class _Reading:
    """What is known of one recording's connections so far."""

    def __init__(self) -> None:
        self.found: list[Conversation] = []
        self._open: dict[tuple[str, str], Conversation] = {}
        self._numbered: dict[int, tuple[str, str]] = {}
        self._refused: dict[tuple[str, str], list[str]] = {}

    def read(self, event: Event) -> None:
        """One more event."""
        match event["event"]:
            case "wire":
                self._piece(event)
            case "session_secrets":
                if conversation := self._open.get(_key(event)):
                    conversation.secrets += event["lines"]
            case "handshake" if event["side"] == "server":
                self._numbered[event["connection"]] = _key(event)
            case "decision" if not event["accepted"] and event["side"] == "server":
                key = self._numbered.get(event["connection"], ("", ""))
                self._refused.setdefault(key, []).append(_refusal(event))

    def _piece(self, event: Event) -> None:
        key = _key(event)
        sender, what = event["sender"], event["what"]
        if what == "opened":
            self._open[key] = Conversation(
                event["node"], _socket(event["remote"]), _socket(event["local"])
            )
            self.found.append(self._open[key])
        conversation = self._open.get(key)
        if conversation is None:
            return  # its beginning was not recorded
        octets = base64.b64decode(event.get("bytes", ""))
        piece = Piece(event["time"], sender, what, octets)
        if sender == "server":
            comment = self._comment(key, piece, conversation.pieces)
            piece = replace(piece, comment=comment)
        conversation.pieces.append(piece)

    def _comment(self, key: tuple[str, str], piece: Piece, before: list[Piece]) -> str:
        """
        What the server refuses by *piece*.

        Right before an answer the last of a handshake may go out, and right after it
        a farewell. Both are shorter.
        """
        refused = "\n".join(self._refused.pop(key, ()))
        last = before[-1]
        if refused or len(piece.octets) <= len(last.octets):
            return refused
        before[-1] = replace(last, comment="")
        return last.comment


def _key(event: Event) -> tuple[str, str]:
    return event["local"], event["remote"]


def _refusal(event: Event) -> str:
    """A check that was not passed, in words for a comment."""
    text = (
        f"Refused by {event['decided_by']} ({event['source']}), {event['rule']}: "
        f"{event['says']}"
    )
    expected, presented = event.get("expected"), event.get("presented")
    if not expected or expected in event["says"]:
        return text
    return f"{text} (expected {expected}, presented {presented})"


def _socket(text: str) -> Socket:
    """What `pki.mtls.handshakes.address_text` has written."""
    host, _, port = text.rpartition(":")
    return Socket(ip_address(host.strip("[]")), int(port))
