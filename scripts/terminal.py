"""A terminal of 80 to 120 columns: colour where there is one, plain text where not."""

import os
import shutil
import sys
import textwrap
from dataclasses import dataclass
from typing import TextIO

NARROWEST, WIDEST = 80, 120

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "magenta": "35",
    "cyan": "36",
    "bright magenta": "95",
    "bright cyan": "96",
    "bright yellow": "93",
    "bright blue": "94",
    "bright red": "91",
}


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where the narration goes; *width* in columns."""

    stream: TextIO
    width: int
    colour: bool

    def line(self, text: str = "") -> None:
        """One line, shown at once."""
        self.stream.write(f"{text.rstrip()}\n")
        self.stream.flush()

    def styled(self, text: str, *styles: str) -> str:
        """*text* in the styles named, where there is colour."""
        if not self.colour or not text:
            return text
        codes = ";".join(_CODES[style] for style in styles)
        return f"\x1b[{codes}m{text}\x1b[0m"

    def wrapped(self, text: str, indent: int) -> list[str]:
        """*text* in lines that fit, each *indent* columns in."""
        return textwrap.wrap(
            text,
            self.width,
            initial_indent=" " * indent,
            subsequent_indent=" " * indent,
            break_on_hyphens=False,
        )


def of_stream(stream: TextIO, *, plain: bool = False) -> Terminal:
    """The terminal behind *stream*; colour neither under NO_COLOR nor when *plain*."""
    is_terminal = stream.isatty()
    columns = shutil.get_terminal_size((100, 24)).columns if is_terminal else 100
    return Terminal(
        stream,
        max(NARROWEST, min(columns, WIDEST)),
        is_terminal and not plain and _wants_colour(),
    )


def _wants_colour() -> bool:
    return "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def standard_output(*, plain: bool = False) -> Terminal:
    """Standard output, where no character that it cannot write stops the show."""
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    return of_stream(sys.stdout, plain=plain)


def shortened(text: str, longest: int) -> str:
    """*text* with its middle left out where it is longer than *longest*."""
    if len(text) <= longest:
        return text
    note = f"… {len(text)} characters …"
    head = max(8, (longest - len(note)) * 2 // 3)
    tail = max(4, longest - len(note) - head)
    return f"{text[:head]}{note}{text[-tail:]}"
