"""What remains of a demo."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.showing.closing import LEARNT, tell_learnt, tell_next
from scripts.showing.manner import Manner, conclude
from scripts.telling.holder_colours import Ink
from scripts.telling.terminal import Terminal
from scripts.walkthrough.story.story import Act
from tests.scripts.telling.narrating import step

PAGE = Path("/somewhere") / ("deep" * 40) / "walkthrough.html"
ACT = Act(
    "An act", "", (step(), step()), "thief", sentence="It is so.", question="Is it?"
)
FAILED = replace(ACT, steps=(step(), replace(step(came="401"), title="This one")))


def concluded(
    capsys: pytest.CaptureFixture[str],
    manner: Manner,
    act: Act = ACT,
    *,
    quit_: bool = False,
) -> str:
    """What is written in the end."""
    conclude(manner, [act], PAGE, quit_=quit_)
    return capsys.readouterr().out


def one_line(text: str) -> str:
    """It, without its folds."""
    return " ".join(text.split())


def test_it_ends_with_what_was_learnt(capsys: pytest.CaptureFixture[str]) -> None:
    """Three sentences, what to type, the verdict, and a path that is never broken."""
    text = concluded(capsys, Manner())
    assert len(LEARNT) == 3
    places = [one_line(text).index(each) for each in LEARNT]
    places += [one_line(text).index(each) for each in ("make up", "All 2 steps")]
    assert places == sorted(places)
    assert (Path.cwd() / text.splitlines()[-1]).resolve() == PAGE


def test_nothing_is_learnt_from_what_did_not_come_out(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It may be untrue."""
    text = concluded(capsys, Manner(), FAILED)
    assert LEARNT[0] not in one_line(text)
    assert "1 of 2 steps did not come out as the RFCs say." in text


def test_what_failed_untold_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """After one act alone, and where somebody has quit."""
    alone = concluded(capsys, Manner(full=True, only="other"), FAILED)
    was_quit = concluded(capsys, Manner(full=True, step=True), FAILED, quit_=True)
    assert "✗ 1.2  This one" in alone
    assert "✗ 1.2  This one" in was_quit


def test_one_act_ends_with_its_sentence_and_its_question(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing is said of the others."""
    text = concluded(capsys, Manner(full=True, only="thief"))
    assert text.index("It is so.") < text.index("Is it?") < text.index("All 2 steps")
    assert LEARNT[0] not in one_line(text)


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


def test_the_page_is_a_link_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """OSC 8: the whole path, wherever the terminal was opened."""
    monkeypatch.setenv("TERM", "xterm")
    screen = Screen()
    monkeypatch.setattr("sys.stdout", screen)
    conclude(Manner(), [ACT], PAGE, quit_=False)
    assert f"\x1b]8;;{PAGE.as_uri()}\x1b\\" in screen.getvalue().splitlines()[-1]


def test_what_to_type_fits_into_the_narrowest_terminal() -> None:
    """Nothing of what we say ourselves is cut."""
    stream = io.StringIO()
    ink = Ink(Terminal(stream, 80, colour=False))
    tell_learnt(ink)
    tell_next(ink)
    assert "make up" in stream.getvalue()
    assert "…" not in stream.getvalue()
