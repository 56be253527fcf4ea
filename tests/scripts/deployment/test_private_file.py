"""Files that hold tokens are for their owner, and whole."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scripts.deployment.private_file import replace_file


def test_a_file_is_for_its_owner_only(tmp_path: Path) -> None:
    """Also where everybody could read what was there, and nothing lies beside it."""
    path = tmp_path / "walkthrough.json"
    path.write_text("old")
    path.chmod(0o644)
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_two_may_write_at_a_time(tmp_path: Path) -> None:
    """One of them is the last; there is never half a file, and none is left over."""
    path = tmp_path / "walkthrough.pcapng"
    contents = [bytes([number]) * 300_000 for number in range(8)]
    with ThreadPoolExecutor(8) as writers:
        list(writers.map(lambda octets: replace_file(path, octets), contents))
    assert path.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [path]


def test_what_lies_beside_it_stays(tmp_path: Path) -> None:
    """A folder of a name that we might have taken for ourselves is no hindrance."""
    path = tmp_path / "walkthrough.keys"
    beside = tmp_path / "walkthrough.keys.new"
    beside.mkdir()
    replace_file(path, b"octets")
    assert (path.read_bytes(), beside.is_dir()) == (b"octets", True)


def test_what_cannot_be_replaced_leaves_nothing(tmp_path: Path) -> None:
    """It is said so, and no file with tokens in it is forgotten."""
    path = tmp_path / "walkthrough.html"
    path.mkdir()
    with pytest.raises(IsADirectoryError):
        replace_file(path, b"octets")
    assert list(tmp_path.iterdir()) == [path]
