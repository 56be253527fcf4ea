"""What one connection carried below TLS, as its listener recorded it."""

import base64
import json
from pathlib import Path

from scripts.walkthrough.recordings.recordings import Event

Piece = tuple[str, bytes]
"""Who sent it, `client` or `server`, and what one read or write carried."""


def carried(folder: Path, handshake: Event) -> list[Piece]:
    """
    The bytes of the connection of a *handshake* that a listener recorded, in order.

    They are read from the recording of its node in *folder*, as far as it is written.
    """
    ends = (handshake["local"], handshake["remote"])
    pieces: list[Piece] = []
    with (folder / f"{handshake['node']}.jsonl").open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break  # it is being written
            event = json.loads(line)
            if event["event"] != "wire" or (event["local"], event["remote"]) != ends:
                continue
            if event["what"] == "opened":
                pieces = []  # a port that was used before
            pieces.append((event["sender"], base64.b64decode(event.get("bytes", ""))))
    return pieces
