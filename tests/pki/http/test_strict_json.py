"""JSON in which nothing is said twice."""

import pytest

from pki.http.strict_json import NestedTooDeeply, NotAnObject, json_object


def test_an_object_is_read() -> None:
    """RFC 8259, in text or in UTF-8."""
    assert json_object('{"a": {"b": [1, "x", null]}}') == {"a": {"b": [1, "x", None]}}
    assert json_object(b'{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\xff",
        b"[]",
        b'"x"',
        b"null",
        b"{",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1, "a": 1}',
        b'{"a": {"b": 1, "b": 2}}',
        b'{"a": 1, "\\u0061": 2}',
        b'{"a":' * 100_000,
        b'{"a": ' + b"1" * 5000 + b"}",
    ],
)
def test_everything_else_is_refused(text: bytes) -> None:
    """RFC 7519 section 4: a JWT with duplicate claim names may be rejected."""
    with pytest.raises(ValueError, match=r"."):
        json_object(text)


@pytest.mark.parametrize(
    "octets",
    [
        '{"a": 1}'.encode(encoding)
        for encoding in (
            "utf-8-sig",
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "utf-32",
            "utf-32-le",
            "utf-32-be",
        )
    ],
)
def test_utf8_and_nothing_else(octets: bytes) -> None:
    """RFC 8259 section 8.1: UTF-8, and no byte order mark before it."""
    with pytest.raises(ValueError, match=r"."):
        json_object(octets)


def test_a_byte_order_mark_in_a_text() -> None:
    """RFC 8259 section 8.1: whoever decoded it first, it is no JSON."""
    with pytest.raises(ValueError, match="BOM"):
        json_object('\ufeff{"a": 1}')


@pytest.mark.parametrize(
    "text",
    [
        '{"jti": "\\ud800"}',
        '{"jti": "\\uDFFF"}',
        '{"jti": "a\\udc00\\ud800z"}',
        '{"\\ud800": 1}',
        '{"a": [{"b": ["\\udbff"]}]}',
        '{"a": [{"\\udbff": 1}]}',
        '{"jti": "\ud800"}',
    ],
)
def test_half_a_character(text: str) -> None:
    """RFC 8259 section 8.2: what no two readers take alike is refused, anywhere."""
    with pytest.raises(ValueError, match="half a character"):
        json_object(text)


def test_a_character_in_two_escapes() -> None:
    """RFC 8259 section 7: a pair of surrogates is one character, and is read so."""
    assert json_object('{"a": "\\ud834\\udd1e"}') == {"a": "\N{MUSICAL SYMBOL G CLEF}"}


@pytest.mark.parametrize("text", [b"[]", b'"x"', b"null", b"1", b"true"])
def test_something_else_is_told_from_no_json(text: bytes) -> None:
    """JSON that is no object has an error of its own."""
    with pytest.raises(NotAnObject):
        json_object(text)


@pytest.mark.bound("json.depth")
@pytest.mark.parametrize(("opening", "closing"), [(b'{"a":', b"}"), (b"[", b"]")])
def test_nesting_is_bounded(opening: bytes, closing: bytes) -> None:
    """RFC 8259 section 9: 32 levels; no walk or writer of ours runs out of stack."""
    for levels, fits in ((30, True), (31, False), (900, False)):
        text = b'{"x":' + opening * levels + b"1" + closing * levels + b"}"
        if fits:
            assert list(json_object(text)) == ["x"]
        else:
            with pytest.raises(NestedTooDeeply):
                json_object(text)
