"""HTML from templates, with everything escaped that is not HTML already."""

import html
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from string import Template

_TEMPLATES = Path(__file__).with_name("templates")


class Html(str):
    """Text that is HTML. Made here and nowhere else, so that nothing slips in."""

    __slots__ = ()


NOTHING = Html("")


def fill(template: str, /, **values: str) -> Html:
    """
    The template *template*, each of *values* in the place of its `$name`.

    What is no `Html` is text, whoever wrote it, and is escaped: it may stand in an
    element or in a quoted attribute.

    Raises:
        KeyError: the template wants a value that is not given.
    """
    escaped = {
        key: value if isinstance(value, Html) else html.escape(value)
        for key, value in values.items()
    }
    return Html(_template(template).substitute(escaped))


def joined(parts: Iterable[Html]) -> Html:
    """All *parts*, one after the other."""
    return Html("".join(parts))


@cache
def _template(name: str) -> Template:
    return Template((_TEMPLATES / f"{name}.html").read_text(encoding="utf-8"))
