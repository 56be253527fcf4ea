"""A lecturer's Enter key."""

import os
import sys
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.stdio import StandardIO
from twisted.python.failure import Failure

_PROMPT = "      [Enter] "


class KeyPresses(Protocol):
    """
    Lines of standard input, awaited one at a time.

    By the reactor and not in a thread: kept connections are looked after meanwhile,
    and Ctrl-C ends the wait. When the input has ended, nothing is waited for.
    """

    def __init__(self, reactor: Any) -> None:
        self._waiting: Deferred[None] | None = None
        self._ended = False
        # A terminal shows the Enter that was pressed; anything else shows nothing.
        self._echoed = sys.stdin.isatty()
        # Twisted would make the real standard output non-blocking.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        StandardIO(  # type: ignore[call-arg] # mypy reads the one for Windows
            self, stdout=nowhere, reactor=reactor
        )

    async def next(self) -> None:
        """Wait for Enter; the prompt goes to standard error, out of the way."""
        if self._ended:
            return
        _write(_PROMPT)
        self._waiting = Deferred()
        await self._waiting

    def dataReceived(self, data: bytes) -> None:
        """Keys were pressed; one wait is over, however many they were."""
        if b"\n" in data:
            self._go_on(new_line=not self._echoed)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """There will be no more keys."""
        self._ended = True
        self._go_on(new_line=True)

    def _go_on(self, *, new_line: bool) -> None:
        """End the wait, and the line that the prompt is in."""
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return
        if new_line:
            _write("\n")
        waiting.callback(None)


def _write(text: str) -> None:
    sys.stderr.write(text)
    sys.stderr.flush()
