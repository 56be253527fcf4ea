"""
Text in columns of a terminal, made harmless first.

What crossed the wire may hold anything: a character that a terminal acts upon is
shown by its number, and a character that is two columns wide counts as two.
"""

import re
from collections.abc import Iterator
from unicodedata import category, east_asian_width

# Controls, what changes the direction or shows nothing, and what is no character.
_HARMFUL = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
_TAKES_NO_ROOM = {"Mn", "Me"}
_AFTER_COMMA = re.compile(r"(?<=(?<!\\),)(?=\S)")
_ATTRIBUTE = re.compile(r"[\w.-]+=[^=]*")  # of a name, RFC 4514


def visible(text: str) -> str:
    r"""*text* without a character that a terminal acts upon: ESC becomes `\x1b`."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(_shown(each) for each in text)


def columns(text: str) -> int:
    """How many columns *text* takes, as `visible` has it."""
    return sum(_width(each) for each in visible(text))


def clipped(text: str, room: int) -> str:
    """The beginning of *text* that fits into *room* columns, marked where it ends."""
    text = visible(text)
    return text if columns(text) <= room else f"{_split(text, room - 1)[0]}…"[:room]


def padded(text: str, room: int) -> str:
    """*text* in exactly *room* columns."""
    text = clipped(text, room)
    return text + " " * (room - columns(text))


def shortened(text: str, longest: int) -> str:
    """*text* with its middle left out where it is wider than *longest* columns."""
    text = visible(text)
    if columns(text) <= longest:
        return text
    note = f"… {len(text)} characters …"
    head = _split(text, max(8, (longest - len(note)) * 2 // 3))[0]
    tail = _split(text[::-1], max(4, longest - len(note) - columns(head)))[0][::-1]
    return f"{head}{note}{tail}"


def folded(text: str, room: int) -> list[str]:
    """
    *text* in lines of at most *room* columns, at least one.

    It is folded after a word, a distinguished name and a word too long for a line
    after a comma; what has no such place is cut.
    """
    lines = [""]
    for piece in _pieces(visible(text), room):
        if columns((lines[-1] + piece).rstrip()) > room and lines[-1]:
            lines.append("")
        rest = piece
        while columns(rest.rstrip()) > room:
            cut, rest = _split(rest, max(room, 2))  # progress, however little
            lines[-1:] = [cut, ""]
        lines[-1] += rest
    return [line.rstrip() for line in lines]


def _pieces(text: str, room: int) -> Iterator[str]:
    """Where *text* may be folded."""
    parts = _AFTER_COMMA.split(text)
    if len(parts) > 1 and all(_ATTRIBUTE.fullmatch(part) for part in parts):
        yield from parts
        return
    for word in re.findall(r"\s*\S+\s*", text):
        fits = columns(word.rstrip()) <= room
        yield from [word] if fits else _AFTER_COMMA.split(word)


def _split(text: str, room: int) -> tuple[str, str]:
    """What of *text* fits into *room* columns, and the rest."""
    taken = 0
    for at, each in enumerate(text):
        taken += _width(each)
        if taken > room:
            return text[:at], text[at:]
    return text, ""


def _shown(character: str) -> str:
    code = ord(character)
    if character == " " or not (_is_harmful(character) or 0xFE00 <= code <= 0xFE0F):
        return character
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _is_harmful(character: str) -> bool:
    return category(character) in _HARMFUL


def _width(character: str) -> int:
    if character.isascii():
        return 1
    if category(character) in _TAKES_NO_ROOM:
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
