"""Replacing a whole directory at once."""

import fcntl
import os
from pathlib import Path

import pytest

from pki.node.replaced_directory import carry_over, locked, replace_file, replacement


class Interrupted(Exception):
    """What a test lets go wrong."""


def _fill(directory: Path, text: str) -> None:
    directory.mkdir()
    (directory / "file").write_text(text)


def test_first_time(tmp_path: Path) -> None:
    """Where there was none, the complete directory appears, for its owner only."""
    directory = tmp_path / "issued"
    with replacement(directory) as new:
        (new / "file").write_text("1")
        assert not directory.exists()
    assert (directory / "file").read_text() == "1"
    assert directory.stat().st_mode & 0o777 == 0o700
    assert _names(tmp_path) == ["issued"]


def test_replaced(tmp_path: Path) -> None:
    """The old directory is gone when the new one is there."""
    directory = tmp_path / "issued"
    _fill(directory, "1")
    with replacement(directory) as new:
        (new / "other").write_text("2")
        assert (directory / "file").read_text() == "1"
    assert _names(directory) == ["other"]
    assert _names(tmp_path) == ["issued"]


def test_interrupted(tmp_path: Path) -> None:
    """An exception on the way leaves the old directory, and nothing else."""
    directory = tmp_path / "issued"
    _fill(directory, "1")
    with pytest.raises(Interrupted), replacement(directory):
        raise Interrupted
    assert (directory / "file").read_text() == "1"
    assert _names(tmp_path) == ["issued"]


def test_killed_while_building(tmp_path: Path) -> None:
    """A directory half built by a killed process is cleared up by the next one."""
    directory = tmp_path / "issued"
    _fill(directory, "1")
    _fill(tmp_path / ".issued.new", "half")
    with locked(directory):
        assert _names(tmp_path) == [".issued.lock", "issued"]


def test_killed_between_the_renames(tmp_path: Path) -> None:
    """A process killed between the two renames has lost nothing."""
    directory = tmp_path / "issued"
    _fill(tmp_path / ".issued.old", "1")
    _fill(tmp_path / ".issued.new", "2")
    with locked(directory):
        assert (directory / "file").read_text() == "1"
        assert _names(tmp_path) == [".issued.lock", "issued"]


def test_killed_after_the_renames(tmp_path: Path) -> None:
    """A process killed before it removed the old directory has replaced it."""
    directory = tmp_path / "issued"
    _fill(tmp_path / ".issued.old", "1")
    _fill(directory, "2")
    with locked(directory):
        assert (directory / "file").read_text() == "2"
        assert _names(tmp_path) == [".issued.lock", "issued"]


def test_one_at_a_time(tmp_path: Path) -> None:
    """While one works on the directory no other can, and afterwards the next can."""
    directory = tmp_path / "deep" / "issued"
    with (
        locked(directory),
        (directory.parent / ".issued.lock").open() as lock,
        pytest.raises(BlockingIOError),
    ):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with locked(directory):
        pass


def test_lock_is_for_its_owner_only(tmp_path: Path) -> None:
    """No other user can keep us waiting by holding the lock."""
    with locked(tmp_path / "issued"):
        pass
    assert (tmp_path / ".issued.lock").stat().st_mode & 0o777 == 0o600


def test_link_is_followed(tmp_path: Path) -> None:
    """Where the directory is a link, what it points to is replaced."""
    target, link = tmp_path / "target", tmp_path / "issued"
    _fill(target, "1")
    link.symlink_to(target)
    with locked(link), replacement(link) as new:
        (new / "file").write_text("2")
    assert link.is_symlink()
    assert (target / "file").read_text() == "2"


def test_carry_over(tmp_path: Path) -> None:
    """What has no namesake goes along: files with their mode, folders and links."""
    old, new = tmp_path / "old", tmp_path / "new"
    _fill(old, "old")
    _fill(new, "new")
    (old / "key").write_text("secret")
    (old / "key").chmod(0o600)
    (old / "link").symlink_to("nowhere")
    _fill(old / "folder", "inside")
    carry_over(old, new)
    assert (new / "file").read_text() == "new"
    assert (new / "key").stat().st_mode & 0o777 == 0o600
    assert os.readlink(new / "link") == "nowhere"  # noqa: PTH115 - as it was written
    assert (new / "folder" / "file").read_text() == "inside"


def test_replace_file(tmp_path: Path) -> None:
    """A file is replaced by another one, and not written into."""
    path = tmp_path / "file"
    path.write_text("1")
    (tmp_path / ".file.new").write_text("left behind")
    with path.open() as reader:
        replace_file(path, b"2")
        assert reader.read() == "1"
    assert path.read_text() == "2"
    assert _names(tmp_path) == ["file"]


def _names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())
