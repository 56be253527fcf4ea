"""How somebody wants the demo shown, and who tells it so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from twisted.internet import task

from scripts.showing import closing
from scripts.showing.key_presses import Key, KeyPresses
from scripts.showing.pages import Pages
from scripts.showing.showing import Showing
from scripts.telling.brief import Brief
from scripts.telling.holder_colours import Ink
from scripts.telling.narration import Narration
from scripts.telling.summary import tell_failures
from scripts.telling.terminal import Terminal, standard_output
from scripts.walkthrough.story.story import Act

_ONLY_ONE = (
    "One act is told. The others are played as well, for later acts build on earlier "
    "ones; the page will have them all."
)


@dataclass(frozen=True, slots=True)
class Manner:
    """
    How it is shown.

    *full* is with every message; else a line a step, and what an act is about. *only*
    is the name of the one act that is told, or empty. *pace* is how many seconds are
    waited after a step; with *step* it is a key that is waited for. *plain* is without
    colour.
    """

    full: bool = False
    only: str = ""
    pace: float = 0
    step: bool = False
    plain: bool = False


def showing_of(reactor: Any, manner: Manner) -> Showing:
    """Who passes on what is told, to whom it is told, and what waits."""
    terminal = standard_output(plain=manner.plain)

    async def for_a_while() -> Key:
        await task.deferLater(reactor, manner.pace)
        return "next"

    pause = for_a_while
    if manner.step:
        pages = Pages(terminal.stream, KeyPresses(reactor).next)
        terminal, pause = replace(terminal, stream=pages), pages.stop
    if manner.only:
        terminal.paragraph(_ONLY_ONE, 0, "grey")
    teller = Narration(terminal) if manner.full else Brief(terminal)
    return Showing(teller, pause, manner.only)


def conclude(manner: Manner, acts: Sequence[Act], page: Path, *, quit_: bool) -> None:
    """What remains in the end, on standard output."""
    terminal: Terminal = standard_output(plain=manner.plain)
    ink = Ink(terminal)
    for act in acts:
        if act.name == manner.only:
            closing.tell_what_an_act_comes_to(ink, act)
    if quit_ or manner.only:
        tell_failures(ink, acts)
    elif not manner.full and all(step.passed for act in acts for step in act.steps):
        closing.tell_learnt(ink)
    if not manner.full:
        closing.tell_next(ink)
    closing.tell_verdict(terminal, acts, page)
