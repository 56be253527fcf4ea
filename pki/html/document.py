"""From a page as a tree to its bytes."""

from twisted.python.failure import Failure
from twisted.web.template import Flattenable, Tag, flattenString

from pki.html.style_sheet import StyleSheet

_DOCTYPE = b"<!DOCTYPE html>\n"
_STYLE = b"<style></style>"


def document(frame: Tag, style: StyleSheet) -> bytes:
    """
    A whole document: *frame*, its slots filled, its empty `style` element too.

    The style comes in last, when all the rest has been escaped. HTML section 13.1.2:
    in a `style` element a browser decodes no character references, so one that was
    escaped there would be another style than the policy names.

    Raises:
        FlattenerError: a slot is not filled; that is a fault, and never half a page.
        ValueError: there is no place for the style.
    """
    before, after = flattened(frame).split(_STYLE, 1)
    return b"".join((_DOCTYPE, before, b"<style>", style.css, b"</style>", after))


def flattened(content: Flattenable) -> bytes:
    """
    *content* as HTML, at once: nothing in our pages has to be waited for.

    Raises:
        FlattenerError: a slot is not filled.
    """
    outcomes: list[bytes | Failure] = []
    flattenString(None, content).addBoth(outcomes.append)
    (outcome,) = outcomes
    if isinstance(outcome, Failure):
        outcome.raiseException()
    assert isinstance(outcome, bytes)  # noqa: S101 - tells mypy what is left
    return outcome
