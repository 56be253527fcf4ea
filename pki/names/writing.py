"""Values written as RFC 4514 section 2.4 has them: as text with escapes, or in hex."""

UTF8_STRING = 12
BIT_STRING = 3


def hexstring(tag: int, content: bytes) -> str:
    """The `#` form of RFC 4514 section 2.4: DER, under a tag of one octet."""
    size = len(content)
    length = size.to_bytes((size.bit_length() + 7) // 8 or 1, "big")
    if size > 127:
        length = bytes([0x80 | len(length)]) + length
    return f"#{tag:02x}{length.hex()}{content.hex()}"


def escaped(text: str) -> str:
    """
    The value as RFC 4514 section 2.4 escapes it, and more than it asks for.

    What is not printable (line ends, terminal codes, bidirectional overrides) is
    written as its UTF-8 octets, so that no certificate can forge a line of a log.
    """
    last = len(text) - 1
    return "".join(
        _escaped_character(character, at_an_end=index in (0, last))
        for index, character in enumerate(text)
    )


def _escaped_character(character: str, *, at_an_end: bool) -> str:
    if character in '\\"+,;<>' or (at_an_end and character in " #"):
        return "\\" + character
    if character.isprintable():
        return character
    octets = character.encode("utf-8", "surrogatepass")
    return "".join(f"\\{octet:02X}" for octet in octets)
