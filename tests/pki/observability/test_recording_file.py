"""The file of a recording: what a disk without room leaves, and how it goes on."""

import os
import stat
from pathlib import Path

import pytest

from pki.observability.recording_file import ENDED, RecordingFile
from tests.in_memory.store_trouble import full_disk

LINE = b"123456789\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where it is."""
    return tmp_path / "as.jsonl"


def mode(path: Path) -> int:
    """Its permission bits."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("room", [20, 25], ids=["no octet", "half a line"])
def test_a_line_without_room(path: Path, room: int) -> None:
    """Not a part of it stays, and who follows the file can tell."""
    file = RecordingFile(path)
    with full_disk(room):
        for _ in range(2):
            file.append(LINE)
        assert mode(path) == 0o600
        with pytest.raises(OSError, match="File too large"):
            file.append(LINE)
    file.close()
    assert path.read_bytes() == 2 * LINE
    assert mode(path) == ENDED


def test_it_is_gone_on_with(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another start opens it again, which who may not write a file cannot."""
    path.touch(ENDED)
    opened_with: list[int] = []
    real_open = os.open

    def noted(opened: Path, *others: int) -> int:
        opened_with.append(mode(opened))
        return real_open(opened, *others)

    monkeypatch.setattr(os, "open", noted)
    file = RecordingFile(path)
    file.append(LINE)
    file.close()
    assert opened_with == [0o600]
    assert mode(path) == 0o600
    assert path.read_bytes() == LINE
