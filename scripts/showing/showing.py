"""Which acts are told. All are played, for later ones build on earlier ones."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Protocol

from scripts.showing.key_presses import Key
from scripts.walkthrough.story.story import Act, Party, Step

Pause = Callable[[], Awaitable[Key]]


class Teller(Protocol):
    """Tells a story as it happens."""

    def parties(self, parties: Iterable[Party]) -> None:
        """Who takes part."""

    def know(self, parties: Iterable[Party]) -> None:
        """Who takes part; nothing is told of it."""

    def act(self, number: int, act: Act) -> None:
        """The head of an act, without steps so far."""

    def step(self, number: str, step: Step) -> None:
        """A step that has been played."""

    def hear(self, step: Step) -> None:
        """A step that has been played, and is not told."""

    def summary(self, acts: Sequence[Act]) -> None:
        """All that was shown."""


class Showing:
    """
    Passes on to *teller* what is to be told, and awaits *pause* after each step of it.

    *only* is the name of the one act that is told, or empty for all of them. A key may
    skip the rest of an act, or all that is to come.
    """

    def __init__(self, teller: Teller, pause: Pause, only: str = "") -> None:
        self._teller = teller
        self._pause = pause
        self._only = only
        self._telling = True
        self.was_quit = False

    async def parties(self, parties: Iterable[Party]) -> None:
        """Who takes part; nobody is introduced for a single act."""
        if self._only:
            self._teller.know(parties)
            return
        self._teller.parties(parties)
        await self.pause()

    def act(self, number: int, act: Act) -> None:
        """Begin an act, which has no steps so far."""
        self._telling = not self.was_quit and self._only in {"", act.name}
        if self._telling:
            self._teller.act(number, act)

    def step(self, number: str, step: Step) -> None:
        """A step that has been played."""
        if self._telling:
            self._teller.step(number, step)
        else:
            self._teller.hear(step)

    async def pause(self) -> None:
        """Whoever is speaking may go on speaking; nothing is waited for untold."""
        if not self._telling:
            return
        key = await self._pause()
        self.was_quit = key == "quit"
        self._telling = key == "next"

    def summary(self, acts: Sequence[Act]) -> None:
        """All that was shown, if it was."""
        if not self.was_quit:
            self._teller.summary(acts)
