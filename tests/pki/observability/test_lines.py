"""Lines to where they may not go."""

import errno
import fcntl
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from pki.observability.limits import LARGEST_BACKLOG
from pki.observability.lines import BackgroundLines, Descriptor, Lines, Torn
from pki.observability.operator_log import OperatorLog

PATIENCE = 60
"""Seconds: when to give up, and not what anything takes."""

LINE = "x" * 99 + "\n"


def losses(count: int, reason: str) -> str:
    """As a log would tell it."""
    return f"lost {count}: {reason}\n"


class Disk(io.StringIO):
    """Takes what is written, unless it is full."""

    full = False

    def write(self, text: str) -> int:
        """Or fail."""
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(text)


def test_full_disk() -> None:
    """A line that cannot be written is counted, and told before the next that can."""
    disk = Disk()
    lines = Lines(disk, losses)
    lines.put("a\n")
    disk.full = True
    lines.put("b\n")
    lines.put("c\n")
    assert lines.has_lost
    disk.full = False
    lines.put("d\n")
    lines.put("e\n")
    assert disk.getvalue() == "a\nlost 2: No space left on device\nd\ne\n"


class TornDisk(io.StringIO):
    """Has room for so many bytes, and then no more."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self.room = room

    def write(self, text: str) -> int:
        """As much as there is room for."""
        taken = super().write(text[: self.room])
        self.room -= taken
        if taken < len(text):
            torn = Torn(errno.ENOSPC, os.strerror(errno.ENOSPC))
            torn.written = taken
            raise torn
        return taken


@pytest.mark.parametrize(("room", "lost"), [(0, 3), (1, 3), (2, 2), (5, 1)])
def test_disk_that_fills_up_in_between(room: int, lost: int) -> None:
    """Of entries that are written together, those count that are not wholly there."""
    disk = TornDisk(room)
    lines = Lines(disk, losses)
    lines.put("a\n", "b\n", "c\n")
    disk.room = 1000
    lines.put("d\n")
    assert disk.getvalue().endswith(f"lost {lost}: No space left on device\nd\n")


def test_loss_that_is_told_where_the_next_line_is_lost() -> None:
    """What was told is not told again."""
    disk = Disk()
    lines = Lines(disk, losses)
    disk.full = True
    lines.put("a\n")
    torn = TornDisk(len(losses(1, os.strerror(errno.ENOSPC))))
    lines._stream = torn
    lines.put("b\n")
    torn.room = 1000
    lines.put("c\n")
    told = "lost 1: No space left on device\n"
    assert torn.getvalue() == f"{told}{told}c\n"


def test_closed_stream() -> None:
    """A stream that somebody has closed fails nobody."""
    stream = io.StringIO()
    lines = Lines(stream, losses)
    stream.close()
    lines.put("a\n")
    assert lines.has_lost


def test_losses_in_the_operators_words() -> None:
    """The log tells of a loss in a line like any other."""
    disk = Disk()
    log = OperatorLog("as", disk, lambda: 0.0)
    disk.full = True
    log.info("POST /token 200")
    disk.full = False
    log.info("POST /token 200")
    log.finish(PATIENCE)
    first, second = disk.getvalue().splitlines()
    assert first.endswith(
        "as     warning entries of this log that were lost: 1 (No space left on device)"
    )
    assert second.endswith("as     info    POST /token 200")


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    """One whose reading end nobody empties until a test does."""
    reading, writing = os.pipe()
    yield reading, writing
    os.close(reading)
    os.close(writing)


@pytest.mark.bound("log.backlog")
def test_unread_pipe(pipe: tuple[int, int]) -> None:
    """Nobody waits for a reader, and what was lost is told when there is one."""
    reading, writing = pipe
    lines = BackgroundLines(Descriptor(writing), losses)
    fits = LARGEST_BACKLOG // len(LINE) + 1024 * 1024 // len(LINE)
    for _ in range(fits):  # more than what waits and what is in the pipe
        lines.put(LINE)
    assert not lines.finish(0)
    read, lost = b"", 0
    while read.count(b"x\n") + lost < fits:
        read += os.read(reading, 65536)
        lost = sum(map(int, re.findall(rb"lost (\d+): nobody took them\n", read)))
    assert lost > 0
    assert lines.finish(PATIENCE)


def test_pipe_that_is_read(pipe: tuple[int, int]) -> None:
    """Everything arrives in its order."""
    reading, writing = pipe
    lines = BackgroundLines(Descriptor(writing), losses)
    for number in range(100):
        lines.put(f"{number}\n")
    assert lines.finish(PATIENCE)
    assert os.read(reading, 65536).decode().splitlines() == [str(n) for n in range(100)]


def test_pipe_that_somebody_made_non_blocking(pipe: tuple[int, int]) -> None:
    """A full pipe is waited for by the thread, whatever flags it has by now."""
    reading, writing = pipe
    fcntl.fcntl(writing, fcntl.F_SETFL, os.O_NONBLOCK)
    lines = BackgroundLines(Descriptor(writing), losses)
    for _ in range(2000):
        lines.put(LINE)
    read = b""
    while read.count(b"\n") < 2000:
        read += os.read(reading, 65536)
    assert read == LINE.encode() * 2000
    assert lines.finish(PATIENCE)


def test_pipe_that_is_closed_in_between() -> None:
    """How much was written is known."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    taken = os.write(writing, b"x" * 1_000_000)  # all that it has room for
    os.set_blocking(writing, True)

    def read_and_close() -> None:
        os.read(reading, taken)
        os.close(reading)

    reader = Thread(target=read_and_close)
    reader.start()
    with pytest.raises(Torn) as torn:
        Descriptor(writing).write("y" * 1_000_000)
    reader.join()
    os.close(writing)
    assert torn.value.errno == errno.EPIPE
    assert 0 <= torn.value.written <= taken


def test_closed_pipe() -> None:
    """Who wrote goes on."""
    reading, writing = os.pipe()
    os.close(reading)
    lines = BackgroundLines(Descriptor(writing), losses)
    lines.put(LINE)
    assert lines.finish(PATIENCE)
    os.close(writing)


def test_device_that_is_always_full() -> None:
    """`/dev/full` says ENOSPC to every write."""
    with Path("/dev/full").open("w") as full:
        lines = Lines(Descriptor(full.fileno()), losses)
        lines.put(LINE)
        assert lines.has_lost


def test_half_a_line(tmp_path: Path) -> None:
    """What comes after a write that failed in its middle begins a line of its own."""
    file = tmp_path / "log"
    with file.open("w") as stream:
        torn = Descriptor(stream.fileno())
        torn._torn = True  # as after a disk that was full for a moment
        torn.write("a\n")
        torn.write("b\n")
    assert file.read_text() == "\na\nb\n"
