"""
From a connection to IP packets (RFC 791, RFC 8200, RFC 9293).

The packets are those of a perfect network: nothing is lost, nothing is sent twice,
and bytes are acknowledged by the next segment that goes the other way.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address

from scripts.capture.conversations import Conversation, Piece, Socket

LARGEST_SEGMENT = 32 * 1024  # bytes; a packet of IPv4 carries no more than 65495

_FIN, _SYN, _RST, _PSH, _ACK = 0x01, 0x02, 0x04, 0x08, 0x10
_TCP = 6
_WINDOW = 0xFFFF
# RFC 7323 section 2.2: the window is counted in units of 2**14 bytes, so a window of
# a gigabyte is never full. One octet of padding (1), then the option.
_WINDOW_SCALE = bytes((1, 3, 3, 14))
_SYN_OPTIONS = struct.pack("!BBH", 2, 4, LARGEST_SEGMENT) + _WINDOW_SCALE
# The distance of two connections' sequence numbers: over the same ports, the second
# is to be told from a repetition of the first.
_APART = 0x0100_0000


@dataclass(frozen=True, slots=True)
class Packet:
    """An IP packet at a *time*, in seconds since the epoch."""

    time: float
    octets: bytes
    comment: str = ""


def packets(conversation: Conversation, number: int) -> Iterator[Packet]:
    """
    The packets of *conversation*, the *number*th of its capture.

    Their times never run backwards, as the clock that was recorded may have done.
    """
    first = number * _APART & 0xFFFFFFFF
    ends = {
        "client": _End(conversation.client, conversation.server, first),
        "server": _End(conversation.server, conversation.client, first),
    }
    now = 0.0
    for piece in conversation.pieces:
        now = max(now, piece.time)
        comment = piece.comment
        other = "client" if piece.sender == "server" else "server"
        for octets in _carried(piece, ends[piece.sender], ends[other]):
            yield Packet(now, octets, comment)
            comment = ""


def _carried(piece: Piece, sender: "_End", other: "_End") -> Iterator[bytes]:
    """The packets of one piece; none for `full`."""
    match piece.what:
        case "opened":
            yield sender.sends(_SYN, other, options=_SYN_OPTIONS)
            yield other.sends(_SYN | _ACK, sender, options=_SYN_OPTIONS)
            yield sender.sends(_ACK, other)
        case "bytes":
            for start in range(0, len(piece.octets), LARGEST_SEGMENT):
                segment = piece.octets[start : start + LARGEST_SEGMENT]
                yield sender.sends(_PSH | _ACK, other, segment)
        case "ended":
            yield sender.sends(_FIN | _ACK, other)
            yield other.sends(_FIN | _ACK, sender)
            yield sender.sends(_ACK, other)
        case "reset":
            yield sender.sends(_RST | _ACK, other)


class _End:
    """One end of a connection; *next* is its next sequence number."""

    def __init__(self, own: Socket, peer: Socket, first: int) -> None:
        self._own = own
        self._peer = peer
        self.next = first

    def sends(
        self, flags: int, other: "_End", data: bytes = b"", *, options: bytes = b""
    ) -> bytes:
        """An IP packet to the *other* end, which acknowledges all it has sent."""
        header = struct.pack(
            "!HHIIBBHHH",
            self._own.port,
            self._peer.port,
            self.next,
            other.next if flags & _ACK else 0,
            (20 + len(options)) // 4 << 4,
            flags,
            _WINDOW,
            0,  # the checksum, see below
            0,
        )
        # SYN and FIN each count as one octet (RFC 9293 section 3.4).
        counted = len(data) + bool(flags & (_SYN | _FIN))
        self.next = self.next + counted & 0xFFFFFFFF
        return _ip(self._own, self._peer, header + options + data)


def _ip(source: Socket, target: Socket, segment: bytes) -> bytes:
    """A packet with *segment*, whose checksum is filled in."""
    addresses = source.address.packed + target.address.packed
    checked = _checksum(addresses, struct.pack("!II", len(segment), _TCP), segment)
    segment = segment[:16] + checked + segment[18:]
    if not isinstance(source.address, IPv4Address):
        # Version 6, payload length, next header, hop limit 64.
        return (
            struct.pack("!IHBB", 6 << 28, len(segment), _TCP, 64) + addresses + segment
        )
    # Version 4 with five words of header, not to be fragmented, time to live 64.
    header = struct.pack("!BBHIBB", 0x45, 0, 20 + len(segment), 0x4000, 64, _TCP)
    return header + _checksum(header, addresses) + addresses + segment


def _checksum(*parts: bytes) -> bytes:
    """RFC 1071: the complement of the sum of the 16-bit words."""
    octets = b"".join(parts)
    octets += bytes(len(octets) % 2)
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", ~total & 0xFFFF)
