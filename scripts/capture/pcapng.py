"""
The octets of a pcapng file (draft-ietf-opsawg-pcapng).

One section: its header, an interface for each node, the secrets, the packets.
"""

import struct
from collections.abc import Iterable

from scripts.capture.segments import Packet

_SECTION_HEADER, _INTERFACE, _SECRETS, _PACKET = 0x0A0D0D0A, 1, 10, 6
_BYTE_ORDER = 0x1A2B3C4D
_WHOLE_FILE = 0xFFFFFFFFFFFFFFFF  # a section whose length is not told
_TLS_KEY_LOG = 0x544C534B  # "TLSK"
_RAW_IP = 101  # the first octet tells whether it is IPv4 or IPv6
_END, _COMMENT, _NAME, _PROGRAM = 0, 1, 2, 4
_LONGEST_TEXT = 4096  # bytes of an option; 65535 are possible, and nobody reads them

Options = Iterable[tuple[int, str]]


def section_header(comment: str, program: str) -> bytes:
    """The first block of a file."""
    body = struct.pack("<IHHQ", _BYTE_ORDER, 1, 0, _WHOLE_FILE)
    return _block(_SECTION_HEADER, body, ((_COMMENT, comment), (_PROGRAM, program)))


def interface(name: str) -> bytes:
    """Where packets were seen; the first in a file has number 0."""
    body = struct.pack("<HHI", _RAW_IP, 0, 0)
    return _block(_INTERFACE, body, ((_NAME, name),))


def secrets(key_log: str) -> bytes:
    """What decrypts the packets that follow: lines as RFC 9850 has them."""
    octets = key_log.encode("ascii")
    return _block(
        _SECRETS, struct.pack("<II", _TLS_KEY_LOG, len(octets)) + _padded(octets)
    )


def packet(seen_at: int, seen: Packet) -> bytes:
    """A packet, and the number of the interface it was *seen_at*."""
    time, length = round(seen.time * 1_000_000), len(seen.octets)
    body = struct.pack("<IIIII", seen_at, time >> 32, time & 0xFFFFFFFF, length, length)
    options = ((_COMMENT, seen.comment),) if seen.comment else ()
    return _block(_PACKET, body + _padded(seen.octets), options)


def _block(kind: int, body: bytes, options: Options = ()) -> bytes:
    """A block, whose length stands at both ends of it."""
    content = body + _options(options)
    length = struct.pack("<I", 12 + len(content))
    return struct.pack("<I", kind) + length + content + length


def _options(options: Options) -> bytes:
    written = b""
    for code, text in options:
        # What a peer has sent may be quoted in it, and may be no Unicode.
        value = text.encode(errors="backslashreplace")[:_LONGEST_TEXT]
        written += struct.pack("<HH", code, len(value)) + _padded(value)
    return written + struct.pack("<HH", _END, 0) if written else b""


def _padded(octets: bytes) -> bytes:
    """*octets*, filled up to a multiple of four."""
    return octets + bytes(-len(octets) % 4)
