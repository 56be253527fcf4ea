"""Templates: read once, beside the module that shows them, and filled for each page."""

from pathlib import Path

from twisted.python.filepath import FilePath
from twisted.web.template import Flattenable, Tag, XMLFile


def template(beside: str, name: str) -> Tag:
    """
    The template *name*.html, as it is: to be cloned and filled.

    *beside* is the `__file__` of the module that shows it: a page and its template
    stand next to each other. One with several elements has `t:transparent` around
    them, which is not written.
    """
    file = Path(beside).with_name(f"{name}.html")
    (tag,) = XMLFile(FilePath(str(file))).load()
    assert isinstance(tag, Tag)  # noqa: S101 - a file of ours, with one root
    return tag


def filled(tag: Tag, **slots: Flattenable) -> Tag:
    """
    A copy of a template with its slots filled; texts will be escaped.

    A slot that nobody fills is found when the document is made. Twisted takes a slot's
    value from the template that was filled last above *or before* it in the document:
    a template and one filled into it must not call two slots by one name.
    """
    return tag.clone().fillSlots(**slots)
