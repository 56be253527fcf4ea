"""What one connection carried, among all that a listener recorded."""

import json
from pathlib import Path
from typing import Any

from scripts.walkthrough.recordings.wire import carried

ENDS = {"local": "127.0.0.1:1", "remote": "127.0.0.1:2"}
HANDSHAKE = {"node": "as", "event": "handshake", **ENDS}


def wire(sender: str, what: str, octets: str = "", **ends: str) -> dict[str, Any]:
    """One event."""
    members = {"event": "wire", "sender": sender, "what": what, **ENDS, **ends}
    return members | ({"bytes": octets} if octets else {})


def test_one_connection(tmp_path: Path) -> None:
    """In order, without others, without what the same port carried before."""
    events = [
        wire("client", "opened"),
        wire("client", "bytes", "AAAA"),
        wire("client", "opened"),
        wire("client", "bytes", "AQ=="),
        HANDSHAKE,
        wire("client", "bytes", "BBBB", remote="127.0.0.1:3"),
        wire("server", "bytes", "Ag=="),
    ]
    text = "".join(f"{json.dumps(each)}\n" for each in events)
    (tmp_path / "as.jsonl").write_text(f'{text}{{"event": "wi')
    assert carried(tmp_path, HANDSHAKE) == [
        ("client", b""),
        ("client", b"\x01"),
        ("server", b"\x02"),
    ]
