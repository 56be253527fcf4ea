"""The operator's log: one readable line for each thing that happened."""

import sys
import time
from collections.abc import Callable, Mapping

from twisted.logger import ILogObserver, LogEvent, LogLevel, formatEvent
from zope.interface import implementer

from pki.observability.layouts import Entry, Layout, plain, printable
from pki.observability.lines import BackgroundLines, Lines, Stream


@implementer(ILogObserver)
class OperatorLog:
    """
    Lines on *stream*, each as *layout* has it: by default `time node level text
    name=value …`, the time in UTC, as every other time in these lines.

    Never a token, a password or a key: client_id, thumbprint, jti, reason. Values
    may come from a peer, so what is not printable is escaped, and a value with a
    space in it is quoted: nobody writes lines or facts of his own into this log.
    The lines of a trace are indented. Called once or twice a request, so it formats
    its lines itself (twisted.logger's formatting costs 20 us a line).

    A line that cannot be written fails nobody: see `pki.observability.lines`. With
    *in_background* nobody waits for the stream either.
    """

    def __init__(
        self,
        node: str,
        stream: Stream = sys.stderr,
        clock: Callable[[], float] = time.time,
        *,
        in_background: bool = False,
        layout: Layout = plain,
    ) -> None:
        self._node = node
        self._clock = clock
        self._layout = layout
        lines = BackgroundLines if in_background else Lines
        self._lines: BackgroundLines | Lines = lines(stream, self._losses)

    def info(self, text: str, facts: Mapping[str, str] | None = None) -> None:
        """Something happened as it should."""
        self._write("info", text, facts or {})

    def warning(self, text: str, facts: Mapping[str, str] | None = None) -> None:
        """A peer was refused, or something wants an operator's eye."""
        self._write("warning", text, facts or {})

    def error(self, text: str, facts: Mapping[str, str], trace: str) -> None:
        """A fault of ours, with the way to it."""
        self._write("error", text, facts, trace)

    def __call__(self, event: LogEvent) -> None:
        """Twisted's own events: warnings and faults; its chatter is dropped."""
        if event["log_level"] < LogLevel.warn:
            return
        level, text = event["log_level"].name, formatEvent(event)
        failure = event.get("log_failure")
        if failure is None:
            self._write(level, text, {})
        else:  # events of `twisted.python.log` have the trace in their text as well
            first, _, _ = text.partition("\n")
            self._write(level, first, {}, failure.getTraceback())

    def _write(
        self, level: str, text: str, facts: Mapping[str, str], trace: str = ""
    ) -> None:
        way = "".join(f"    {printable(each)}\n" for each in trace.splitlines())
        self._lines.put(f"{self._laid_out(level, text, facts)}\n{way}")

    def _laid_out(self, level: str, text: str, facts: Mapping[str, str]) -> str:
        return self._layout(Entry(self._clock(), self._node, level, text, facts))

    def _losses(self, count: int, reason: str) -> str:
        what = f"entries of this log that were lost: {count} ({reason})"
        return f"{self._laid_out('warning', what, {})}\n"

    def finish(self, seconds: float) -> None:
        """Wait for what is not written yet, but no longer than that."""
        if isinstance(self._lines, BackgroundLines):
            self._lines.finish(seconds)
