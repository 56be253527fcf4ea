"""IP and TCP around recorded bytes, read back by hand."""

import struct
from dataclasses import dataclass
from ipaddress import ip_address

import pytest

from scripts.capture.conversations import Conversation, Piece, Socket
from scripts.capture.segments import LARGEST_SEGMENT, Packet, packets

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


@dataclass(frozen=True)
class Seen:
    """What a packet says, and whether its checksums hold."""

    source: tuple[str, int]
    target: tuple[str, int]
    sequence: int
    acknowledged: int
    flags: int
    window: int
    options: bytes
    data: bytes


def seen(packet: Packet) -> Seen:
    """A packet taken apart. RFC 1071: with its checksum, every sum is zero."""
    octets = packet.octets
    if octets[0] >> 4 == 4:
        header, segment, addresses = octets[:20], octets[20:], octets[12:20]
        assert struct.unpack("!BBHHHBB", header[:10]) == (
            *(0x45, 0, len(octets)),
            *(0, 0x4000, 64, 6),
        )
        assert int.from_bytes(header) % 0xFFFF == 0
    else:
        header, segment, addresses = octets[:40], octets[40:], octets[8:40]
        assert struct.unpack("!IHBB", header[:8]) == (6 << 28, len(segment), 6, 64)
    pseudo_header = addresses + struct.pack("!II", len(segment), 6)
    padding = bytes(len(segment) % 2)
    assert int.from_bytes(pseudo_header + segment + padding) % 0xFFFF == 0
    here, there, sequence, acknowledged, offset, flags, window, _, urgent = (
        struct.unpack("!HHIIBBHHH", segment[:20])
    )
    assert urgent == 0
    start, half = offset // 16 * 4, len(addresses) // 2
    return Seen(
        (str(ip_address(addresses[:half])), here),
        (str(ip_address(addresses[half:])), there),
        sequence,
        acknowledged,
        flags,
        window,
        segment[20:start],
        segment[start:],
    )


def conversation(*pieces: Piece, host: str = "127.0.0.1") -> Conversation:
    """A connection from port 50001 to 9444."""
    address = ip_address(host)
    client, server = Socket(address, 50001), Socket(address, 9444)
    return Conversation("as", client, server, list(pieces))


OPENED = Piece(1.0, "client", "opened")


def test_one_packet_octet_by_octet() -> None:
    """RFC 791 section 3.1, RFC 9293 section 3.1: a SYN, written out."""
    first = next(packets(conversation(OPENED), 0))
    assert first == Packet(
        1.0,
        bytes.fromhex(
            "4500 0030 0000 4000 4006 3cc6 7f000001 7f000001"  # IP
            "c351 24e4 00000000 00000000 7002 ffff 238d 0000"  # TCP
            "02048000 0103030e"  # largest segment; window scale
        ),
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "192.0.2.7", "2001:db8::1"])
def test_a_connection(host: str) -> None:
    """RFC 9293 section 3.5: opened, used and closed, with every octet counted."""
    told = conversation(
        OPENED,
        Piece(2.0, "client", "bytes", b"hello"),
        Piece(3.0, "server", "bytes", b"hi!"),
        Piece(4.0, "server", "bytes", b"well?"),
        Piece(5.0, "client", "ended"),
        host=host,
    )
    client, server = (host, 50001), (host, 9444)
    found = [seen(each) for each in packets(told, 0)]
    assert [
        (each.source, each.target, each.sequence, each.acknowledged, each.flags)
        for each in found
    ] == [
        (client, server, 0, 0, SYN),
        (server, client, 0, 1, SYN | ACK),
        (client, server, 1, 1, ACK),
        (client, server, 1, 1, PSH | ACK),
        (server, client, 1, 6, PSH | ACK),
        (server, client, 4, 6, PSH | ACK),
        (client, server, 6, 9, FIN | ACK),
        (server, client, 9, 7, FIN | ACK),
        (client, server, 7, 10, ACK),
    ]
    assert b"".join(each.data for each in found) == b"hellohi!well?"
    assert [bool(each.options) for each in found] == [True, True, *[False] * 7]
    assert {each.window for each in found} == {0xFFFF}


def test_reset() -> None:
    """RFC 9293 section 3.5.2: whoever resets says nothing more, and hears nothing."""
    told = conversation(OPENED, Piece(2.0, "server", "reset"))
    last = seen([*packets(told, 0)][-1])
    assert (last.source[1], last.flags, last.data) == (9444, RST | ACK, b"")


def test_full() -> None:
    """Where the recording of a connection stops, its packets do."""
    told = conversation(OPENED, Piece(2.0, "server", "full"))
    assert len([*packets(told, 0)]) == 3


def test_large_pieces() -> None:
    """What one read carried may be too large for one packet."""
    octets = bytes(range(256)) * 300
    told = conversation(OPENED, Piece(2.0, "client", "bytes", octets, "a comment"))
    found = [*packets(told, 0)][3:]
    assert [len(seen(each).data) for each in found] == [
        LARGEST_SEGMENT,
        LARGEST_SEGMENT,
        len(octets) - 2 * LARGEST_SEGMENT,
    ]
    assert b"".join(seen(each).data for each in found) == octets
    assert [each.comment for each in found] == ["a comment", "", ""]


def test_times_never_run_backwards() -> None:
    """A clock that was set back does not turn a connection round."""
    told = conversation(
        OPENED,
        Piece(5.0, "client", "bytes", b"a"),
        Piece(3.0, "server", "bytes", b"b"),
        Piece(6.0, "client", "bytes", b"c"),
    )
    assert [each.time for each in packets(told, 0)] == [1, 1, 1, 5, 5, 6]


def test_same_ports_again() -> None:
    """The sequence numbers tell a second connection over the same ports."""
    first = [
        seen(next(packets(conversation(OPENED), number))) for number in (0, 1, 2, 255)
    ]
    assert len({each.sequence for each in first}) == 4
    assert {each.acknowledged for each in first} == {0}


def test_sequence_numbers_wrap() -> None:
    """RFC 9293 section 3.4: after 2**32 - 1 comes 0."""
    octets = bytes(LARGEST_SEGMENT)
    many = [Piece(2.0, "client", "bytes", octets)] * 513
    *_, last = packets(conversation(OPENED, *many), 255)
    assert seen(last).sequence == 1
