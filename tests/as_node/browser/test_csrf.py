"""Forms that our pages sent, and forms that they did not."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from as_node.browser.csrf import FIELD, SameOrigin, csrf_token
from as_node.browser.error_pages import ForeignForm
from as_node.browser.sessions import Visitor
from tests.customers.requests import ORIGIN, Browser

VISITOR = Visitor(session_id="a" * 43)
REQUEST_URI = "urn:ietf:params:oauth:request_uri:one"
STEP = "/consent"
FORM = {
    "client_id": "banking-client",
    "request_uri": REQUEST_URI,
    FIELD: csrf_token(VISITOR, STEP, REQUEST_URI),
}


def verify(
    form: Mapping[str, str] = FORM,
    visitor: Visitor = VISITOR,
    step: str = STEP,
    fields: Mapping[str, str] = MappingProxyType({}),
) -> list[str]:
    """Judge a form; gives what the journal says was accepted."""
    request = Browser().post(step, form, fields)
    SameOrigin(ORIGIN).verify_csrf(request, form, visitor, step)
    return [decision.check.title for decision in request.journal.decisions]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"origin": ORIGIN},
        {"origin": ORIGIN, "sec-fetch-site": "same-origin"},
        {"origin": "null", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin"},
    ],
)
def test_a_form_of_ours(fields: dict[str, str]) -> None:
    """
    A form is taken from the browser that was shown it, whatever browsers say of it.

    Chromium sends `Origin: null` from pages with the policy `no-referrer` (measured).
    """
    assert verify(fields=fields) == [
        "the form was sent by the browser that was shown it"
    ]


@pytest.mark.check("csrf.same-origin")
@pytest.mark.parametrize(
    "fields",
    [
        {"origin": "https://evil.example"},
        {"origin": "https://localhost:9446"},
        {"origin": "http://localhost:9443"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
        {"origin": ORIGIN, "sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "none"},
    ],
)
def test_a_form_from_elsewhere(fields: dict[str, str]) -> None:
    """RFC 6749 section 10.12: a right token does not help a form of another page."""
    with pytest.raises(ForeignForm) as refused:
        verify(fields=fields)
    assert refused.value.response().status == 403


@pytest.mark.check("csrf.same-origin")
@pytest.mark.parametrize("token", ["", "0" * 64, "é", FORM[FIELD].upper()])
def test_a_wrong_token(token: str) -> None:
    """RFC 6749 section 10.12: who does not know the session cannot make a token."""
    with pytest.raises(ForeignForm):
        verify({**FORM, FIELD: token})


@pytest.mark.check("csrf.same-origin")
def test_no_token() -> None:
    """RFC 6749 section 10.12: a form without a token is none of ours."""
    with pytest.raises(ForeignForm):
        verify({name: value for name, value in FORM.items() if name != FIELD})


@pytest.mark.check("csrf.same-origin")
def test_the_token_of_another_session() -> None:
    """An attacker's own token does not fit into his victim's browser."""
    with pytest.raises(ForeignForm):
        verify(visitor=Visitor(session_id="b" * 43))


@pytest.mark.check("csrf.same-origin")
def test_the_token_of_another_request() -> None:
    """Two tabs with two requests keep apart: neither's form answers the other's."""
    with pytest.raises(ForeignForm):
        verify({**FORM, "request_uri": f"{REQUEST_URI}-two"})


@pytest.mark.check("csrf.same-origin")
def test_the_token_of_another_step() -> None:
    """The token of the page that signs in is not one of the page that consents."""
    with pytest.raises(ForeignForm):
        verify(step="/sign-in")


def test_the_token_does_not_tell_the_session() -> None:
    """The page does not hold what the cookie keeps from it."""
    assert VISITOR.session_id not in FORM[FIELD]
    assert len(FORM[FIELD]) == 64


def test_the_way_on() -> None:
    """An out-of-date page leads on with its request, as it stands now."""
    with pytest.raises(ForeignForm) as refused:
        verify({**FORM, FIELD: ""})
    page = refused.value.response().body.decode()
    path = "/authorize?client_id=banking-client&amp;request_uri=urn%3Aietf%3Aparams"
    assert f'href="{path}' in page


def test_no_way_on() -> None:
    """A form that says nothing about a request leads nowhere."""
    with pytest.raises(ForeignForm) as refused:
        verify({"request_uri": REQUEST_URI})
    assert 'href="/' not in refused.value.response().body.decode()
