"""OpenSSL's errors in words, whatever form pyOpenSSL gives them."""

import pytest
from OpenSSL import SSL

from pki.mtls.alerts import alert_text


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (SSL.Error([("SSL routines", "", "unknown ca")]), "unknown ca"),
        (SSL.Error([("", "", "a"), ("", "", "b")]), "a; b"),
        (SSL.Error([]), "[]"),
        (SSL.Error(), "Error"),
        (SSL.SysCallError(104, "ECONNRESET"), "(104, 'ECONNRESET')"),
    ],
)
def test_alert_text(error: SSL.Error, text: str) -> None:
    """One line, and never another exception."""
    assert alert_text(error) == text
