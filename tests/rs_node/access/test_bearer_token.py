"""Where an access token is taken from, and where not."""

from types import MappingProxyType

import pytest

from pki.http.messages import Connection, Request
from rs_node.access.bearer_token import read_bearer_token
from rs_node.access.challenges import Challenge, InvalidRequest, NoToken

CONNECTION = Connection(
    1, "127.0.0.1", "TLSv1.3", certificate_requested=True, peer=None
)


def request(
    *authorization: str, query: str = "", body: bytes = b"", content_type: str = ""
) -> Request:
    """A request with these Authorization headers."""
    headers = {"authorization": authorization} if authorization else {}
    if content_type:
        headers["content-type"] = (content_type,)
    return Request(
        method="GET",
        path="/accounts",
        query=query,
        headers=MappingProxyType(headers),
        body=body,
        connection=CONNECTION,
    )


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
def test_bearer_token(scheme: str) -> None:
    """RFC 9110 section 11.1: the name of the scheme is case-insensitive."""
    asked = request(f"{scheme} abc.DEF-123_~+/==")
    assert read_bearer_token(asked) == "abc.DEF-123_~+/=="
    [decision] = asked.journal.decisions
    assert "abc" not in decision.presented


def test_several_spaces() -> None:
    """RFC 6750 section 2.1: one space or more."""
    assert read_bearer_token(request("Bearer   abc")) == "abc"


def refused(asked: Request, kind: type[Challenge]) -> None:
    """It is refused with this and no other challenge."""
    with pytest.raises(Challenge) as caught:
        read_bearer_token(asked)
    assert type(caught.value) is kind
    assert asked.journal.decisions == []


@pytest.mark.check("bearer-token.nowhere-else")
@pytest.mark.parametrize(
    "query", ["access_token=abc", "a=1&access%5Ftoken=", "access_token"]
)
@pytest.mark.parametrize("authorization", [(), ("Bearer abc",)])
def test_token_in_the_query(query: str, authorization: tuple[str, ...]) -> None:
    """FAPI 2.0 Security Profile section 5.3.4: a token in the query is refused."""
    refused(request(*authorization, query=query), InvalidRequest)


@pytest.mark.check("bearer-token.nowhere-else")
@pytest.mark.parametrize("authorization", [(), ("Bearer abc",)])
@pytest.mark.parametrize(
    "content_type",
    [
        "application/x-www-form-urlencoded",
        "Application/X-WWW-Form-URLencoded; charset=UTF-8",
    ],
)
def test_token_in_the_body(content_type: str, authorization: tuple[str, ...]) -> None:
    """RFC 6750 section 2.2 is not offered: a token in a form is refused."""
    asked = request(
        *authorization, body=b"x=\xff&access_token=abc", content_type=content_type
    )
    refused(asked, InvalidRequest)


@pytest.mark.parametrize("content_type", ["", "application/json"])
def test_a_body_that_is_no_form(content_type: str) -> None:
    """RFC 6750 section 2.2: only a form can hold a token."""
    asked = request("Bearer abc", body=b"access_token=abc", content_type=content_type)
    assert read_bearer_token(asked) == "abc"


def test_a_form_and_a_query_without_a_token() -> None:
    """RFC 6750 section 2: other parameters are no business of this check."""
    form = "application/x-www-form-urlencoded"
    asked = request(
        "Bearer abc", query="a=access_token", body=b"a=1", content_type=form
    )
    assert read_bearer_token(asked) == "abc"


@pytest.mark.check("bearer-token.presented")
def test_no_header() -> None:
    """RFC 6750 section 3: no credential is no error."""
    refused(request(), NoToken)


@pytest.mark.check("bearer-token.header")
@pytest.mark.parametrize("second", ["Bearer abc", "Basic abc", ""])
def test_two_headers(second: str) -> None:
    """RFC 6750 section 2: one token by one method, in one header."""
    refused(request("Bearer abc", second), InvalidRequest)


@pytest.mark.check("bearer-token.header")
@pytest.mark.parametrize(
    "value", ["Basic dHBwOng=", "DPoP abc", "", "Bearer:abc", "abc"]
)
def test_another_scheme(value: str) -> None:
    """RFC 6750 section 3.1: a credential of another scheme is no access token."""
    refused(request(value), NoToken)


@pytest.mark.check("bearer-token.header")
@pytest.mark.parametrize(
    "value",
    [
        "Bearer",
        "Bearer ",
        "Bearer abc def",
        "Bearer abc,def",
        "Bearer abc, Bearer def",
        'Bearer "abc"',
        "Bearer =abc",
        "Bearer abc ",
        "Bearer äbc",
        "Bearer abc\n",
        "Bearer\tabc",
    ],
)
def test_malformed(value: str) -> None:
    """RFC 6750 section 2.1: what is no b64token after Bearer is malformed."""
    kind = NoToken if value.startswith("Bearer\t") else InvalidRequest
    refused(request(value), kind)
