"""
Two thumbprints, one above the other, with a mark under each character that differs.

RFC 8705 section 3: the one comparison that binds a token to a certificate.
"""

import re
from dataclasses import dataclass

from scripts.telling.columns import folded
from scripts.telling.holder_colours import Ink
from scripts.telling.terminal import Part, dim, styled
from scripts.walkthrough.story.outcome import RECOGNISED
from scripts.walkthrough.story.story import Decision

_LONGEST = 120  # a SHA-256 hash in hex with colons has 95 characters
_THUMBPRINT = re.compile(r"[A-Za-z0-9_-]{43}")
_NOT_A_THUMBPRINT = "43 base64url characters"


@dataclass(frozen=True, slots=True)
class Compared:
    """
    Two values of a binding that was decided, each with where it is from.

    *mistake* says in which wrong way the first was made, where that is known.
    """

    first: str
    here: str
    first_label: str = "token"
    here_label: str = "TLS"
    mistake: str = ""


def find_comparison(decision: Decision, of_connection: str) -> Compared | None:
    """
    The thumbprints that a decision was about, if it was about two.

    *of_connection* is the thumbprint of the certificate that was presented, or empty.
    """
    if not decision.rule.startswith("RFC 8705"):
        return None
    mistake = RECOGNISED.search(decision.check)
    named = mistake[1] if mistake else ""
    if decision.expected == _NOT_A_THUMBPRINT and of_connection:
        return Compared(decision.presented, of_connection, mistake=named)
    if not (is_thumbprint(decision.expected) and is_thumbprint(decision.presented)):
        return None
    known = "known" if decision.rule.startswith("RFC 8705 section 2") else "token"
    return Compared(decision.expected, decision.presented, known, mistake=named)


def is_thumbprint(value: str) -> bool:
    """Whether *value* looks like an `x5t#S256`."""
    return _THUMBPRINT.fullmatch(value) is not None


def without_mistake(check: str) -> str:
    """The check in words, without the mistake that stands below it."""
    return RECOGNISED.sub("", check)


def marks(first: str, second: str) -> str:
    """Under each character of the longer one: `^` where they differ, `·` if not."""
    longest = max(len(first), len(second))
    return "".join(
        "·" if first[at : at + 1] == second[at : at + 1] else "^"
        for at in range(longest)
    )


def tell_comparison(
    ink: Ink, compared: Compared, indent: int, sign: Part = "  "
) -> None:
    """
    One above the other, in the colours of their holders, and the marks below.

    *sign* is what stands in the two columns before the second.
    """
    first, here = _ascii(compared.first), _ascii(compared.here)
    under = marks(first, here)
    width = max(len(compared.first_label), len(compared.here_label)) + 2
    same = "^" not in under
    room = max(ink.width - indent - width, 1)
    for start in range(0, len(under), room):
        for label, value, before in (
            (compared.first_label, first, "  "),
            (compared.here_label, here, sign),
        ):
            block = value[start : start + room]
            if block:
                holder = ink.holder_of(value)
                label_shown = dim(label.ljust(width))
                ink.belonging(block, holder, indent - 2, before, label_shown)
        if not same:
            below = under[start : start + room]
            parts = re.findall(r"\^+|·+", below)
            ink.line(
                indent + width,
                *(styled(p, "red" if p[0] == "^" else "grey") for p in parts),
            )
    for line in folded(_said(compared, under), room):
        ink.line(indent + width, styled(line, "green" if same else "red"))
    if compared.mistake:
        for line in folded(_mistaken(ink, compared), room):
            ink.line(indent + width, styled(line, "bold"))


def _said(compared: Compared, under: str) -> str:
    differ = under.count("^")
    if not differ:
        return f"= all {len(under)} characters"
    lengths = len(compared.first), len(compared.here)
    if lengths[0] == lengths[1]:
        return f"{differ} of {lengths[0]} characters differ"
    return f"{lengths[0]} characters, not {lengths[1]}"


def _mistaken(ink: Ink, compared: Compared) -> str:
    holder = ink.holder_of(compared.here)
    whose = f"{holder}'s" if holder else "this very"
    return f"it is {compared.mistake} of {whose} certificate"


def _ascii(value: str) -> str:
    """One column a character, and no more of it than is worth reading."""
    shown = value.encode("ascii", "backslashreplace").decode("ascii")
    return shown if len(shown) <= _LONGEST else f"{shown[: _LONGEST - 3]}..."
