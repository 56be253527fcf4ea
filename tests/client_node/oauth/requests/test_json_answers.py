"""JSON from servers that may send anything."""

import pytest

from client_node.oauth.requests.errors import UnusableAnswer
from client_node.oauth.requests.json_answers import (
    https_url,
    is_https_url,
    json_object,
    optional,
    required,
)
from pki.http.answers import Answer


def answer(body: bytes, content_type: str | None = "application/json") -> Answer:
    """An HTTP answer with *body*."""
    headers = {} if content_type is None else {"content-type": (content_type,)}
    return Answer(200, headers, body)


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=utf-8"]
)
def test_an_object_is_read(content_type: str) -> None:
    """RFC 9110 section 8.3.1: media types have no case, and may have parameters."""
    assert json_object(answer(b'{"a": 1}', content_type), "it") == {"a": 1}


@pytest.mark.parametrize("content_type", [None, "", "text/html", "application/jsonx"])
def test_another_media_type_is_refused(content_type: str | None) -> None:
    """A login page of a proxy is not an answer, even where it parses."""
    with pytest.raises(UnusableAnswer, match="is not JSON"):
        json_object(answer(b"{}", content_type), "it")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe\xfd",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'{"a": %s}' % (b"9" * 5000),
        b"[" * 200_000,
    ],
)
def test_a_body_that_is_no_json_is_refused(body: bytes) -> None:
    """RFC 8259: duplicates and constants of other languages included."""
    with pytest.raises(UnusableAnswer, match="it: the body is no JSON"):
        json_object(answer(body), "it")


@pytest.mark.parametrize("body", [b"[]", b'"a"', b"null", b"1"])
def test_json_that_is_no_object_is_refused(body: bytes) -> None:
    """The members are what is asked for."""
    with pytest.raises(UnusableAnswer, match="no object"):
        json_object(answer(body), "it")


@pytest.mark.parametrize("opening", [b'{"a":', b"["])
def test_an_answer_nested_without_need_is_refused(opening: bytes) -> None:
    """Python reads more levels than it can write: no traceback for either."""
    closing = b"]" if opening == b"[" else b"}"
    for levels, fits in ((30, True), (31, False), (900, False)):
        body = b'{"x":' + opening * levels + b"1" + closing * levels + b"}"
        if fits:
            assert json_object(answer(body), "it")
        else:
            with pytest.raises(UnusableAnswer, match="nested"):
                json_object(answer(body), "it")


def test_a_required_member_is_given() -> None:
    """As it came."""
    assert required({"a": "b"}, "a", str, "it") == "b"


@pytest.mark.parametrize(
    ("members", "kind", "shown"),
    [
        ({}, str, "missing"),
        ({"a": None}, str, "NoneType"),
        ({"a": 1}, str, "int"),
        ({"a": True}, int, "bool"),
        ({"a": 1}, bool, "int"),
    ],
)
def test_a_required_member_of_another_type_is_refused(
    members: dict[str, object], kind: type, shown: str
) -> None:
    """`null` is a value, and `true` is no number."""
    with pytest.raises(UnusableAnswer, match=f"it: 'a' is .*{shown}"):
        required(members, "a", kind, "it")


def test_a_refused_value_is_not_repeated() -> None:
    """It may be a token."""
    with pytest.raises(UnusableAnswer) as refused:
        required({"a": ["secret"]}, "a", str, "it")
    assert "secret" not in str(refused.value)


def test_an_optional_member_may_be_absent_and_not_null() -> None:
    """Absent is `None`; `null` is of the wrong type."""
    assert optional({}, "a", str, "it") is None
    with pytest.raises(UnusableAnswer):
        optional({"a": None}, "a", str, "it")


@pytest.mark.parametrize(
    "url", ["https://a", "https://a:1/b?c=d", "https://[::1]:9443/", "HTTPS://a/"]
)
def test_https_urls_are_recognised(url: str) -> None:
    """Absolute, with a host."""
    assert is_https_url(url)
    assert https_url(url, "a", "it") == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        7,
        "",
        "http://a/",
        "a/b",
        "//a/b",
        "https:",
        "https:///a",
        "https://user@a/",
        "https://a/#b",
        "https://a/#",
        "https://a:0/",
        "https://a:99999/",
        "https://a:b/",
        "https://[::1/",
        "https://a/b c",
        "https://a/\r\nX: y",
        "https://é/",
    ],
)
def test_what_is_no_https_url_is_refused(url: object) -> None:
    """Credentials and tokens are sent to no other."""
    with pytest.raises(UnusableAnswer, match="no https URL"):
        https_url(url, "a", "it")
