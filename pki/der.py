"""
DER taken apart, one level at a time (X.690 section 8.1): tag, length, content.

For what `cryptography` refuses as a whole because of one part of it. Nothing is
interpreted here, and only what certificates and revocation lists have is read: tags
of one octet, definite lengths.
"""

from collections.abc import Iterator
from dataclasses import dataclass

BOOLEAN, OBJECT_IDENTIFIER, SEQUENCE, SET = 0x01, 0x06, 0x30, 0x31


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its *tag*, its *content*, and the *whole* of it as it came."""

    tag: int
    content: bytes
    whole: bytes

    def elements(self) -> tuple["Element", ...]:
        """What its content consists of; ValueError where it consists of nothing."""
        return tuple(elements(self.content))


def elements(octets: bytes) -> Iterator[Element]:
    """
    The elements that stand one after the other in *octets*.

    Raises:
        ValueError: they are not DER to the last octet.
    """
    position = 0
    while position < len(octets):
        place = element_at(octets, position)
        if place.end > len(octets):
            raise ValueError("an element is longer than what it stands in")
        content, whole = octets[place.start : place.end], octets[position : place.end]
        yield Element(place.tag, content, whole)
        position = place.end


@dataclass(frozen=True, slots=True)
class Place:
    """Where one element stands: its *tag*, and from where to where its content does."""

    tag: int
    start: int
    end: int


def element_at(octets: bytes, position: int) -> Place:
    """
    The element that begins at *position*; its *end* may lie beyond that of *octets*,
    of which something may have been cut off.

    Raises:
        ValueError: none begins there.
    """
    start, length = _header(octets, position)
    return Place(octets[position], start, start + length)


def encoded(tag: int, content: bytes) -> bytes:
    """One element of *tag* with this content."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _header(octets: bytes, position: int) -> tuple[int, int]:
    """Where the content of the element at *position* begins, and how long it is."""
    try:
        first = octets[position + 1]
    except IndexError as error:
        raise ValueError("an element ends before its length") from error
    if first < 0x80:
        return position + 2, first
    start = position + 2 + (first & 0x7F)
    if not 0 < first & 0x7F <= 4 or start > len(octets):
        raise ValueError("the length of an element cannot be read")
    return start, int.from_bytes(octets[position + 2 : start], "big")
