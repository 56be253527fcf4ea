"""The narration in a terminal."""

import io
import re

import pytest

from scripts.narration import Narration
from scripts.terminal import Terminal, of_stream, shortened
from tests.client_node.walkthrough.stories import step, story

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def told(width: int, *, colour: bool = False) -> list[str]:
    """The lines of the small story."""
    stream = io.StringIO()
    narration = Narration(Terminal(stream, width, colour))
    small = story()
    narration.parties(small.parties)
    narration.act(1, small.acts[0].title, small.acts[0].says)
    for number, each in enumerate(small.acts[0].steps, 1):
        narration.step(f"1.{number}", each)
    narration.summary([("1.1", step()), ("1.2", step(came="200"))])
    return stream.getvalue().splitlines()


@pytest.mark.parametrize("width", [80, 100, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """Whatever came over the wire, however long."""
    assert max(map(len, told(width))) <= width


def test_colour_changes_no_text() -> None:
    """With the escape codes taken out, it is the plain narration."""
    coloured = told(100, colour=True)
    assert any("\x1b[" in line for line in coloured)
    assert [ESCAPE.sub("", line) for line in coloured] == told(100)


def test_expected_and_came_stand_side_by_side() -> None:
    """A step that came out otherwise is marked and says both."""
    lines = told(100)
    assert "    ✓ expected 401 invalid_token, came 401 invalid_token" in lines
    assert "    ✗ expected 401 invalid_token, came 200" in lines


def test_a_pipe_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither colour nor a width of its own."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal = of_stream(io.StringIO())
    assert not terminal.colour
    assert terminal.width == 100


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


@pytest.mark.parametrize(
    ("columns", "width"), [("60", 80), ("97", 97), ("200", 120)], ids=str
)
def test_the_width_is_between_80_and_120(
    monkeypatch: pytest.MonkeyPatch, columns: str, width: int
) -> None:
    """A narrow terminal wraps, a wide one is not used up."""
    monkeypatch.setenv("COLUMNS", columns)
    assert of_stream(Screen()).width == width


def test_no_color_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """https://no-color.org: any value, also an empty one."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert of_stream(Screen()).colour
    assert not of_stream(Screen(), plain=True).colour
    monkeypatch.setenv("NO_COLOR", "")
    assert not of_stream(Screen()).colour


def test_a_long_value_keeps_its_ends() -> None:
    """What is left out is counted."""
    short = shortened("a" * 50 + "b" * 50, 40)
    assert len(short) <= 40
    assert short.startswith("aaaa")
    assert short.endswith("bbbb")
    assert "100 characters" in short
