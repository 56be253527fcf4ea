"""
What a token says, as the figures of RFC 8705 have it: sections 3.1 and 3.2.

A JWT's body and an introspection answer are JSON objects with the same members; those
that say who, until when and with which certificate stand on lines of their own.
"""

import json
from collections.abc import Collection, Mapping

from scripts.telling.columns import columns, folded
from scripts.telling.holder_colours import Ink

_OWN_LINE = {"iss", "sub", "exp", "nbf", "cnf"}
_INDENT = 2


def tell_figure(
    ink: Ink, members: Mapping[str, object], indent: int, *, dense: bool = False
) -> None:
    """
    A JSON object, whole and in its order; what matters most is set in bold.

    A *dense* one is no figure, and fills its lines.
    """
    ink.line(indent, "{")
    room = ink.width - indent - _INDENT
    for line, matters in figure_lines(members, room, set() if dense else _OWN_LINE):
        first, *rest = folded(line, ink.width - indent - _INDENT)
        style = "bold" if matters else "grey"
        ink.line(indent + _INDENT, *ink.painted(first, style))
        for each in rest:
            ink.line(indent + 2 * _INDENT, *ink.painted(each, style))
    ink.line(indent, "}")


def figure_lines(
    members: Mapping[str, object], room: int, own_line: Collection[str]
) -> list[tuple[str, bool]]:
    """The members in lines of *room* columns, and whether one has it for itself."""
    lines: list[tuple[str, bool]] = []
    for at, (name, value) in enumerate(members.items(), 1):
        comma = "," if at < len(members) else ""
        written = f"{_dumped(name)}: {_dumped(value)}{comma}"
        matters = name in own_line
        if lines and not matters and not lines[-1][1]:
            together = f"{lines[-1][0]} {written}"
            if columns(together) <= room:
                lines[-1] = together, False
                continue
        lines.append((written, matters))
    return lines


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
