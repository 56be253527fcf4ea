"""A capture as it lies in a folder."""

import json
import stat
import struct
from ipaddress import ip_address
from pathlib import Path

from scripts.capture.conversations import Conversation, Piece, Socket
from scripts.capture.files import as_pcapng, write_capture

SECTION, INTERFACE, SECRETS, PACKET = 0x0A0D0D0A, 1, 10, 6


def blocks(capture: bytes) -> list[tuple[int, bytes]]:
    """The blocks of a capture: their kinds and bodies."""
    found = []
    while capture:
        kind, length = struct.unpack("<II", capture[:8])
        assert length % 4 == 0
        assert capture[length - 4 : length] == capture[4:8]
        found.append((kind, capture[8 : length - 4]))
        capture = capture[length:]
    return found


def conversation(node: str, *times: float) -> Conversation:
    """A connection with bytes at these times."""
    address = ip_address("127.0.0.1")
    client, server = Socket(address, 50001), Socket(address, 9444)
    pieces = [Piece(times[0], "client", "opened")]
    pieces += [Piece(time, "client", "bytes", b"x") for time in times[1:]]
    return Conversation(node, client, server, pieces, [f"A {node} c"])


def test_order() -> None:
    """The secrets come before the packets, the packets in the order of their time."""
    found = blocks(as_pcapng([conversation("rs", 1, 5), conversation("as", 2, 3)]))
    kinds = [kind for kind, _ in found]
    assert kinds == [SECTION, INTERFACE, INTERFACE, SECRETS, *[PACKET] * 8]
    assert [body[12:14] for kind, body in found if kind == INTERFACE] == [b"as", b"rs"]
    assert b"A rs c\nA as c\n" in found[3][1]
    packets = [struct.unpack("<III", body[:12]) for kind, body in found[4:]]
    assert [(number, low // 1_000_000) for number, _, low in packets] == [
        *[(1, 1)] * 3,
        *[(0, 2)] * 3,
        (0, 3),
        (1, 5),
    ]


def test_nothing_recorded(tmp_path: Path) -> None:
    """Nobody has connected yet: a capture all the same."""
    (tmp_path / "recordings").mkdir()
    capture = write_capture(tmp_path)
    kinds = [kind for kind, _ in blocks(capture.read_bytes())]
    assert kinds == [SECTION, SECRETS]


def test_files(tmp_path: Path) -> None:
    """They hold what decrypts tokens, so they are their owner's; none is left over."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    same = {"time": 1.0, "node": "as", "local": "[::1]:1", "remote": "[::1]:2"}
    events = [
        same | {"event": "wire", "sender": "client", "what": "opened"},
        same | {"event": "session_secrets", "lines": ["A b c", "D b e"]},
    ]
    text = "".join(f"{json.dumps(event)}\n" for event in events)
    (folder / "as.jsonl").write_text(text)
    (tmp_path / "walkthrough.keys").write_text("old")
    capture = write_capture(tmp_path)
    assert capture == tmp_path / "walkthrough.pcapng"
    keys = tmp_path / "walkthrough.keys"
    assert keys.read_text() == "A b c\nD b e\n"
    assert keys.read_bytes() in capture.read_bytes()
    for file in (capture, keys):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(tmp_path.iterdir()) == [folder, keys, capture]
