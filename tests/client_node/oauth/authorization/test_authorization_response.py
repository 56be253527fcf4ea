"""What a browser brings back, and whose answer it is: RFC 9207."""

from urllib.parse import urlencode

import pytest

from client_node.oauth.authorization.authorization_response import (
    judge_authorization_response,
)
from client_node.oauth.requests.errors import AuthorizationRefused, UnusableAnswer

ISSUER = "https://as.example"
GOOD = {"code": "the code", "state": "s t+a&te", "iss": ISSUER}


def judged(query: str) -> str:
    """The code in a query."""
    return judge_authorization_response(query, state=GOOD["state"], issuer=ISSUER)


def query(**changes: str | None) -> str:
    """A good response with changes; `None` removes a parameter."""
    return urlencode({k: v for k, v in {**GOOD, **changes}.items() if v is not None})


def test_a_good_response_has_a_code() -> None:
    """RFC 6749 section 4.1.2; unknown parameters are ignored."""
    assert judged(query()) == "the code"
    assert judged(query(session_state="x")) == "the code"


@pytest.mark.parametrize("name", ["code", "state", "iss", "error"])
def test_a_parameter_that_comes_twice_is_refused(name: str) -> None:
    """RFC 6749 section 3.1: of two, which would count?"""
    with pytest.raises(UnusableAnswer, match="comes twice"):
        judged(f"{query(error='x')}&{name}=x")


@pytest.mark.parametrize("bad", ["&".join(f"a{n}=1" for n in range(30)), "code=%ff"])
def test_what_cannot_be_read_is_refused(bad: str) -> None:
    """Anybody can send a browser here with anything."""
    with pytest.raises(UnusableAnswer, match="cannot be read"):
        judged(bad)


@pytest.mark.parametrize("state", [None, "", "other", "S T+A&TE"])
@pytest.mark.parametrize("error", [None, "access_denied"])
def test_another_state_is_refused(state: str | None, error: str | None) -> None:
    """RFC 6749 section 10.12: the response must belong to this browser's request."""
    with pytest.raises(UnusableAnswer, match="state"):
        judged(query(state=state, error=error))


@pytest.mark.check("authorization-response.issuer")
@pytest.mark.parametrize(
    "iss", [None, "", f"{ISSUER}/", "https://AS.example", "https://attacker.example"]
)
@pytest.mark.parametrize("error", [None, "access_denied"])
def test_another_issuer_is_refused(iss: str | None, error: str | None) -> None:
    """RFC 9207 section 2.4: compared as strings; missing is another."""
    with pytest.raises(UnusableAnswer, match="RFC 9207"):
        judged(query(iss=iss, error=error))


def test_a_refusal_is_told() -> None:
    """RFC 6749 section 4.1.2.1."""
    refused = query(code=None, error="access_denied", error_description="not today")
    with pytest.raises(
        AuthorizationRefused, match=r"^access_denied: not today$"
    ) as why:
        judged(refused)
    assert (why.value.error, why.value.error_description) == (
        "access_denied",
        "not today",
    )
    with pytest.raises(AuthorizationRefused, match=r"^access_denied$"):
        judged(query(code=None, error="access_denied"))


@pytest.mark.parametrize(
    "bad", [query(code=None), query(error="x"), query(code=""), query(code=None, x="1")]
)
def test_neither_code_nor_error_or_both_are_refused(bad: str) -> None:
    """RFC 6749 section 4.1.2: one of the two."""
    with pytest.raises(UnusableAnswer, match="either a code or an error"):
        judged(bad)
