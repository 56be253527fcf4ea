"""
The file of a recording: whole lines, for its owner alone, and how it ends.

Where the disk has no room, there is none for a last event either: then its mode says
that nothing follows, which costs none.
"""

import os
from contextlib import suppress
from pathlib import Path

ENDED = 0o400
"""The mode of a recording that ended because it could not be written any more."""

_GOES_ON = 0o600


class RecordingFile:
    """
    Lines, appended to *path*.

    Each is written with one `write`, so that two processes that record into one
    file, or a process that is killed, leave whole lines.

    Raises:
        OSError: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        with suppress(OSError):  # not there, or another's, which opening it will tell
            path.chmod(_GOES_ON)  # it has ended, and is gone on with
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        self._descriptor = os.open(path, flags, _GOES_ON)
        os.fchmod(self._descriptor, _GOES_ON)  # it may have been there already

    def append(self, line: bytes) -> None:
        """
        Write one line.

        Raises:
            OSError: it could not be written. The file has the lines before it, and
                says by its mode that nothing follows them.
        """
        left = line
        try:
            while left:
                left = left[os.write(self._descriptor, left) :]
        except OSError:
            with suppress(OSError):  # what is no file has neither a size nor a mode
                self._take_back(len(line) - len(left))
                os.fchmod(self._descriptor, ENDED)
            raise

    def _take_back(self, written: int) -> None:
        """Have the last bytes away: half a line would be read with the next one."""
        if written:
            end = os.fstat(self._descriptor).st_size
            os.ftruncate(self._descriptor, end - written)

    def close(self) -> None:
        """Nothing can be written after this."""
        os.close(self._descriptor)
