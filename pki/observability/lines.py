"""
Lines to where they may not go: a full disk, a closed pipe, one that nobody empties.

Whoever writes a line goes on as if it had been written. What could not be is counted,
and told as soon as something can be written again.
"""

import os
import select
import signal
from collections import deque
from collections.abc import Callable
from threading import Condition, Lock, Thread
from typing import Protocol

from pki.observability.limits import LARGEST_BACKLOG

TOLD_EVERY = 5.0  # seconds between two attempts to tell of a loss while nothing else is

Losses = Callable[[int, str], str]
"""The line that tells of so many lost lines, and why they were."""


class Stream(Protocol):
    """What lines are written to."""

    def write(self, text: str, /) -> object:
        """Write *text*, or raise OSError."""

    def flush(self) -> None:
        """Nothing is kept back."""


class Descriptor:
    """
    A file descriptor as a stream that keeps nothing back, not even what failed.

    One that others have made non-blocking is waited for all the same.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._torn = False

    def write(self, text: str) -> None:
        """
        Write it all; waits while it cannot be.

        Raises:
            OSError: it could not be written, or not to its end.
        """
        # What failed in its middle ends its line here.
        data = b"\n" * self._torn + text.encode("utf-8", "backslashreplace")
        while data:
            try:
                written = os.write(self._descriptor, data)
            except BlockingIOError:
                select.select([], [self._descriptor], [])
            else:
                self._torn = written < len(data)
                data = data[written:]

    def flush(self) -> None:
        """There is nothing."""


class Lines:
    """Lines to *stream*, at once; writing one never fails."""

    def __init__(self, stream: Stream, losses: Losses) -> None:
        self._stream = stream
        self._losses = losses
        self._counting = Lock()
        self._lost = 0
        self._reason = ""

    def put(self, text: str) -> None:
        """Write *text*, which is one entry of one or more lines; or count it."""
        told = self._lost
        about = self._losses(told, self._reason) if told else ""
        try:
            self._stream.write(about + text)
            self._stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream was closed
            self.lose(bool(text), getattr(error, "strerror", None) or str(error))
        else:
            self.lose(-told, self._reason)

    def lose(self, count: int, reason: str) -> None:
        """So many more will not be written; another thread may be writing."""
        with self._counting:
            self._lost += count
            self._reason = reason

    @property
    def has_lost(self) -> bool:
        """Whether there is a loss that has not been told."""
        return self._lost > 0


class BackgroundLines:
    """
    The same in a thread of its own, for those who must not wait, such as a reactor.

    Only the thread waits for the stream. What comes while LARGEST_BACKLOG characters
    wait already is lost. The thread is none that the end of the process waits for.
    """

    def __init__(self, stream: Stream, losses: Losses) -> None:
        self._lines = Lines(stream, losses)
        self._waiting: deque[str] = deque()
        self._size = 0
        self._busy = False
        self._changed = Condition()
        self._thread: Thread | None = None

    def put(self, text: str) -> None:
        """Have *text* written soon; or count it."""
        with self._changed:
            if self._size + len(text) > LARGEST_BACKLOG:
                self._lines.lose(1, "nobody took them")
                return
            self._waiting.append(text)
            self._size += len(text)
            if self._thread is None:
                self._thread = Thread(target=self._run, name="log", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def finish(self, seconds: float) -> bool:
        """Wait until all is written, but not for longer; whether it is."""
        with self._changed:
            return self._changed.wait_for(
                lambda: not self._waiting and not self._busy, seconds
            )

    def _run(self) -> None:
        # Signals are for the main thread, which stops hearing them at the end.
        signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
        while True:
            text = self._next()
            self._lines.put(text)
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _next(self) -> str:
        """The next entry, or nothing where there is only a loss to tell."""
        with self._changed:
            if not self._waiting:
                self._changed.wait(TOLD_EVERY if self._lines.has_lost else None)
            self._busy = True
            text = self._waiting.popleft() if self._waiting else ""
            self._size -= len(text)
            return text
