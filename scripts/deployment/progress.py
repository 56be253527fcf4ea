"""
What is being put in place, for somebody who waits: one line, until it is done.

Known to `scripts.setting_up`, which runs before any package is installed: nothing but
the standard library is imported here.
"""

import os
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

_ERASE = "\r\x1b[K"
_FIRST_SECOND = 1.0  # what takes no longer needs no number beside it


class Progress:
    """
    A line on *stream* that says what is being done.

    On a terminal it is one line, with the seconds it takes, and it goes when it is
    done. Elsewhere each thing is a line of its own, and nothing else is written: no
    carriage return, no escape sequence.
    """

    def __init__(
        self, stream: TextIO, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._stream = stream
        self._clock = clock
        self._one_line = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._doing = ""
        self._so_far = ""
        self._since = clock()

    def begin(self, doing: str) -> None:
        """Something new is being done."""
        if doing == self._doing:
            return
        self._doing, self._so_far = doing, ""
        if self._one_line:
            self.go_on()
        else:
            self._write(f"  {doing}\n")

    def go_on(self, so_far: str = "") -> None:
        """It is still being done; *so_far* says how much of it is."""
        self._so_far = so_far or self._so_far
        if not self._one_line or not self._doing:
            return
        seconds = self._clock() - self._since
        lasts = f"{seconds:.0f} s" if seconds >= _FIRST_SECOND else ""
        text = ", ".join(filter(None, (self._doing, self._so_far, lasts)))
        room = shutil.get_terminal_size().columns - 3  # indented, and never to the edge
        self._write(f"{_ERASE}  {text[:room]}")

    def done(self) -> float:
        """All is in place; returns how many seconds it took."""
        if self._one_line and self._doing:
            self._write(_ERASE)
        self._doing = ""
        return self._clock() - self._since

    def _write(self, text: str) -> None:
        with suppress(BrokenPipeError):  # whoever waited has gone
            self._stream.write(text)
            self._stream.flush()
