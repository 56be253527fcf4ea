"""The parameters of a request: from its body, once each, in UTF-8."""

from types import MappingProxyType
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from as_node.protocol.errors import InvalidRequest
from as_node.protocol.parameters import (
    LONGEST_NAME,
    LONGEST_VALUE,
    MOST_PARAMETERS,
    SIZES,
    read_form,
    require,
)
from pki.http.messages import Connection, Request

FORM = "application/x-www-form-urlencoded"


def a_request(
    body: bytes, *, content_types: tuple[str, ...] = (FORM,), query: str = ""
) -> Request:
    """A POST with this body."""
    return Request(
        method="POST",
        path="/token",
        query=query,
        headers=MappingProxyType({"content-type": content_types}),
        body=body,
        connection=Connection(
            number=1,
            client_address="127.0.0.1:50000",
            tls_version="TLSv1.3",
            certificate_requested=True,
            peer=None,
        ),
    )


def test_a_form() -> None:
    """RFC 6749 appendix B: spaces and what is not ASCII come out as they went in."""
    body = b"grant_type=client_credentials&scope=accounts+%C3%A4&client_id=a%20b"
    assert read_form(a_request(body)) == {
        "grant_type": "client_credentials",
        "scope": "accounts \N{LATIN SMALL LETTER A WITH DIAERESIS}",
        "client_id": "a b",
    }


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=LONGEST_NAME),
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
        max_size=MOST_PARAMETERS,
    )
)
def test_every_form_that_can_be_written_is_read(parameters: dict[str, str]) -> None:
    """Whatever a standard library encodes is what comes out."""
    assert read_form(a_request(urlencode(parameters).encode())) == parameters


@given(st.binary())
def test_any_bytes_are_a_form_or_refused(body: bytes) -> None:
    """No body whatsoever leads to another exception than a refusal."""
    try:
        parameters = read_form(a_request(body))
    except InvalidRequest:
        return
    assert all(parameters.values())


def test_no_body_is_no_parameter() -> None:
    """What is missing is for the endpoint to say, not for the parser."""
    assert read_form(a_request(b"")) == {}


@pytest.mark.parametrize("body", [b"scope=&client_id=a", b"scope&client_id=a"])
def test_without_a_value_is_left_out(body: bytes) -> None:
    """RFC 6749 section 3.2: a parameter without a value counts as left out."""
    assert read_form(a_request(body)) == {"client_id": "a"}


def test_a_query_is_refused() -> None:
    """RFC 6749 section 3.2: parameters come in the body, and nowhere else."""
    with pytest.raises(InvalidRequest, match="query"):
        read_form(a_request(b"a=1", query="grant_type=client_credentials"))


@pytest.mark.parametrize(
    "content_types",
    [
        (),
        ("",),
        ("application/json",),
        ("multipart/form-data; boundary=x",),
        (FORM, "application/json"),
        (FORM, FORM),
        (f"text/plain, {FORM}",),
    ],
)
def test_another_media_type_is_refused(content_types: tuple[str, ...]) -> None:
    """RFC 6749 section 3.2: a form is what its media type says it is."""
    with pytest.raises(InvalidRequest, match="not a form"):
        read_form(a_request(b"a=1", content_types=content_types))


@pytest.mark.parametrize(
    "content_type", [f"{FORM};charset=UTF-8", "Application/X-WWW-Form-URLEncoded"]
)
def test_the_media_type_may_be_written_otherwise(content_type: str) -> None:
    """RFC 9110 section 8.3.1: no case matters, and there may be parameters."""
    assert read_form(a_request(b"a=1", content_types=(content_type,))) == {"a": "1"}


@pytest.mark.parametrize(
    "body",
    [b"a=1&a=1", b"a=1&a=2", b"a=&a=1", b"a=1&%61=1", b"unknown=1&unknown=2"],
)
def test_a_repeated_parameter_is_refused(body: bytes) -> None:
    """RFC 6749 section 3.2: no parameter more than once, in whatever spelling."""
    with pytest.raises(InvalidRequest, match="repeated"):
        read_form(a_request(body))


@pytest.mark.parametrize("body", [b"a=\xff", b"a=%FF", b"%C3=a", b"a=%ED%A0%80"])
def test_what_is_not_utf_8_is_refused(body: bytes) -> None:
    """RFC 6749 appendix B: forms are in UTF-8, escaped or not."""
    with pytest.raises(InvalidRequest, match="UTF-8"):
        read_form(a_request(body))


@pytest.mark.check("request.parameters")
def test_a_long_name_is_cut_in_the_detail() -> None:
    """The operator's log is not filled by one name."""
    with pytest.raises(InvalidRequest) as refused:
        read_form(a_request(b"&".join([b"a" * 9000 + b"=1"] * 2)))
    assert len(refused.value.detail) < 100


def test_require() -> None:
    """A parameter that is there is given, one that is not refuses the request."""
    assert require({"token": "x"}, "token") == "x"
    with pytest.raises(InvalidRequest, match="token is missing"):
        require({}, "token")


@pytest.mark.check("request.sizes")
@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"a" * LONGEST_NAME: "x" * LONGEST_VALUE}, ""),
        ({"a" * (LONGEST_NAME + 1): "x"}, "too long"),
        ({"acr_values": "x" * (LONGEST_VALUE + 1)}, "parameter 'acr_values' is too"),
        ({"unknown": "\N{SNOWMAN}" * (LONGEST_VALUE - 12_000)}, "form is too large"),
        ({"a": "x" * LONGEST_VALUE, "b": "x" * LONGEST_VALUE}, "form is too large"),
        ({f"p{n}": "x" for n in range(MOST_PARAMETERS)}, ""),
        ({f"p{n}": "x" for n in range(MOST_PARAMETERS + 1)}, "too many parameters"),
        ({f"p{n}": "" for n in range(MOST_PARAMETERS + 1)}, "too many parameters"),
    ],
)
def test_sizes_are_bounded(parameters: dict[str, str], said: str) -> None:
    """RFC 6749 section 3.2: of each parameter, known or not, and of their sum."""
    request = a_request(urlencode(parameters).encode())
    if not said:
        assert read_form(request) == parameters
        return
    with pytest.raises(InvalidRequest, match=said) as refused:
        read_form(request)
    assert refused.value.check == SIZES
