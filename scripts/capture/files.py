"""`build/walkthrough.pcapng` and `build/walkthrough.keys`."""

from collections.abc import Sequence
from pathlib import Path

from scripts.capture import pcapng
from scripts.capture.conversations import Conversation, recorded_in
from scripts.capture.segments import packets
from scripts.deployment.private_file import replace_file

_PROGRAM = "the reference deployment of OAuth 2.0 mutual TLS, python -m scripts.capture"
_COMMENT = (
    "Written from what the nodes recorded: the bytes that they read and wrote below "
    "TLS, with their times, addresses and ports. The headers of IP and TCP are made "
    "up around them. Where the client proved no certificate (browsers do not) no more "
    "than the handshake can be decrypted."
)


def write_capture(build: Path) -> Path:
    """
    Write what *build*'s recordings hold so far; returns the capture's path.

    The capture has the secrets within it. The second file has them once more, for
    tools that want them so.
    """
    found = recorded_in(build / "recordings")
    capture = build / "walkthrough.pcapng"
    replace_file(capture, as_pcapng(found))
    replace_file(build / "walkthrough.keys", _key_log(found).encode("ascii"))
    return capture


def as_pcapng(conversations: Sequence[Conversation]) -> bytes:
    """A capture: the connections' packets in the order of their time."""
    nodes = sorted({each.node for each in conversations})
    seen = [
        (packet, nodes.index(each.node))
        for number, each in enumerate(conversations)
        for packet in packets(each, number)
    ]
    seen.sort(key=lambda each: each[0].time)
    blocks = [
        pcapng.section_header(_COMMENT, _PROGRAM),
        *(pcapng.interface(node) for node in nodes),
        pcapng.secrets(_key_log(conversations)),
        *(pcapng.packet(node, packet) for packet, node in seen),
    ]
    return b"".join(blocks)


def _key_log(conversations: Sequence[Conversation]) -> str:
    """RFC 9850: one line for each secret."""
    return "".join(f"{line}\n" for each in conversations for line in each.secrets)
