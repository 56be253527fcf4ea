"""What is said while something is put in place: one line on a terminal, else plain."""

import io

import pytest

from scripts.deployment.progress import Progress


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def told(stream: io.StringIO) -> str:
    """What is written there while two things are done."""
    now = [0.0]
    progress = Progress(stream, lambda: now[0])
    progress.begin("fetching")
    now[0] = 2.0
    progress.go_on("3 of 9")
    progress.begin("installing")
    progress.begin("installing")
    now[0] = 61.4
    progress.go_on()
    assert progress.done() == 61.4
    progress.go_on()
    assert progress.done() == 61.4
    return stream.getvalue()


def test_a_pipe_gets_lines_and_nothing_else() -> None:
    """Each thing once: no carriage return, no escape sequence, no seconds."""
    assert told(io.StringIO()) == "  fetching\n  installing\n"


def test_a_dumb_terminal_is_like_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    """It could not take a line back."""
    monkeypatch.setenv("TERM", "dumb")
    assert told(Screen()) == "  fetching\n  installing\n"


def test_a_terminal_has_one_line_which_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """How far it is and how long it has taken; then nothing is left."""
    monkeypatch.setenv("TERM", "xterm")
    assert told(Screen()).split("\r\x1b[K") == [
        "",
        "  fetching",
        "  fetching, 3 of 9, 2 s",
        "  installing, 2 s",
        "  installing, 61 s",
        "",
    ]


def test_the_line_never_wraps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A carriage return would take but its last part back."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    screen = Screen()
    Progress(screen).begin("installing " * 20)
    assert max(len(each) for each in screen.getvalue().split("\r\x1b[K")) < 40
