"""A file, read again when it has changed."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


class ChangingFile(Generic[T]):
    """
    What *read* makes of the file *path*, kept until the file is another.

    Looked at whenever it is asked for, which costs one `stat`. Nothing is kept of
    a file that is gone or cannot be read: who removes it withdraws it.
    """

    def __init__(self, path: Path, read: Callable[[Path], T]) -> None:
        self._path = path
        self._read = read
        self._kept: tuple[tuple[int, ...], T] | None = None

    def current(self) -> T:
        """
        What the file says now.

        Raises:
            OSError: it is gone.
            Exception: what *read* raises.
        """
        # Before the reading: a file replaced in between is read twice, and not
        # overlooked.
        stamp = self._stamp()
        if self._kept is None or self._kept[0] != stamp:
            self._kept = (stamp, self._read(self._path))
        return self._kept[1]

    def _stamp(self) -> tuple[int, ...]:
        """Changes with the file, and when another file takes its name."""
        stat = self._path.stat()
        return stat.st_ino, stat.st_mtime_ns, stat.st_size
