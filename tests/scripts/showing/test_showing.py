"""Which acts are told, and what a key leaves out."""

import asyncio
from collections.abc import Iterable, Sequence

from scripts.showing.key_presses import Key
from scripts.showing.showing import Showing
from scripts.walkthrough.story.story import Act, Party, Step
from tests.scripts.telling.narrating import step


class Notes:
    """A teller that notes what it is asked to tell."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def parties(self, parties: Iterable[Party]) -> None:
        """They are introduced."""
        self.told.append("parties")

    def know(self, parties: Iterable[Party]) -> None:
        """They are not."""
        self.told.append("(parties)")

    def act(self, number: int, act: Act) -> None:
        """Its head."""
        self.told.append(act.name)

    def step(self, number: str, step: Step) -> None:
        """Told."""
        self.told.append(number)

    def hear(self, step: Step) -> None:
        """Heard."""
        self.told.append("-")

    def summary(self, acts: Sequence[Act]) -> None:
        """The end."""
        self.told.append("summary")


def shown(*keys: Key, only: str = "") -> str:
    """What is told of three acts of two steps, while these keys are pressed."""
    pressed = iter(keys)
    notes = Notes()

    async def pause() -> Key:
        return next(pressed, "next")

    async def play() -> None:
        showing = Showing(notes, pause, only)
        await showing.parties(())
        for number, name in enumerate("abc", 1):
            showing.act(number, Act("An act", "", (), name=name))
            for place in (1, 2):
                showing.step(f"{number}.{place}", step())
                await showing.pause()
        showing.summary(())

    asyncio.run(play())
    assert next(pressed, None) is None
    return " ".join(notes.told)


def test_everything_is_told_by_default() -> None:
    """Act by act, and in the end the summary."""
    assert shown() == "parties a 1.1 1.2 b 2.1 2.2 c 3.1 3.2 summary"


def test_of_one_act_the_others_are_heard() -> None:
    """Whose a certificate is, may be known from them; no key is waited for."""
    expected = "(parties) - - b 2.1 2.2 - - summary"
    assert shown("next", "next", only="b") == expected


def test_the_rest_of_an_act_is_skipped() -> None:
    """The next act is told again."""
    expected = "parties a 1.1 - b 2.1 2.2 c 3.1 3.2 summary"
    assert shown("next", "skip", "next", "next") == expected


def test_after_quitting_nothing_is_told() -> None:
    """Neither a step nor a summary of what nobody has seen."""
    assert shown("next", "next", "next", "quit") == "parties a 1.1 1.2 b 2.1 - - -"


def test_before_the_first_act_one_may_quit_too() -> None:
    """At the parties."""
    assert shown("quit") == "parties - - - - - -"
