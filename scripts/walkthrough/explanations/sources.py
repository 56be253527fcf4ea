"""
The functions that decided, as they are written: the checkout beside this package.

What a recording names as a source is believed only if it has the form of a module of
ours and is one: it leads to no other file.
"""

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from textwrap import dedent

_CHECKOUT = Path(__file__).resolve().parents[3]
_SOURCE = re.compile(
    r"((?:pki|as_node|rs_node|client_node|scripts)(?:/[a-z0-9_]+)+\.py):([0-9]{1,6})"
)


@dataclass(frozen=True, slots=True)
class Source:
    """
    A function: its name within its file, its text, and the line that decided.

    *first* is the number of its first line in *file*, decorators included.
    """

    function: str
    file: str
    first: int
    line: int
    text: str


@lru_cache(maxsize=512)
def find_source(source: str, checkout: Path = _CHECKOUT) -> Source | None:
    """The function around a line, `file.py:LINE`; none if there is no such."""
    named = _SOURCE.fullmatch(source)
    if named is None:
        return None
    file, line = named[1], int(named[2])
    text = _text(checkout / file, checkout)
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    found = _around(tree, line)
    if found is None:
        return None
    name, first, last = found
    lines = text.splitlines()[first - 1 : last]
    return Source(name, file, first, line, dedent("\n".join(lines)))


def _text(path: Path, checkout: Path) -> str:
    """The text of a file within the checkout, or nothing."""
    try:
        whole = path.resolve(strict=True)
        inside = whole.is_relative_to(checkout.resolve())
        return whole.read_text(encoding="utf-8") if inside else ""
    except (OSError, ValueError):
        return ""


def _around(
    node: ast.AST, line: int, outer: tuple[str, ...] = ()
) -> tuple[str, int, int] | None:
    """The innermost function around *line*: its name, its first and last lines."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        first = min([child.lineno, *(d.lineno for d in child.decorator_list)])
        last = child.end_lineno or child.lineno
        if first <= line <= last:
            names = (*outer, child.name)
            if inner := _around(child, line, names):
                return inner
            if isinstance(child, ast.ClassDef):
                return None
            return ".".join(names), first, last
    return None
