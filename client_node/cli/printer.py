"""Text for a person at a terminal, or for the next command in a pipe."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from pki.observability.layouts import printable

LONGEST_SHOWN = 20_000  # characters of one value, a token included


@dataclass(frozen=True, slots=True)
class Printer:
    """
    Lines to one stream, with colour where it is a terminal that wants it.

    What servers wrote is made printable: it may hold escape sequences.
    """

    stream: TextIO
    colour: bool

    def line(self, text: str = "") -> None:
        """One line."""
        print(text, file=self.stream)

    def json(self, value: object) -> None:
        """*value* as JSON, in ASCII: valid whatever it holds, and harmless."""
        self.line(json.dumps(value, indent=2))

    def good(self, text: str) -> str:
        """As it should be."""
        return self._styled("32", text)

    def bad(self, text: str) -> str:
        """Refused, or not the same."""
        return self._styled("31", text)

    def strong(self, text: str) -> str:
        """A heading."""
        return self._styled("1", text)

    def quiet(self, text: str) -> str:
        """A remark."""
        return self._styled("2", text)

    def _styled(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text


def printer(stream: TextIO, environment: Mapping[str, str]) -> Printer:
    """A printer to *stream*; https://no-color.org is respected."""
    wanted = not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"
    return Printer(stream, colour=wanted and stream.isatty())


def safe(value: object) -> str:
    """*value* as text on one line, printable."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return printable(text, LONGEST_SHOWN)


def print_table(
    out: Printer, headings: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """Columns as wide as their widest value; numbers to the right."""
    columns = list(zip(headings, *rows, strict=True))
    widths = [max(len(value) for value in column) for column in columns]
    numeric = [all(_is_number(value) for value in column[1:]) for column in columns]

    def laid_out(row: Sequence[str]) -> str:
        cells = [
            value.rjust(width) if right else value.ljust(width)
            for value, width, right in zip(row, widths, numeric, strict=True)
        ]
        return "  ".join(cells).rstrip()

    out.line(out.strong(laid_out(headings)))
    for row in rows:
        out.line(laid_out(row))


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True
