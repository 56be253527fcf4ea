"""A terminal of 80 to 120 columns: colour where there is one, plain text where not."""

import os
import re
import shutil
import sys
from dataclasses import dataclass
from typing import Protocol, TextIO

from scripts.telling.columns import clipped, columns, folded, visible

NARROWEST, WIDEST = 80, 120

_INCAPABLE = {"dumb", "unknown"}
_WITH_RGB = {"truecolor", "24bit"}
_LINK = re.compile(r"(file|https)://[!-~]+")

# Each can be read on black and on white, 4.5:1 at least (WCAG 2.2, 1.4.3); a test
# measures it. Of the 256 colours of a terminal that is true of six, so some share one
# where a terminal has no others. What is said by a colour is said by a sign or a name
# as well.
COLOURS = {
    "grey": (243, "767676"),
    "red": (131, "ec0000"),
    "green": (29, "008900"),
    "blue": (63, "316cf4"),
    "teal": (29, "008387"),
    "magenta": (163, "d30bc2"),
    "violet": (98, "9650e6"),
    "olive": (29, "7d7900"),
    "steel": (63, "4b7a9c"),
    "mauve": (163, "a655b6"),
    "brown": (98, "ad6241"),
    "moss": (29, "50822b"),
    "indigo": (63, "6560f7"),
    "orange": (163, "bd5800"),
}
"""By name: the number among the 256, and red, green and blue where there are more."""

HOLDER_STYLES = tuple(name for name in COLOURS if name not in {"grey", "red", "green"})

_DISTINCT = {"bold": "1", "underlined": "4"}
_IN_256 = {name: f"38;5;{number}" for name, (number, _) in COLOURS.items()}
_IN_RGB = {
    name: "38;2;" + ";".join(str(part) for part in bytes.fromhex(rgb))
    for name, (_, rgb) in COLOURS.items()
}


@dataclass(frozen=True, slots=True)
class Styled:
    """
    Text in the styles named: `bold`, `underlined`, or one of `COLOURS`.

    *target* is the URL that it leads to, where a terminal can follow it (OSC 8).
    """

    text: str
    styles: tuple[str, ...]
    target: str = ""


Part = str | Styled


class Writable(Protocol):
    """What lines are written to."""

    def write(self, text: str, /) -> object:
        """Write *text*."""

    def flush(self) -> None:
        """Nothing is kept back."""


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

    *rgb* says that its colours are any and not 256, *links* that it follows OSC 8, or
    passes over it. Only `line` writes, and whatever it is given: nothing wider than the
    terminal, no control character, and of escape sequences only our own.
    """

    stream: Writable
    width: int
    colour: bool
    rgb: bool = False
    links: bool = False

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

    def unbroken(self, part: Part) -> None:
        """A line that is never cut, however wide: something to copy."""
        self.stream.write(f"{self._coloured(as_text(part), part)}\n")
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
        if not text or isinstance(part, str):
            return text
        codes = _DISTINCT | (_IN_RGB if self.rgb else _IN_256)
        if self.colour and part.styles:
            text = (
                f"\x1b[{';'.join(codes[style] for style in part.styles)}m{text}\x1b[0m"
            )
        if self.links and _LINK.fullmatch(part.target):
            text = f"\x1b]8;;{part.target}\x1b\\{text}\x1b]8;;\x1b\\"
        return text


def as_text(part: Part) -> str:
    """What a part says, made harmless."""
    return visible(part if isinstance(part, str) else part.text)


def of_stream(stream: TextIO, *, plain: bool = False) -> Terminal:
    """The terminal behind *stream*; colour neither under NO_COLOR nor when *plain*."""
    is_terminal = stream.isatty()
    size = shutil.get_terminal_size((100, 24)).columns if is_terminal else 100
    capable = is_terminal and not plain and os.environ.get("TERM") not in _INCAPABLE
    return Terminal(
        stream,
        max(NARROWEST, min(size, WIDEST)),
        colour=capable and "NO_COLOR" not in os.environ,
        rgb=os.environ.get("COLORTERM") in _WITH_RGB,
        links=capable,
    )


def standard_output(*, plain: bool = False) -> Terminal:
    """Standard output, where no character that it cannot write stops the show."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    return of_stream(sys.stdout, plain=plain)
