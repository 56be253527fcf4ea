"""Scope, as RFC 6749 section 3.3 writes it."""

import pytest

from as_node.protocol.scopes import parse_scope, scope_text


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("accounts", {"accounts"}),
        ("b a", {"a", "b"}),
        ("a a", {"a"}),
        ("!#[]~ urn:a/b?c", {"!#[]~", "urn:a/b?c"}),
    ],
)
def test_a_scope(text: str, tokens: set[str]) -> None:
    """RFC 6749 section 3.3: tokens with one space between; order means nothing."""
    assert parse_scope(text) == tokens


@pytest.mark.parametrize(
    "text", ["", " ", " a", "a ", "a  b", "a\tb", "a\n", 'a"b', "a\\b", "ä", "a\x7f"]
)
def test_no_scope(text: str) -> None:
    """RFC 6749 section 3.3: none of these can be written in its grammar."""
    with pytest.raises(ValueError, match=r"RFC 6749 section 3\.3"):
        parse_scope(text)


def test_scope_text() -> None:
    """The same scope is always the same text."""
    assert scope_text({"b", "a", "c"}) == "a b c"
