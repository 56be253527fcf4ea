"""What was told is shown again: nothing is played backwards."""

import asyncio
import io
from collections.abc import Iterable

from scripts.showing.key_presses import Key
from scripts.showing.pages import Pages


class Keys:
    """Keys that are pressed one after the other, and what was asked each time."""

    def __init__(self, pressed: Iterable[Key]) -> None:
        self._pressed = iter(pressed)
        self.prompts: list[str] = []

    async def next(self, prompt: str) -> Key:
        """The next of them."""
        self.prompts.append(" ".join(prompt.split()))
        return next(self._pressed)


def turned(*pressed: Key) -> tuple[str, Key, Keys]:
    """Three pages, a stop after each: what is shown at the third, and its answer."""
    stream, keys = io.StringIO(), Keys(["next", "next", *pressed])
    pages = Pages(stream, keys.next)
    answer: Key = "next"
    for page in ("one\n", "two\n", "three\n"):
        pages.write(page)
        answer = asyncio.run(pages.stop())
    return stream.getvalue(), answer, keys


def test_at_each_stop_it_says_what_the_keys_do() -> None:
    """Next, back, skip the act, quit."""
    shown, answer, keys = turned("next")
    assert shown == "one\ntwo\nthree\n"
    assert answer == "next"
    assert set(keys.prompts) == {
        "[Enter] next [b] back [s] skip the act [q] quit",
    }


def test_back_shows_what_was_told_and_forward_leads_on() -> None:
    """To the first page and no further; then to where the play stopped."""
    shown, answer, keys = turned("back", "back", "back", "next", "next", "next")
    assert shown == "one\ntwo\nthree\n" + "two\none\none\n" + "two\nthree\n"
    assert answer == "next"
    assert [prompt.partition("[")[0] for prompt in keys.prompts[3:]] == [
        "1 back: ",
        "2 back: ",
        "2 back: ",
        "1 back: ",
        "",
    ]


def test_from_an_earlier_page_too_one_may_skip_or_quit() -> None:
    """What is not told is played all the same, and takes a while: it says so."""
    shown, answer, _ = turned("back", "skip")
    assert answer == "skip"
    assert shown.endswith("two\n      The rest of the act is played untold.\n")
    shown, answer, _ = turned("quit")
    assert answer == "quit"
    assert "played untold, for the page. Ctrl-C ends at once." in shown
