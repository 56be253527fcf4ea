"""Templates and their slots: text stays text, and no slot stays empty."""

from pathlib import Path

import pytest
from twisted.web.error import FlattenerError
from twisted.web.template import tags

from pki.html.document import flattened
from pki.html.templates import filled, template

_NAMESPACE = "http://twistedmatrix.com/ns/twisted.web.template/0.1"
EVIL = "<b>\"'&amp;"


def written(folder: Path, text: str) -> str:
    """A template beside a module of this folder; the module's `__file__`."""
    page = f'<t:transparent xmlns:t="{_NAMESPACE}">{text}</t:transparent>'
    (folder / "page.html").write_text(page)
    return str(folder / "module.py")


def test_values_are_escaped(tmp_path: Path) -> None:
    """What is no element of ours is text, whoever wrote it."""
    page = template(written(tmp_path, '<li><t:slot name="text"/></li>'), "page")
    assert flattened(filled(page, text=EVIL)) == b"<li>&lt;b&gt;\"'&amp;amp;</li>"
    assert flattened(filled(page, text=tags.b("x"))) == b"<li><b>x</b></li>"


def test_values_of_attributes_are_escaped(tmp_path: Path) -> None:
    """Nothing ends the attribute it stands in."""
    text = '<a><t:attr name="href">/<t:slot name="path"/></t:attr>x</a>'
    page = template(written(tmp_path, text), "page")
    escaped = b'<a href="/&lt;b&gt;&quot;\'&amp;amp;">x</a>'
    assert flattened(filled(page, path=EVIL)) == escaped
    assert flattened(tags.a("x", href=f"/{EVIL}")) == escaped


def test_a_template_wants_its_values(tmp_path: Path) -> None:
    """A page with a hole in it is a fault, and not a page."""
    page = template(written(tmp_path, '<li><t:slot name="text"/></li>'), "page")
    with pytest.raises(FlattenerError):
        flattened(filled(page))


def test_a_template_is_filled_more_than_once(tmp_path: Path) -> None:
    """Each page is a copy: what one was filled with, the next does not hold."""
    page = template(written(tmp_path, '<li><t:slot name="text"/></li>'), "page")
    assert flattened(filled(page, text="one")) == b"<li>one</li>"
    assert flattened(filled(page, text="two")) == b"<li>two</li>"
