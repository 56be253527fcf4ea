"""What remains of a demo: the verdict, what was learnt, what to open, what to type."""

import os
from collections.abc import Sequence
from pathlib import Path

from scripts.telling.columns import folded
from scripts.telling.holder_colours import Ink
from scripts.telling.terminal import Part, Styled, Terminal, styled
from scripts.walkthrough.story.story import Act

LEARNT = (
    (
        "A bearer token is good in anybody's hands. A bound one is good only over a "
        "connection that has proved the private key of the certificate it names."
    ),
    (
        "The authorization server hashes the certificate of its connection into cnf, "
        "the resource server hashes the one of its own and compares; it makes no "
        "difference whether it reads the JWT or asks by introspection."
    ),
    (
        "So copied tokens, other people's certificates and names in one's own are "
        "worth nothing to a thief, and a client that renews its certificate needs a "
        "new token, and nothing more."
    ),
)
"""What all acts come to."""

_NEXT = (
    ("make up", "the same servers live, and a page of all you do"),
    ("make demo ARGS=--step", "for a class: it waits for you, and goes back"),
    ('make demo ARGS="--act thief"', "one act in full; --full is all of them"),
)
_COMMANDS = 30  # columns


def tell_learnt(ink: Ink) -> None:
    """The three sentences."""
    ink.line()
    ink.banner("What you have seen")
    for number, sentence in enumerate(LEARNT, 1):
        shown: Part = styled(f"{number}. ", "bold")
        for line in folded(sentence, ink.width - 6):
            ink.line(3, shown, line)
            shown = " " * 3


def tell_what_an_act_comes_to(ink: Ink, act: Act) -> None:
    """Its sentence, and the question for a class; the answer is on the page."""
    ink.line()
    for said, style in ((act.sentence, "bold"), (f"To ask: {act.question}", "")):
        ink.terminal.paragraph(said, 6, style)


def tell_next(ink: Ink) -> None:
    """What to type."""
    ink.line()
    for command, what_for in _NEXT:
        ink.line(3, styled(command.ljust(_COMMANDS), "bold"), what_for)


def tell_verdict(terminal: Terminal, acts: Sequence[Act], page: Path) -> None:
    """How many steps came out, and on a line of its own a path that is never broken."""
    steps = [step for act in acts for step in act.steps]
    failed = sum(not step.passed for step in steps)
    terminal.line()
    if failed:
        said = f"{failed} of {len(steps)} steps did not come out as the RFCs say."
        terminal.line(styled(said, "red", "bold"), " To read on:")
    else:
        said = f"All {len(steps)} steps came out as the RFCs say."
        terminal.line(styled(said, "green", "bold"), " To read on:")
    link = Styled(os.path.relpath(page), ("bold",), page.resolve().as_uri())
    terminal.unbroken(link)
