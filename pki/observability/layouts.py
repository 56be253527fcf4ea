"""
How an entry of the operator's log looks: a plain line, or a terminal's.

A file or a pipe gets the whole of it in one line, for programs and for later. Whoever
looks at a terminal has its width: what went well is one line of it, what did not is
folded, and nothing of it is left out. Both are made harmless in the same way.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from pki.observability.limits import LONGEST_FACT, LONGEST_TEXT

_NARROWEST = 40  # columns
_SHORT = 8  # characters of a value that nobody reads to its end
_INDENT = 19  # of what is below an entry: under its text
_IDENTIFIERS = {"interaction", "jti"}
_PLACES = {"client_id": 0, "jti": 2, "interaction": 3}
_PLAIN = re.compile(r"[!#-\[\]-~]*")  # ASCII that is neither space, quote nor escape
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")

# Of the 256 colours of a terminal some of those that can be read on black and on
# white, 4.5:1 at least; a test measures it. A sign says what a colour says.
GREY, RED = 243, 131
OF_NODES = (63, 29, 98, 163)


@dataclass(frozen=True, slots=True)
class Entry:
    """What happened, *at* which second since the epoch, to which *node*."""

    at: float
    node: str
    level: str
    text: str
    facts: Mapping[str, str]


Layout = Callable[[Entry], str]
"""The line or the lines of an entry, without the last line's end."""


def plain(entry: Entry) -> str:
    """`time node level text name=value …`, the time as ISO 8601 has it, in UTC."""
    stamp = datetime.fromtimestamp(entry.at, UTC).isoformat(timespec="milliseconds")
    facts = "".join(f" {fact}" for fact in _facts(entry.facts))
    text = printable(entry.text, LONGEST_TEXT)
    return f"{stamp} {entry.node:<6} {entry.level:<7} {text}{facts}"


def layout_for(descriptor: int) -> Layout:
    """What suits whoever reads there; colour neither under NO_COLOR nor if dumb."""
    if not os.isatty(descriptor):
        return plain
    colour = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"

    def fitted(entry: Entry) -> str:
        try:
            width = os.get_terminal_size(descriptor).columns
        except OSError:  # it has just gone
            width = 0
        return on_terminal(entry, width or 80, colour=colour)

    return fitted


def on_terminal(entry: Entry, width: int, *, colour: bool) -> str:
    """
    An entry on a terminal of *width* columns.

    One line of `time node text name=value …`, cut where the terminal ends, with the
    beginnings of thumbprints and identifiers. A warning or an error has a sign, and all
    its facts below it, whole.
    """
    room = max(width, _NARROWEST) - 1  # a full line would make some terminals wrap
    good = entry.level == "info"
    time = f"{datetime.fromtimestamp(entry.at, UTC):%H:%M:%S}Z"
    text = printable(entry.text, LONGEST_TEXT)
    head = f"{time} {entry.node:<6} {' ' if good else '✗'} "
    node = OF_NODES[sum(entry.node.encode()) % len(OF_NODES)]
    shown = (
        f"{_in(GREY, time, colour)} {_in(node, f'{entry.node:<6}', colour)} "
        f"{_in(RED, ' ' if good else '✗', colour and not good)} "
    )
    if good:
        left = room - len(head)
        facts = "".join(f" {fact}" for fact in _facts(_shortened_all(entry.facts)))
        beside = _cut(facts, left - len(text))
        return f"{shown}{_cut(text, left)}{_in(GREY, beside, colour)}"
    first, *rest = _folded([text], room - len(head))
    below = _folded([*_facts(entry.facts)], room - _INDENT)
    lines = [f"{shown}{_in(RED, first, colour)}"]
    lines += [f"{' ' * _INDENT}{_in(RED, each, colour)}" for each in rest]
    lines += [f"{' ' * _INDENT}{each}" for each in below if each]
    return "\n".join(lines)


def printable(text: str, longest: int = LONGEST_FACT) -> str:
    """*text* on one line, escaped where it is not printable, and not endless."""
    return _escaped(_shortened(text, longest))


def _facts(facts: Mapping[str, str]) -> Iterator[str]:
    return (f"{name}={_fact(value)}" for name, value in facts.items())


def _fact(value: str) -> str:
    """A value, in quotes where one could not see its end."""
    if _PLAIN.fullmatch(value) and len(value) <= LONGEST_FACT:
        return value  # as nearly every value is
    value = _shortened(value, LONGEST_FACT)
    if " " in value or '"' in value:
        value = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _escaped(value)


def _shortened_all(facts: Mapping[str, str]) -> dict[str, str]:
    """
    The facts, who first; the beginnings of what is only there to be found again.

    The identifiers are last, where a line may be cut.
    """
    return {
        name: f"{facts[name][:_SHORT]}…"
        if name in _IDENTIFIERS or _THUMBPRINT.fullmatch(facts[name])
        else facts[name]
        for name in sorted(facts, key=lambda name: _PLACES.get(name, 1))
    }


def _folded(pieces: list[str], room: int) -> list[str]:
    """*pieces* in lines, several beside each other; one too long is folded itself."""
    lines = [""]
    for piece in pieces:
        together = f"{lines[-1]} {piece}".strip()
        if len(together) <= room:
            lines[-1] = together
            continue
        lines += _cut_after_words(piece, room)
    return lines[not lines[0] and len(lines) > 1 :]


def _cut_after_words(piece: str, room: int) -> list[str]:
    """A piece that has no room on a line, after words where there are any."""
    lines = []
    while len(piece) > room:
        at = piece.rfind(" ", 1, room + 1)
        at = room if at < room // 2 else at
        lines.append(piece[:at])
        piece = piece[at:].lstrip()
    return [*lines, piece]


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: max(room - 1, 0)]}…"[: max(room, 0)]


def _in(colour: int, text: str, wanted: bool) -> str:  # noqa: FBT001 - the third of three
    return f"\x1b[38;5;{colour}m{text}\x1b[0m" if wanted and text else text


def _shortened(text: str, longest: int) -> str:
    if len(text) > longest:
        return f"{text[:longest]}… ({len(text)} characters)"
    return text


def _escaped(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii")
        for c in text
    )
