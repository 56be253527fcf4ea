"""
Replace a whole directory, or one file, at once.

The new directory is built beside the old one, as `.NAME.new`; when it is complete,
the old one is renamed to `.NAME.old`, the new one to its name, and the old one is
removed. POSIX has no portable exchange of two directories, so for the moment
between the two renames there is none at all: whoever opens a file just then finds
it missing, but never half of one set and half of another. A crash in that moment
is mended by whoever takes the lock next.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pki import pem


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """
    Keep other processes from changing *directory*, waiting until they are done.

    What a process that was killed in the middle left behind is cleared up first.
    The lock file beside the directory stays: removing it would let two processes
    each hold a lock, one on the removed file and one on its successor.
    """
    directory = directory.resolve()
    directory.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(_beside(directory, "lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _clear_up(directory)
        yield
    finally:
        os.close(lock)  # and with it the lock


def _clear_up(directory: Path) -> None:
    new, old = _beside(directory, "new"), _beside(directory, "old")
    if old.exists() and not directory.exists():
        old.rename(directory)
    for left_behind in (new, old):
        if left_behind.exists():
            shutil.rmtree(left_behind)


@contextmanager
def replacement(directory: Path) -> Iterator[Path]:
    """
    An empty directory (0700) that takes the place of *directory* at the end.

    To be used under `locked`. An exception inside leaves everything as it was.
    """
    directory = directory.resolve()
    new, old = _beside(directory, "new"), _beside(directory, "old")
    new.mkdir(mode=0o700)
    try:
        yield new
        for folder in (new, *(e for e in new.rglob("*") if e.is_dir())):
            sync(folder)
        if directory.exists():
            directory.rename(old)
        new.rename(directory)
        sync(directory.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def carry_over(old: Path, new: Path) -> None:
    """Copy everything of *old* that has no namesake in *new*."""
    for entry in old.iterdir():
        target = new / entry.name
        if target.exists():
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, target, symlinks=True)
        else:
            shutil.copy2(entry, target, follow_symlinks=False)
            if not entry.is_symlink():
                sync(target)


def replace_file(path: Path, data: bytes) -> None:
    """
    Put *data* in the place of a file: readers see the old or the new, whole.

    To be used under `locked`. The mode is 0644.
    """
    new = _beside(path, "new")
    new.unlink(missing_ok=True)
    pem.write_new(new, data, mode=0o644)
    new.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Return when the file, or the directory's list of names, is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(path: Path, what: str) -> Path:
    return path.parent / f".{path.name}.{what}"
