"""
Lines to where they may not go: a full disk, a closed pipe, one that nobody empties.

Whoever writes a line goes on as if it had been written. What could not be is counted,
and told as soon as something can be written again.
"""

import os
import select
import signal
from collections.abc import Callable, Sequence
from itertools import accumulate
from threading import Condition, Lock, Thread
from typing import Protocol

from pki.observability.limits import LARGEST_BACKLOG

TOLD_EVERY = 5.0  # seconds between two attempts to tell of a loss while nothing else is

GATHERED_FOR = 0.01
"""
Seconds in which a thread that writes gathers lines before it writes them together. To
wake it for each costs a busy reactor a fifth of its time: two threads then take the
interpreter from each other two thousand times a second. While lines come it is not
woken at all, and looks.
"""

Losses = Callable[[int, str], str]
"""The line that tells of so many lost lines, and why they were."""


class Stream(Protocol):
    """What lines are written to."""

    def write(self, text: str, /) -> object:
        """Write *text*, or raise OSError."""

    def flush(self) -> None:
        """Nothing is kept back."""


class Torn(OSError):
    """Not all was written; *written* is how many bytes were."""

    written = 0


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
            Torn: it could not be written, or not to its end.
        """
        data = _encoded(text)
        # What failed in its middle ends its line here.
        rest = memoryview(b"\n" * self._torn + data)
        while rest:
            try:
                written = os.write(self._descriptor, rest)
            except BlockingIOError:
                select.select([], [self._descriptor], [])
            except OSError as error:
                torn = Torn(error.errno, error.strerror)
                torn.written = max(len(data) - len(rest), 0)
                raise torn from error
            else:
                rest = rest[written:]
                self._torn = bool(rest) and not data.endswith(b"\n", 0, -len(rest))

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

    def put(self, *entries: str) -> None:
        """Write *entries*, each of one or more lines; or count those that are lost."""
        told = self._lost
        about = (self._losses(told, self._reason),) if told else ()
        try:
            self._stream.write("".join((*about, *entries)))
            self._stream.flush()
        except (OSError, ValueError) as error:  # ValueError: the stream was closed
            reason = getattr(error, "strerror", None) or str(error)
            lost = _unwritten((*about, *entries), getattr(error, "written", 0))
            self.lose(min(lost, len(entries)), reason)
            if lost <= len(entries):
                self.lose(-told, reason)
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

    Only the thread waits for the stream, and writes what came in GATHERED_FOR seconds
    together. What comes while LARGEST_BACKLOG characters wait already is lost. The
    thread is none that the end of the process waits for.
    """

    def __init__(self, stream: Stream, losses: Losses) -> None:
        self._lines = Lines(stream, losses)
        self._waiting: list[str] = []
        self._size = 0  # of those and of what is being written, in characters
        self._asleep = False
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
            elif self._asleep:
                self._asleep = False
                self._changed.notify_all()

    def finish(self, seconds: float) -> bool:
        """Wait until all is written, but not for longer; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: self._size == 0, seconds)

    def _run(self) -> None:
        # Signals are for the main thread, which stops hearing them at the end.
        signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
        while True:
            self._wait()
            with self._changed:
                entries, self._waiting = self._waiting, []
            self._lines.put(*entries)
            with self._changed:
                self._size -= sum(map(len, entries))
                self._changed.notify_all()

    def _wait(self) -> None:
        """Until there are entries, or a loss is to be told."""
        _gather()
        with self._changed:
            if self._waiting:
                return
            self._asleep = True
            self._changed.wait(TOLD_EVERY if self._lines.has_lost else None)
            self._asleep = False
        _gather()


def _gather() -> None:
    # Not `time.sleep`, which waits for a moment of a clock since Python 3.11, and fails
    # where somebody (libfaketime, in our tests) plays with clocks.
    select.select([], [], [], GATHERED_FOR)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "backslashreplace")


def _unwritten(entries: Sequence[str], written: int) -> int:
    """How many of *entries* are not wholly in the first *written* bytes of them."""
    ends = accumulate(len(_encoded(each)) for each in entries)
    return sum(end > written for end in ends)
