"""The frame of every page: the bank's name, its style, its footer."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from twisted.python.failure import Failure
from twisted.python.filepath import FilePath
from twisted.web.iweb import IRenderable
from twisted.web.template import Flattenable, Tag, XMLFile, flattenString

from as_node.browser.security_headers import html_response
from pki.http.messages import Fields, Response

# Nothing in it needs escaping, or the browser would hash another text than we did.
_STYLE = Path(__file__).with_name("pages.css").read_text(encoding="utf-8")
_STYLE_HASH = b64encode(sha256(_STYLE.encode()).digest()).decode("ascii")

_DOCTYPE = b"<!DOCTYPE html>\n"


def template(beside: str, name: str) -> Tag:
    """
    The template *name*.html, as it is: to be cloned and filled.

    *beside* is the `__file__` of the module that shows it: a page and its template
    stand next to each other.
    """
    file = Path(beside).with_name(f"{name}.html")
    (tag,) = XMLFile(FilePath(str(file))).load()
    assert isinstance(tag, Tag)  # noqa: S101 - a file of ours, with one root
    return tag


def filled(tag: Tag, **slots: Flattenable) -> Tag:
    """A copy of a template with its slots filled; texts will be escaped."""
    return tag.clone().fillSlots(**slots)


_FRAME = template(__file__, "frame")


def page_response(
    status: int,
    title: str,
    content: Flattenable,
    *,
    redirect_uri: str | None = None,
    headers: Fields = (),
) -> Response:
    """
    The page with this *content*; *redirect_uri* is where its forms lead in the end.
    """
    body = _flattened(filled(_FRAME, title=title, style=_STYLE, content=content))
    return html_response(
        status,
        _DOCTYPE + body,
        style_source=f"'sha256-{_STYLE_HASH}'",
        redirect_uri=redirect_uri,
        headers=headers,
    )


def _flattened(tag: Tag | IRenderable) -> bytes:
    """At once: nothing in our pages has to be waited for."""
    outcomes: list[bytes | Failure] = []
    flattenString(None, tag).addBoth(outcomes.append)
    (outcome,) = outcomes
    if isinstance(outcome, Failure):
        outcome.raiseException()
    assert isinstance(outcome, bytes)  # noqa: S101 - tells mypy what is left
    return outcome
