"""What a browser is told beside a page: where its forms may lead, where it goes on."""

import pytest

from as_node.browser.security_headers import form_source, see_other
from tests.customers.requests import header


@pytest.mark.parametrize(
    ("redirect_uri", "source"),
    [
        ("https://tpp.example.com/callback?a=b", "https://tpp.example.com"),
        ("https://127.0.0.1:9446/callback", "https://127.0.0.1:9446"),
        ("http://127.0.0.1:51004/callback", "http://127.0.0.1:51004"),
        ("http://[::1]:51004/callback", "http:"),
    ],
)
def test_form_source(redirect_uri: str, source: str) -> None:
    """CSP Level 3 section 2.3.1: a source is scheme, host and port, never `[::1]`."""
    assert form_source(redirect_uri) == source


def test_see_other() -> None:
    """RFC 9700 section 4.12: 303, so that no password is posted on; never kept."""
    response = see_other("/authorize?a=b", (("Set-Cookie", "c"),))
    assert response.status == 303
    assert header(response, "Location") == "/authorize?a=b"
    assert header(response, "Set-Cookie") == "c"
    assert header(response, "Cache-Control") == "no-store"
    assert header(response, "Referrer-Policy") == "no-referrer"
