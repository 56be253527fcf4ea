"""The blocks of a pcapng file, octet by octet."""

import struct

from scripts.capture import pcapng
from scripts.capture.segments import Packet


def test_section_header() -> None:
    """draft-ietf-opsawg-pcapng section 4.1: version 1.0, of unknown length."""
    assert pcapng.section_header("hello", "us") == bytes.fromhex(
        "0a0d0d0a 34000000 4d3c2b1a 0100 0000 ffffffffffffffff"
        "0100 0500 68656c6c6f 000000"  # opt_comment
        "0400 0200 7573 0000"  # shb_userappl
        "00000000 34000000"
    )


def test_interface() -> None:
    """Section 4.2: raw IP, of any length."""
    assert pcapng.interface("as") == bytes.fromhex(
        "01000000 20000000 6500 0000 00000000 0200 0200 6173 0000 00000000 20000000"
    )


def test_secrets() -> None:
    """Section 4.7: a TLS key log, filled up to four octets."""
    assert pcapng.secrets("A b c\n") == bytes.fromhex(
        "0a000000 1c000000 4b534c54 06000000 41206220630a 0000 1c000000"
    )


def test_packet() -> None:
    """Section 4.3: with its time in microseconds, high half first."""
    time = 1_767_225_600.000123
    high, low = divmod(1_767_225_600_000_123, 1 << 32)
    assert pcapng.packet(1, Packet(time, b"\x45abcd")) == (
        bytes.fromhex("06000000 28000000 01000000")
        + struct.pack("<II", high, low)
        + bytes.fromhex("05000000 05000000 4561626364 000000 28000000")
    )


def test_packet_with_a_comment() -> None:
    """Section 3.5: options stand behind the packet."""
    commented = pcapng.packet(0, Packet(1.0, b"\x45abc", "no!"))
    assert commented.endswith(
        bytes.fromhex("45616263 0100 0300 6e6f21 00 00000000 30000000")
    )
    assert len(commented) == 0x30


def test_hostile_comment() -> None:
    """What a peer had recorded may be long, and need not be Unicode."""
    commented = pcapng.packet(0, Packet(1.0, b"", "\ud800" + "x" * 100_000))
    assert len(commented) == struct.unpack("<I", commented[4:8])[0]
    assert commented[28:34] == struct.pack("<HH", 1, 4096) + b"\\u"
