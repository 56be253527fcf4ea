"""A page as bytes, with the style that its policy names."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from twisted.web.template import Tag, tags

from pki.html.document import document
from pki.html.style_sheet import StyleSheet, style_sheet

CSS = 'main > p::before { content: "&"; }\n'


@pytest.fixture
def style(tmp_path: Path) -> StyleSheet:
    """One with characters that are markup elsewhere."""
    (tmp_path / "pages.css").write_text(CSS)
    return style_sheet(str(tmp_path / "module.py"), "pages")


def frame(content: str) -> Tag:
    """A page with a place for its style."""
    return tags.html(tags.head(tags.style()), tags.body(content))


def test_the_style_is_not_escaped(style: StyleSheet) -> None:
    """HTML section 13.1.2: a browser decodes nothing in it, and hashes what it sees."""
    page = document(frame("a < b"), style)
    assert page == (
        b"<!DOCTYPE html>\n"
        b"<html><head><style>" + CSS.encode() + b"</style></head>"
        b"<body>a &lt; b</body></html>"
    )
    assert (
        style.source == f"'sha256-{b64encode(sha256(CSS.encode()).digest()).decode()}'"
    )


def test_no_text_takes_the_place_of_the_style(style: StyleSheet) -> None:
    """A text that reads like the place of the style is escaped like any other."""
    page = document(frame("<style></style>"), style)
    assert page.count(CSS.encode()) == 1
    assert b"<body>&lt;style&gt;&lt;/style&gt;</body>" in page


def test_a_page_without_a_place_for_its_style(style: StyleSheet) -> None:
    """Is a fault, and not a page without a style."""
    with pytest.raises(ValueError, match="not enough values"):
        document(tags.html(), style)
