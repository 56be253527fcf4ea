"""From recorded events to connections, with what was refused over them."""

import json
from base64 import b64encode
from collections.abc import Iterable
from ipaddress import IPv6Address
from pathlib import Path
from typing import Any

from scripts.capture.conversations import (
    Conversation,
    Piece,
    Socket,
    conversations,
    recorded_in,
)

LOCAL, REMOTE = "127.0.0.1:9444", "127.0.0.1:50001"


def wire(
    time: float, sender: str, what: str, octets: bytes = b"", **members: object
) -> dict[str, Any]:
    """A `wire` event."""
    event = {"time": time, "node": "as", "event": "wire", "sender": sender}
    event |= {"what": what, "local": LOCAL, "remote": REMOTE}
    if octets:
        event["bytes"] = b64encode(octets).decode()
    return event | members


def secrets(*lines: str, remote: str = REMOTE) -> dict[str, Any]:
    """A `session_secrets` event."""
    return {
        "time": 1.0,
        "node": "as",
        "event": "session_secrets",
        "local": LOCAL,
        "remote": remote,
        "lines": list(lines),
    }


def handshake(connection: int, remote: str = REMOTE) -> dict[str, Any]:
    """A `handshake` event, as far as it matters here."""
    return {
        "time": 1.0,
        "node": "as",
        "event": "handshake",
        "side": "server",
        "connection": connection,
        "local": LOCAL,
        "remote": remote,
    }


def decision(connection: int, **members: object) -> dict[str, Any]:
    """A `decision` event: a refusal."""
    return {
        "time": 1.0,
        "node": "as",
        "event": "decision",
        "side": "server",
        "connection": connection,
        "accepted": False,
        "says": "another certificate",
        "rule": "RFC 8705 section 3",
        "decided_by": "a.b",
        "source": "a.py:1",
        "expected": "x",
        "presented": "y",
    } | members


REFUSED = (
    "Refused by a.b (a.py:1), RFC 8705 section 3: another certificate "
    "(expected x, presented y)"
)


def comments(found: Iterable[Conversation]) -> list[list[str]]:
    """The comments of each connection's pieces."""
    return [[piece.comment for piece in each.pieces] for each in found]


def test_a_connection() -> None:
    """Who sent what when, and what decrypts it."""
    (found,) = conversations(
        [
            wire(1.0, "client", "opened"),
            wire(2.0, "client", "bytes", b"hello"),
            secrets("A b c"),
            wire(3.0, "server", "bytes", b"hi"),
            secrets("D b e"),
            {"time": 3.5, "node": "as", "event": "request", "side": "server"},
            wire(4.0, "client", "ended"),
        ]
    )
    assert found.node == "as"
    assert (str(found.client.address), found.client.port) == ("127.0.0.1", 50001)
    assert (str(found.server.address), found.server.port) == ("127.0.0.1", 9444)
    assert found.pieces == [
        Piece(1.0, "client", "opened"),
        Piece(2.0, "client", "bytes", b"hello"),
        Piece(3.0, "server", "bytes", b"hi"),
        Piece(4.0, "client", "ended"),
    ]
    assert found.secrets == ["A b c", "D b e"]


def test_ip_version_6() -> None:
    """An address in brackets."""
    (found,) = conversations([wire(1.0, "client", "opened", remote="[::1]:50001")])
    assert found.client == Socket(IPv6Address("::1"), 50001)


def test_same_ports_again() -> None:
    """With `opened` it is another connection, whatever was there before."""
    found = conversations(
        [
            wire(1.0, "client", "opened"),
            secrets("A b c"),
            wire(2.0, "client", "ended"),
            wire(3.0, "client", "opened"),
            secrets("D e f"),
        ]
    )
    assert [each.secrets for each in found] == [["A b c"], ["D e f"]]
    assert [len(each.pieces) for each in found] == [2, 1]


def test_two_at_once() -> None:
    """Connections are told by their addresses."""
    other = "127.0.0.1:50002"
    found = conversations(
        [
            wire(1.0, "client", "opened"),
            wire(1.1, "client", "opened", remote=other),
            wire(1.2, "client", "bytes", b"first"),
            secrets("A b c", remote=other),
            wire(1.3, "client", "bytes", b"second", remote=other),
        ]
    )
    assert [each.pieces[1].octets for each in found] == [b"first", b"second"]
    assert [each.secrets for each in found] == [[], ["A b c"]]


def test_without_a_beginning() -> None:
    """What belongs to no connection that was opened is left out."""
    assert conversations([wire(1.0, "client", "bytes", b"x"), secrets("A b c")]) == []


def test_refusal() -> None:
    """The bytes of an answer say by which check and rule it was refused."""
    found = conversations(
        [
            wire(1.0, "client", "opened"),
            wire(1.0, "client", "bytes", b"hello"),
            handshake(7),
            wire(2.0, "client", "bytes", b"request"),
            decision(7, accepted=True),
            decision(7),
            decision(8),  # over another connection
            decision(7, side="client"),
            wire(3.0, "server", "bytes", b"tickets"),
            wire(3.0, "server", "bytes", b"401 Unauthorized"),
            wire(3.0, "server", "bytes", b"farewell"),
            wire(4.0, "client", "bytes", b"request"),
            wire(5.0, "server", "bytes", b"200 OK and more"),
        ]
    )
    assert comments(found) == [["", "", "", "", REFUSED, "", "", ""]]


def test_refusal_in_words() -> None:
    """What was compared is told once."""
    for members, ending in (
        ({"expected": "", "presented": ""}, "another certificate"),
        ({"says": "x is not y"}, "x is not y"),
        ({}, "another certificate (expected x, presented y)"),
    ):
        found = conversations(
            [
                wire(1.0, "client", "opened"),
                handshake(7),
                decision(7, **members),
                wire(3.0, "server", "bytes", b"401"),
            ]
        )
        assert found[0].pieces[-1].comment.endswith(f"section 3: {ending}")


def test_two_refusals_in_one_answer() -> None:
    """Neither is lost where there are two answers."""
    found = conversations(
        [
            wire(1.0, "client", "opened"),
            handshake(7),
            decision(7),
            wire(3.0, "server", "bytes", b"401"),
            decision(7),
            decision(7),
            wire(3.0, "server", "bytes", b"401 once more"),
        ]
    )
    assert comments(found) == [["", REFUSED, f"{REFUSED}\n{REFUSED}"]]


def test_folder(tmp_path: Path) -> None:
    """All recordings of a folder, in the order of time; a half line waits."""
    for node, time in (("rs", 1.0), ("as", 2.0)):
        line = json.dumps(wire(time, "client", "opened", node=node))
        text = f"{line}\n{line[:40]}"
        (tmp_path / f"{node}.jsonl").write_text(text)
    (tmp_path / "nodes.log").write_text("not a recording")
    assert [each.node for each in recorded_in(tmp_path)] == ["rs", "as"]
