"""A terminal of 80 to 120 columns: colour where there is one, plain text where not."""

import os
import shutil
import sys
from dataclasses import dataclass
from typing import TextIO

from scripts.telling.columns import clipped, columns, folded, visible

NARROWEST, WIDEST = 80, 120

HOLDER_STYLES = (
    "steel",
    "khaki",
    "blue",
    "mauve",
    "brown",
    "violet",
    "teal",
    "magenta",
    "olive",
    "rose",
    "indigo",
)

# Of the 256 colours those that can be read on black as on white; a test measures it.
# What is said by a colour is said by a sign or a name as well.
COLOURS = {
    "grey": 243,
    "red": 196,
    "green": 28,
    "steel": 67,
    "khaki": 101,
    "blue": 32,
    "mauve": 133,
    "brown": 130,
    "violet": 99,
    "teal": 30,
    "magenta": 164,
    "olive": 100,
    "rose": 132,
    "indigo": 63,
}

_CODES = {
    "bold": "1",
    "underlined": "4",
    **{name: f"38;5;{n}" for name, n in COLOURS.items()},
}


@dataclass(frozen=True, slots=True)
class Styled:
    """Text in the styles named: `bold`, `underlined`, or one of `COLOURS`."""

    text: str
    styles: tuple[str, ...]


Part = str | Styled


def styled(text: str, *styles: str) -> Styled:
    """*text* in *styles*, of which an empty one says nothing."""
    return Styled(text, tuple(filter(None, styles)))


def dim(text: str) -> Styled:
    """*text* that matters less."""
    return styled(text, "grey")


@dataclass(frozen=True, slots=True)
class Terminal:
    """
    Where the narration goes; *width* in columns.

    Only `line` writes, and whatever it is given: nothing wider than the terminal, no
    control character, and of escape sequences only colours of our own.
    """

    stream: TextIO
    width: int
    colour: bool

    def line(self, *parts: Part) -> None:
        """One line, shown at once."""
        room = self.width
        written = ""
        for part in parts:
            whole = as_text(part)
            text = clipped(whole, room)
            written += self._coloured(text, part)
            if text != whole:
                break
            room -= columns(text)
        self.stream.write(f"{written.rstrip()}\n")
        self.stream.flush()

    def spread(self, left: tuple[Part, ...], right: str, indent: int) -> None:
        """A line with *right* at its right end; below, *indent* in, if it must be."""
        taken = sum(columns(as_text(part)) for part in left)
        gap = self.width - taken - columns(right)
        if gap >= 2:
            self.line(*left, " " * gap, dim(right))
            return
        self.line(*left)
        self.paragraph(right, indent, "grey")

    def paragraph(self, text: str, indent: int, *styles: str) -> None:
        """*text* in lines that fit, each *indent* columns in."""
        for line in folded(text, self.width - indent) if text else ():
            self.line(" " * indent, styled(line, *styles))

    def _coloured(self, text: str, part: Part) -> str:
        if not self.colour or not text or isinstance(part, str) or not part.styles:
            return text
        codes = ";".join(_CODES[style] for style in part.styles)
        return f"\x1b[{codes}m{text}\x1b[0m"


def as_text(part: Part) -> str:
    """What a part says, made harmless."""
    return visible(part if isinstance(part, str) else part.text)


def of_stream(stream: TextIO, *, plain: bool = False) -> Terminal:
    """The terminal behind *stream*; colour neither under NO_COLOR nor when *plain*."""
    is_terminal = stream.isatty()
    size = shutil.get_terminal_size((100, 24)).columns if is_terminal else 100
    return Terminal(
        stream,
        max(NARROWEST, min(size, WIDEST)),
        is_terminal and not plain and _wants_colour(),
    )


def _wants_colour() -> bool:
    return "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def standard_output(*, plain: bool = False) -> Terminal:
    """Standard output, where no character that it cannot write stops the show."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    return of_stream(sys.stdout, plain=plain)
