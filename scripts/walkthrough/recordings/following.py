"""
The recordings, followed while they grow.

Made for a process that has other things to do: a call reads a bounded amount, and
what was recorded long ago is passed over. `recordings` reads everything instead.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from os import stat_result
from pathlib import Path
from stat import S_IMODE
from uuid import uuid4

from pki.observability.recording_file import ENDED
from scripts.walkthrough.recordings.recordings import Event

LARGEST_TURN = 512 * 1024
"""Bytes read by one call, unless somebody says otherwise."""

LARGEST_LEAP = 2 * 1024 * 1024
"""Bytes of one file that are read at most of what was written meanwhile."""

MOST_FILES = 16

_HEAD = 64  # bytes by which a file is known again; the first event's time is in them
_ANSWERERS = ("as", "rs")
_KINDS = frozenset({"handshake", "request", "decision", "response", "failure", "full"})
_NEVER = 253_402_300_800  # seconds since the epoch: the year 10000


@dataclass(slots=True)
class _File:
    """
    One recording of *node*, as far as it is read; *skipping* to the next whole line.

    *ended* is that it has said so, by its mode.
    """

    device: int
    inode: int
    node: str
    head: bytes = b""
    position: int = 0
    skipping: bool = False
    ended: bool = False


class Following:
    """
    The events of *folder* that have not been read yet.

    *run* names what is followed, and is another one as soon as a recording is not
    the one that was read before: nothing that was read then belongs to it. *gone* are
    the nodes whose recordings were read and are no longer there.

    *complain* is told once of each kind of thing that could not be read.
    *largest_turn* is how many bytes one call reads.
    """

    def __init__(
        self,
        folder: Path,
        complain: Callable[[str], None],
        *,
        largest_turn: int = LARGEST_TURN,
    ) -> None:
        self.run = uuid4().hex
        self.gone: tuple[str, ...] = ()
        self._largest_turn = largest_turn
        self._folder = folder
        self._complain = complain
        self._files: dict[str, _File] = {}
        self._gathered: list[Event] = []

    def read_on(self) -> tuple[list[Event], bool]:
        """
        What is new, in the order of its time; and whether to call again at once.

        Nothing comes before all files are read to their end: the events of one are
        in order only together with those of the others.
        """
        found = self._found()
        if any(self._is_another(name, stat) for name, stat in found.items()):
            self.run = uuid4().hex
            self._files, self._gathered = {}, []
        self.gone = tuple(Path(each).stem for each in self._files if each not in found)
        left = self._largest_turn
        for name, stat in found.items():
            left -= self._read(name, stat, left)
            if left <= 0:
                return [], True
        for name, stat in found.items():
            self._notice_the_end(self._files[name], stat)
        events = sorted(self._gathered, key=lambda event: float(event["time"]))
        self._gathered = []
        return events, False

    def _found(self) -> dict[str, stat_result]:
        """
        The files, those of nodes that only answer first.

        A request is written by who sends it before it is sent. So whoever reads
        first what was received finds afterwards who has sent it.
        """
        paths = islice(self._folder.glob("*.jsonl"), MOST_FILES)
        found = {}
        for path in sorted(paths, key=lambda p: (p.stem not in _ANSWERERS, p.name)):
            try:
                found[path.name] = path.stat()
            except OSError:
                continue  # the folder is just being replaced
        return found

    def _is_another(self, name: str, stat: stat_result) -> bool:
        known = self._files.get(name)
        if known is None:
            return False
        if (known.device, known.inode) != (stat.st_dev, stat.st_ino):
            return True
        if stat.st_size == known.position:
            return False
        return stat.st_size < known.position or not self._head(name).startswith(
            known.head
        )

    def _head(self, name: str) -> bytes:
        try:
            with (self._folder / name).open("rb") as file:
                return file.read(_HEAD)
        except OSError:
            return b""

    def _read(self, name: str, stat: stat_result, most: int) -> int:
        """Gather from one file; returns how many bytes that were."""
        node = name.removesuffix(".jsonl")
        known = self._files.setdefault(name, _File(stat.st_dev, stat.st_ino, node))
        if stat.st_size == known.position:
            return 0
        known.head = known.head or self._head(name)
        if stat.st_size - known.position > LARGEST_LEAP:
            passed_over = stat.st_size - known.position - LARGEST_LEAP
            self._complain(
                f"a recording is passed over in part: {passed_over} bytes,"
                f" at most the last {LARGEST_LEAP} are read"
            )
            known.position = stat.st_size - LARGEST_LEAP
            known.skipping = True
        try:
            with (self._folder / name).open("rb") as file:
                file.seek(known.position)
                data = file.read(min(most, stat.st_size - known.position))
        except OSError as error:
            self._complain(f"a recording cannot be read: {error.strerror}")
            return 0
        return self._take(known, data, most)

    def _notice_the_end(self, known: _File, stat: stat_result) -> None:
        """
        Make the event that a recording had no room for (`ENDED`), once.

        It was noticed before the file was read, so more is not in it.
        """
        if known.ended or S_IMODE(stat.st_mode) != ENDED:
            return
        known.ended = True
        self._gathered.append(
            {"time": stat.st_mtime, "node": known.node, "event": "full"}
        )

    def _take(self, known: _File, data: bytes, most: int) -> int:
        """Gather the whole lines of *data*; returns what that is of *most*."""
        end = data.rfind(b"\n") + 1
        if end == 0:
            if len(data) < most:
                return 0  # a line that is being written
            if most < self._largest_turn:
                return most  # there may be room for it next time
            self._complain(f"a line of more than {self._largest_turn} bytes")
            known.position += len(data)
            known.skipping = True
            return most
        lines = data[:end].splitlines()
        self._gathered.extend(self._events(lines[1:] if known.skipping else lines))
        known.position += end
        known.skipping = False
        return len(data)

    def _events(self, lines: list[bytes]) -> Iterator[Event]:
        for line in lines:
            event = _event(line)
            if event is None:
                self._complain("a line is no event")
            elif event["event"] in _KINDS:
                yield event


def _event(line: bytes) -> Event | None:
    """What a line says, if it has what everything else is found by."""
    try:
        event = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(event, dict):
        return None
    known = (
        _is_a_time(event.get("time"))
        and _is_a_time(event.get("received", 0))
        and isinstance(event.get("node"), str)
        and isinstance(event.get("event"), str)
        and isinstance(event.get("interaction", ""), str)
    )
    return event if known else None


def _is_a_time(value: object) -> bool:
    """Whether it is a number of seconds since the epoch that a calendar has."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 0 <= value < _NEVER
