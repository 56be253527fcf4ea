"""What a browser finds on a page."""

import pytest

from pki.http.answers import Answer
from scripts.headless.page import NotOnThePage, Page

HERE = "https://bank.example/consent"
TEXT = """<form method="post" action="/consent">
<input type="hidden" name="csrf" value="a&amp;b"/><input name="totp"/>
<input type="checkbox" name="account:1" value="yes" checked=""/>
<input type="checkbox" name="account:2" value="yes"/><input type="submit"/></form>
<form action="cancel"></form><form action="/consent"><input name="other"/></form>"""


def page(text: str = "", status: int = 200, **headers: str) -> Page:
    """A page with this text."""
    fields = {name: (value,) for name, value in headers.items()}
    return Page(HERE, Answer(status, fields, text.encode()))


def test_forms() -> None:
    """By where they lead: what is filled in, and what may be ticked."""
    forms = page(TEXT).forms
    assert list(forms) == ["/consent", "/cancel"]
    filled_in = {"csrf": "a&b", "totp": "", "account:1": "yes"}
    assert forms["/consent"].fields == filled_in
    assert forms["/consent"].boxes == {"account:1": "yes", "account:2": "yes"}


def test_a_form_that_is_not_there() -> None:
    """Another page came than was expected."""
    with pytest.raises(NotOnThePage, match="no form for /sign-in"):
        page(TEXT).form("/sign-in")


def test_what_a_redirect_brings() -> None:
    """RFC 6749 section 4.1.2: the parameters of the response, each once."""
    back = "https://tpp.example/callback?code=c&state="
    assert page(status=303, location=back).sent_back() == {"code": "c", "state": ""}
    with pytest.raises(NotOnThePage, match="twice"):
        page(status=303, location=f"{back}&code=d").sent_back()
    for shown in (page("words"), page(status=303), page(status=302, location=back)):
        with pytest.raises(NotOnThePage, match="no redirect"):
            shown.sent_back()


def test_where_a_redirect_leads() -> None:
    """RFC 9110 section 10.2.2: relative to where the browser is."""
    assert page(status=303, location="/on?a=b").leads_to == (
        "https://bank.example/on?a=b"
    )
    assert page().leads_to is None
