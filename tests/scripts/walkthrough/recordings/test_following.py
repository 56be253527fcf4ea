"""Recordings, followed while they grow, are cut off, are replaced."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Literal

import pytest

from pki.observability.recording_file import ENDED
from scripts.walkthrough.recordings import following
from scripts.walkthrough.recordings.following import Following
from scripts.walkthrough.recordings.recordings import Event
from tests.scripts.walkthrough.recorded import START, answered, asked, write

Told = list[str]


@pytest.fixture
def told() -> Told:
    """What was complained of."""
    return []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the recordings will be; nothing is there yet."""
    return tmp_path / "recordings"


@pytest.fixture
def follow(folder: Path, told: Told) -> Following:
    """The folder, followed."""
    return Following(folder, told.append)


def everything(follow: Following) -> list[Event]:
    """All that is new, however many calls it takes."""
    for _ in range(1000):
        events, again = follow.read_on()
        if not again:
            return events
    raise AssertionError("it never ends")


def test_events_come_once_in_the_order_of_their_time(
    follow: Following, folder: Path, told: Told
) -> None:
    """Over all files, and each of them one time."""
    assert follow.read_on() == ([], False)
    write(folder, [*answered("rs", "GET /a", 1, at=3), asked("as", "GET /b", 1, at=1)])
    assert [e["time"] % 10 for e in everything(follow)] == [1, 3, 3, 3]
    assert everything(follow) == []
    write(folder, answered("rs", "GET /a", 2, at=4))
    assert {event["exchange"] for event in everything(follow)} == {2}
    assert told == []


def test_that_a_recording_is_full_is_read(follow: Following, folder: Path) -> None:
    """It is the last thing a recording says."""
    full: Event = {"time": START + 2, "node": "rs", "event": "full"}
    write(folder, [*answered("rs", "GET /a", 1, at=1), full])
    assert everything(follow)[-1] == full


def test_that_the_disk_was_full_is_read_from_the_mode(
    follow: Following, folder: Path
) -> None:
    """There was no room for a last event, so it is made; once, after all the others."""
    write(folder, answered("as", "GET /a", 1, at=1))
    write(folder, answered("rs", "GET /a", 1, at=2))
    (folder / "rs.jsonl").chmod(ENDED)
    *before, last = everything(follow)
    assert (last["node"], last["event"]) == ("rs", "full")
    assert last["time"] >= before[-1]["time"]
    assert [event["event"] for event in before].count("full") == 0
    write(folder, answered("as", "GET /b", 2, at=3))
    assert {event["node"] for event in everything(follow)} == {"as"}


