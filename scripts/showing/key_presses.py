"""A lecturer's keys."""

import os
import sys
import termios
from contextlib import suppress
from typing import Any, Literal

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.stdio import StandardIO
from twisted.python.failure import Failure

Key = Literal["next", "back", "skip", "quit"]

# What a key sends; a remote control for slides sends Page Up and Page Down.
_KEYS: dict[bytes, Key] = {
    b"": "next",  # Enter and the space bar, without what is stripped
    b"n": "next",
    b"\x1b[C": "next",
    b"\x1bOC": "next",
    b"\x1b[6~": "next",
    b"b": "back",
    b"p": "back",
    b"\x7f": "back",
    b"\x1b[D": "back",
    b"\x1bOD": "back",
    b"\x1b[5~": "back",
    b"s": "skip",
    b"q": "quit",
    b"\x04": "quit",  # Ctrl-D, where it does not end the input
}
_ERASE = "\r\x1b[K"


class KeyPresses(Protocol):
    """
    Keys on standard input, awaited one at a time.

    By the reactor and not in a thread: kept connections are looked after meanwhile,
    and Ctrl-C ends the wait. On a terminal a key is heard without Enter, and its echo
    and the prompt go; from anything else lines are read. When the input has ended,
    nothing is waited for.
    """

    def __init__(self, reactor: Any) -> None:
        self._waiting: Deferred[Key] | None = None
        self._ended = False
        self._settings: list[Any] | None = None
        self._input = _keyboard()
        # Twisted would make the real standard output non-blocking.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        StandardIO(  # type: ignore[call-arg] # mypy reads the one for Windows
            self, stdin=self._input, stdout=nowhere, reactor=reactor
        )
        reactor.addSystemEventTrigger("before", "shutdown", self._end_prompt)

    async def next(self, prompt: str) -> Key:
        """Wait for a key; *prompt* goes to standard error, out of the way."""
        if self._ended:
            return "next"
        self._hear_every_key()
        _write(prompt)
        self._waiting = Deferred()
        return await self._waiting

    def dataReceived(self, data: bytes) -> None:
        """Keys were pressed; one wait is over, however many they were."""
        key = key_of(data)
        if key is not None:
            self._go_on(key)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """There will be no more keys."""
        self._ended = True
        self._go_on("next")

    def _go_on(self, key: Key) -> None:
        """End the wait, and the line that the prompt is in."""
        waiting = self._waiting
        self._end_prompt()
        if waiting is not None:
            waiting.callback(key)

    def _end_prompt(self) -> None:
        if self._waiting is None:
            return
        self._waiting = None
        _write(_ERASE if sys.stderr.isatty() else "\n")
        if self._settings is not None:
            with suppress(termios.error):
                termios.tcsetattr(self._input, termios.TCSADRAIN, self._settings)

    def _hear_every_key(self) -> None:
        """Without Enter and without echo; Ctrl-C remains what it is."""
        with suppress(termios.error):  # it is no terminal
            self._settings = termios.tcgetattr(self._input)
            every = termios.tcgetattr(self._input)
            every[3] &= ~(termios.ICANON | termios.ECHO)
            termios.tcsetattr(self._input, termios.TCSADRAIN, every)


def key_of(data: bytes) -> Key | None:
    """The first key of those that were pressed, if it is one that does something."""
    keys = data.strip(b" \r\n").lower() if b"\x1b" not in data else data
    return _KEYS.get(keys) or _KEYS.get(keys[:1])


def _keyboard() -> int:
    """
    A descriptor to read keys from.

    A terminal is opened anew: Twisted makes what it reads non-blocking, and standard
    output is most often the very same opened file, where a long text would then fail.
    """
    with suppress(OSError):  # it is no terminal
        return os.open(os.ttyname(0), os.O_RDONLY | os.O_NOCTTY)
    return 0


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
