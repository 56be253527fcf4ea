"""Where the narration goes: a terminal's width, its colours, and text in columns."""

import io
from itertools import pairwise

import pytest

from scripts.telling.columns import clipped, columns, folded, padded, shortened, visible
from scripts.telling.terminal import (
    COLOURS,
    HOLDER_STYLES,
    Styled,
    Terminal,
    of_stream,
    styled,
)
from tests.contrast import contrast, luminance, of_256, of_rgb


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
    ("size", "width"), [("60", 80), ("97", 97), ("200", 120)], ids=str
)
def test_the_width_is_between_80_and_120(
    monkeypatch: pytest.MonkeyPatch, size: str, width: int
) -> None:
    """A narrow terminal wraps, a wide one is not used up."""
    monkeypatch.setenv("COLUMNS", size)
    assert of_stream(Screen()).width == width


def test_no_color_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """https://no-color.org: any value, also an empty one; nor on a dumb terminal."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert of_stream(Screen()).colour
    assert not of_stream(Screen(), plain=True).colour
    monkeypatch.setenv("TERM", "dumb")
    assert not of_stream(Screen()).colour
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "")
    assert not of_stream(Screen()).colour


@pytest.mark.parametrize("name", COLOURS)
def test_every_colour_can_be_read_on_black_and_on_white(name: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5:1, also where a terminal has but 256 colours."""
    number, rgb = COLOURS[name]
    for colour in (of_256(number), of_rgb(rgb)):
        assert contrast(colour, 0) >= 4.5
        assert contrast(colour, 1) >= 4.5
        for grey in (0x1E / 255, 0xFA / 255):  # what terminals have instead of them
            assert contrast(colour, luminance(grey, grey, grey)) >= 3.5


def test_every_holder_has_a_colour_of_its_own() -> None:
    """Where a terminal has enough of them; elsewhere it differs from the one before."""
    assert len({COLOURS[name][1] for name in COLOURS}) == len(COLOURS)
    numbers = [COLOURS[name][0] for name in HOLDER_STYLES]
    assert all(one != next_ for one, next_ in pairwise(numbers))
    assert COLOURS["red"][0] not in {*numbers, COLOURS["green"][0]}


def test_more_than_256_colours_where_the_terminal_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """COLORTERM, as terminals set it."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    for says, code in (("truecolor", "38;2;236;0;0"), ("", "38;5;131")):
        monkeypatch.setenv("COLORTERM", says)
        screen = Screen()
        of_stream(screen).line(styled("no", "red"))
        assert screen.getvalue() == f"\x1b[{code}mno\x1b[0m\n"


def test_a_link_is_text_where_nothing_follows_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """OSC 8 on a terminal, also without colours; never in a pipe, nor when plain."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    page = Styled("page.html", ("bold",), "file:///a/page.html")
    screen, plain, pipe = Screen(), Screen(), io.StringIO()
    of_stream(screen).line(page)
    of_stream(plain, plain=True).line(page)
    of_stream(pipe).line(page)
    followed = "\x1b]8;;file:///a/page.html\x1b\\page.html\x1b]8;;\x1b\\\n"
    assert screen.getvalue() == followed
    assert plain.getvalue() == pipe.getvalue() == "page.html\n"


@pytest.mark.parametrize("target", ["file:///a\x1b\\", "file:///a b", "javascript:x"])
def test_a_link_is_nothing_but_one(target: str) -> None:
    """What would end the sequence, or is no address of a page, leads nowhere."""
    stream = io.StringIO()
    screen = Terminal(stream, 80, colour=False, links=True)
    screen.line(Styled("here", (), target))
    assert stream.getvalue() == "here\n"


def test_a_line_is_cut_where_nothing_else_helps() -> None:
    """Also in the middle of an ideograph's two columns."""
    stream = io.StringIO()
    Terminal(stream, 80, colour=True).line("漢" * 30, styled("字" * 30, "red"), "never")
    line = stream.getvalue().rstrip("\n")
    plain = line.replace("\x1b[38;5;131m", "").replace("\x1b[0m", "")
    assert columns(plain) <= 80
    assert plain.endswith("…")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", r"\x1b[31m"),
        ("\x9b", r"\x9b"),
        ("a\tb\x7f", r"a\x09b\x7f"),
        ("\u202e\u200b\ufeff", r"\u202e\u200b\ufeff"),
        ("\u2028", r"\u2028"),
        ("\ud800", r"\ud800"),
        ("\U000e0041", r"\U000e0041"),
        ("\u2764\ufe0f", "\u2764\\ufe0f"),
        ("Zürich 銀行 → ✓", "Zürich 銀行 → ✓"),
    ],
)
def test_a_character_that_acts_is_shown_by_its_number(text: str, shown: str) -> None:
    """What can be read is left alone."""
    assert visible(text) == shown
    assert visible(shown) == shown


def test_columns_are_counted_as_a_terminal_has_them() -> None:
    """Two for an ideograph, none for an accent that stands on the letter before."""
    assert columns("bank") == 4
    assert columns("銀行") == 4
    assert columns("e\u0301") == 1
    assert columns("\x1b") == 4
    assert padded("銀行", 5) == "銀行 "
    assert padded("銀行", 3) == "銀…"
    assert clipped("banking", 4) == "ban…"


def test_text_is_folded_after_words_and_names_after_commas() -> None:
    """An escaped comma is part of a name (RFC 4514 section 2.4)."""
    assert folded("one two three", 8) == ["one two", "three"]
    assert folded("CN=a b,O=c d,C=GB", 12) == ["CN=a b,", "O=c d,C=GB"]
    assert folded(r"O=Other\, Ltd,C=GB", 15) == [r"O=Other\, Ltd,", "C=GB"]
    assert folded("x" * 25, 10) == ["x" * 10, "x" * 10, "x" * 5]
    assert folded("銀" * 5, 4) == ["銀銀", "銀銀", "銀"]
    assert folded("", 10) == [""]


def test_a_long_value_keeps_its_ends() -> None:
    """What is left out is counted."""
    short = shortened("a" * 50 + "b" * 50, 40)
    assert len(short) <= 40
    assert short.startswith("aaaa")
    assert short.endswith("bbbb")
    assert "100 characters" in short
