"""The recordings, read while they are written."""

from pathlib import Path

from scripts.walkthrough.recordings.recordings import Recordings
from tests.scripts.walkthrough.recorded import START, answered, asked, write


def test_an_interaction_over_all_nodes(tmp_path: Path) -> None:
    """In the order of time, whoever has recorded what; and more of it later."""
    write(tmp_path, answered("as", "GET /a", 1, at=2, interaction="one"))
    write(tmp_path, [asked("demo", "GET https://x/a", 1, at=1, interaction="one")])
    write(tmp_path, answered("rs", "GET /b", 1, at=3, interaction="two"))
    recordings = Recordings(tmp_path)
    nodes = [event["node"] for event in recordings.of("one")]
    assert nodes == ["demo", "as", "as", "as"]
    assert recordings.interactions() == ("one", "two")
    write(tmp_path, [asked("demo", "GET https://x/c", 2, at=4, interaction="three")])
    assert recordings.last_interaction("demo") == "three"
    assert recordings.last_interaction("nobody") is None
    assert recordings.interactions() == ("one", "two", "three")


def test_handshakes_belong_to_no_interaction(tmp_path: Path) -> None:
    """Many requests may follow one."""
    shaken = {"time": START, "node": "as", "event": "handshake", "side": "server"}
    write(tmp_path, [shaken, *answered("as", "GET /a", 1, at=1)])
    recordings = Recordings(tmp_path)
    assert recordings.handshakes() == [shaken]
    assert recordings.interactions() == ()


def test_what_is_below_the_story_is_left_out(tmp_path: Path) -> None:
    """Bytes on the wire are for a capture."""
    write(tmp_path, [{"time": START, "node": "as", "event": "wire"}])
    assert Recordings(tmp_path).catch_up() == []


def test_half_a_line_is_read_when_it_is_whole(tmp_path: Path) -> None:
    """A node may be writing just now."""
    recordings = Recordings(tmp_path)
    with (tmp_path / "as.jsonl").open("w") as file:
        file.write('{"time":1,"node":"as",')
        file.flush()
        assert recordings.catch_up() == []
        file.write('"event":"failure"}\n')
    assert [event["event"] for event in recordings.catch_up()] == ["failure"]