def test_an_end_is_not_told_before_what_led_to_it(folder: Path, told: Told) -> None:
    """However small the parts are in which the recording is read."""
    write(folder, answered("rs", "GET /a", 1, at=1))
    (folder / "rs.jsonl").chmod(ENDED)
    size = (folder / "rs.jsonl").stat().st_size
    events = everything(Following(folder, told.append, largest_turn=size // 2))
    kinds = [event["event"] for event in events]
    assert kinds == ["request", "decision", "response", "full"]


def test_a_recording_that_nothing_was_written_to_ends(
    follow: Following, folder: Path
) -> None:
    """The disk was full from the beginning."""
    folder.mkdir()
    (folder / "rs.jsonl").touch(ENDED)
    assert [event["event"] for event in everything(follow)] == ["full"]


def test_a_recording_that_is_gone_is_named(follow: Following, folder: Path) -> None:
    """As long as it is away; one that was never there is not, nor one that is new."""
    write(folder, [*answered("rs", "GET /a", 1, at=1), asked("as", "GET /b", 1, at=2)])
    run = follow.run
    everything(follow)
    assert list(follow.gone) == []
    kept = (folder / "rs.jsonl").rename(folder / "kept")
    everything(follow)
    assert (list(follow.gone), follow.run) == (["rs"], run)
    kept.rename(folder / "rs.jsonl")
    everything(follow)
    assert (list(follow.gone), follow.run) == ([], run)
    folder.rename(folder.with_name("old"))
    everything(follow)
    assert list(follow.gone) == ["as", "rs"]
    write(folder, answered("rs", "GET /c", 1, at=3))
    everything(follow)
    assert (list(follow.gone), follow.run == run) == ([], False)


def test_who_answers_is_read_before_who_asks(
    follow: Following, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever finds what was received finds who has sent it, too."""
    read: list[str] = []
    opened = Path.open

    def noted(path: Path, mode: Literal["rb"]) -> BinaryIO:
        read.append(path.stem)
        return opened(path, mode)

    for name in ("a-client", "client", "rs", "as"):
        write(folder, [asked(name, "GET /a", 1, at=1)])
    monkeypatch.setattr(Path, "open", noted)
    everything(follow)
    assert list(dict.fromkeys(read)) == ["as", "rs", "a-client", "client"]


def test_a_line_that_is_being_written_is_waited_for(
    follow: Following, folder: Path, told: Told
) -> None:
    """Half an event is none, and none is lost."""
    write(folder, [asked("as", "GET /a", 1, at=1)])
    path = folder / "as.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:20])
    assert len(everything(follow)) == 1
    assert everything(follow) == []
    path.write_bytes(whole + whole)
    assert len(everything(follow)) == 1
    assert told == []


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "[" * 100_000,
        "1",
        "\ud800",
        '{"node":"as","event":"request"}',
        '{"time":true,"node":"as","event":"request"}',
        '{"time":NaN,"node":"as","event":"request"}',
        '{"time":1e300,"node":"as","event":"request"}',
        '{"time":-1,"node":"as","event":"request"}',
        '{"time":1,"event":"request"}',
        '{"time":1,"node":[],"event":"request"}',
        '{"time":1,"node":"as"}',
        '{"time":1,"node":"as","event":{}}',
        '{"time":1,"node":"as","event":"request","interaction":[]}',
        '{"time":1,"node":"as","event":"request","received":"x"}',
        '{"time":1,"node":"as","event":"request","received":Infinity}',
    ],
)
def test_a_line_that_is_no_event_is_left_out(
    follow: Following, folder: Path, told: Told, line: str
) -> None:
    """And told; what comes after it counts."""
    folder.mkdir()
    good = json.dumps(asked("as", "GET /a", 1, at=1))
    (folder / "as.jsonl").write_text(
        f"{line}\n{good}\n", encoding="utf-8", errors="surrogatepass"
    )
    assert len(everything(follow)) == 1
    assert told == ["a line is no event"]


def test_events_of_other_kinds_are_passed_over(
    follow: Following, folder: Path, told: Told
) -> None:
    """Such as the secrets of sessions, which are for a capture alone."""
    event = asked("as", "GET /a", 1, at=1)
    write(folder, [event | {"event": "session_secrets"}, event | {"event": "new"}])
    assert everything(follow) == []
    assert told == []


def test_what_is_no_recording_is_not_read(follow: Following, folder: Path) -> None:
    """The nodes' log lies beside them; and a file that goes is no fault."""
    folder.mkdir()
    (folder / "nodes.log").write_text("text\n")
    (folder / "gone.jsonl").symlink_to("nowhere")
    assert everything(follow) == []


@pytest.mark.bound("walkthrough.files")
def test_not_every_number_of_files_is_read(follow: Following, folder: Path) -> None:
    """A folder full of them is no folder of recordings."""
    for number in range(following.MOST_FILES + 5):
        write(folder, [asked(f"node-{number}", "GET /a", 1, at=1)])
    assert len(everything(follow)) == following.MOST_FILES


def test_a_file_that_cannot_be_read_is_told(
    follow: Following, folder: Path, told: Told
) -> None:
    """A folder with the name of a recording, for example."""
    (folder / "as.jsonl").mkdir(parents=True)
    write(folder, answered("rs", "GET /a", 1, at=1))
    assert len(everything(follow)) == 3
    assert told == ["a recording cannot be read: Is a directory"]


Change = Callable[[Path], None]


def _another_folder(folder: Path) -> None:
    folder.rename(folder.with_name("old"))
    write(folder, [asked("as", "GET /other", 1, at=5)])


def _with_the_same_beginning(folder: Path) -> None:
    file = folder / "as.jsonl"
    same = json.loads(file.read_text())
    file.rename(folder / "as.old")
    write(folder, [{**same, "target": "/other"}])


def _the_same_folder_anew(folder: Path) -> None:
    shutil.rmtree(folder)
    write(folder, [asked("as", "GET /other", 1, at=5)])


def _cut_off(folder: Path) -> None:
    (folder / "as.jsonl").write_text("")


def _written_anew(folder: Path) -> None:
    text = json.dumps(asked("as", "GET /" + "x" * 500, 1, at=5))
    (folder / "as.jsonl").write_text(f"{text}\n")


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (_another_folder, 1),
        (_with_the_same_beginning, 1),
        (_the_same_folder_anew, 1),
        (_cut_off, 0),
        (_written_anew, 1),
    ],
)
def test_other_recordings_are_another_run(
    follow: Following, folder: Path, change: Change, left: int
) -> None:
    """And are read from their beginning."""
    write(folder, [asked("as", "GET /a", 1, at=1)])
    everything(follow)
    before = follow.run
    change(folder)
    assert len(everything(follow)) == left
    assert follow.run != before
    now = follow.run
    write(folder, [asked("as", "GET /b", 2, at=6), asked("demo", "GET /b", 2, at=6)])
    assert len(everything(follow)) == 2
    assert follow.run == now


def test_a_folder_that_is_gone_is_waited_for(follow: Following, folder: Path) -> None:
    """It is another run as soon as something else is there."""
    write(folder, [asked("as", "GET /a", 1, at=1)])
    everything(follow)
    before = follow.run
    shutil.rmtree(folder)
    assert everything(follow) == []
    assert follow.run == before


@pytest.mark.bound("walkthrough.leap")
def test_a_recording_of_yesterday_does_not_block(
    follow: Following, folder: Path, told: Told
) -> None:
    """Of what is large only the end is read, from a whole line on, in small parts."""
    folder.mkdir()
    line = json.dumps(asked("as", "GET /" + "x" * 1000, 1, at=1)).encode() + b"\n"
    lines = following.LARGEST_LEAP // len(line) + 1000
    with (folder / "as.jsonl").open("wb") as file:
        file.truncate(256 * 1024 * 1024)
        file.seek(0, 2)
        file.write(line * lines)
    calls, again = 0, True
    events: list[Event] = []
    while again:
        events, again = follow.read_on()
        calls += 1
    assert calls == following.LARGEST_LEAP // following.LARGEST_TURN + 1
    assert len(events) == following.LARGEST_LEAP // len(line)
    (line_of_the_log,) = told
    assert "a recording is passed over in part: 26" in line_of_the_log
    assert f"at most the last {following.LARGEST_LEAP} are read" in line_of_the_log


def test_a_line_without_end_is_passed_over(
    follow: Following, folder: Path, told: Told
) -> None:
    """Whoever wrote it: the next one counts, and a small file is not kept waiting."""
    folder.mkdir()
    good = json.dumps(asked("as", "GET /a", 1, at=1)).encode() + b"\n"
    with (folder / "as.jsonl").open("wb") as file:
        file.write(b"x" * (following.LARGEST_TURN + 1000) + b"\n" + good)
    write(folder, answered("rs", "GET /a", 1, at=1))
    assert len(everything(follow)) == 4
    assert told == [f"a line of more than {following.LARGEST_TURN} bytes"]


def test_a_line_that_does_not_fit_comes_with_the_next_call(
    follow: Following, folder: Path, told: Told
) -> None:
    """Two files share what a call reads: neither loses a line by it."""
    size = following.LARGEST_TURN * 2 // 3
    for node in ("as", "rs"):
        write(folder, [asked(node, "GET /" + "x" * size, 1, at=1)])
    assert len(everything(follow)) == 2
    assert told == []
