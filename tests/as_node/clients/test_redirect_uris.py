"""Which redirect URIs a client may register, and which one matches."""

import pytest

from as_node.clients.redirect_uris import matches_registered, verify_redirect_uri

HTTPS = "https://tpp.example/callback"
LOOPBACK = "http://127.0.0.1/callback"
LOOPBACK_6 = "http://[::1]/callback"


@pytest.mark.parametrize(
    "uri",
    [
        HTTPS,
        "https://127.0.0.1:9446/callback",
        "https://[::1]:9446/a/b?c=d",
        "https://tpp.example/",
    ],
)
def test_https_may_be_registered(uri: str) -> None:
    """RFC 9700 section 2.1: by everybody."""
    verify_redirect_uri(uri, loopback=False)
    verify_redirect_uri(uri, loopback=True)


@pytest.mark.parametrize(
    "uri",
    [LOOPBACK, LOOPBACK_6, "http://127.0.0.1:8080/callback?a=b"],
)
def test_loopback_may_be_registered_by_native_applications_only(uri: str) -> None:
    """RFC 8252 section 7.3."""
    verify_redirect_uri(uri, loopback=True)
    with pytest.raises(ValueError, match="expected https"):
        verify_redirect_uri(uri, loopback=False)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "http://tpp.example/callback",
        "http://localhost/callback",
        "http://127.0.0.2/callback",
        "http://127.0.0.1.example/callback",
        "http://127.0.0.1",
        "https://tpp.example",
        "https://tpp.example/callback#",
        "https://tpp.example/callback#fragment",
        "https://user@tpp.example/callback",
        "https://tpp.example\\@other.example/callback",
        "https://tpp.example/call back",
        "https://tpp.example/callback\n",
        "https://tpp.example/\N{LATIN SMALL LETTER E WITH ACUTE}",
        "HTTPS://tpp.example/callback",
        "com.example.app:/callback",
        "javascript:alert(1)",
        "//tpp.example/callback",
        "/callback",
    ],
)
def test_everything_else_is_refused(uri: str) -> None:
    """RFC 6749 section 3.1.2: absolute, without fragment, and one reading only."""
    with pytest.raises(ValueError, match="expected https"):
        verify_redirect_uri(uri, loopback=True)


@pytest.mark.parametrize("loopback", [False, True])
@pytest.mark.parametrize(
    "uri",
    [
        "https://tpp.example/callback/",
        "https://tpp.example/Callback",
        "https://tpp.example/callback?a=b",
        "https://tpp.example/callback#a",
        "https://tpp.example:443/callback",
        "https://TPP.example/callback",
        "https://tpp.example/x/../callback",
        "https://tpp.example.attacker.example/callback",
        "http://tpp.example/callback",
        "",
    ],
)
def test_only_the_very_same_uri_matches(uri: str, loopback: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """RFC 9700 section 2.1: exact string matching, for native applications as well."""
    assert matches_registered(HTTPS, [LOOPBACK, HTTPS], loopback=loopback)
    assert not matches_registered(uri, [LOOPBACK, HTTPS], loopback=loopback)


@pytest.mark.parametrize(
    ("uri", "registered"),
    [
        ("http://127.0.0.1:50123/callback", LOOPBACK),
        ("http://127.0.0.1:1/callback", LOOPBACK),
        ("http://127.0.0.1:65535/callback", LOOPBACK),
        ("http://127.0.0.1/callback", "http://127.0.0.1:8080/callback"),
        ("http://[::1]:50123/callback", LOOPBACK_6),
    ],
)
def test_the_port_of_a_loopback_address_does_not_count(
    uri: str, registered: str
) -> None:
    """RFC 8252 section 7.3: any port at the time of the request; for them only."""
    assert matches_registered(uri, [registered], loopback=True)
    assert not matches_registered(uri, [registered], loopback=False)


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:0/callback",
        "http://127.0.0.1:65536/callback",
        "http://127.0.0.1:/callback",
        "http://127.0.0.1:50123/other",
        "http://127.0.0.1:50123/callback?a=b",
        "http://127.0.0.1:50123/callback#a",
        "http://127.0.0.1:50123@attacker.example/callback",
        "http://127.0.0.2:50123/callback",
        "http://[::1]:50123/callback",
        "http://localhost:50123/callback",
        "https://127.0.0.1:50123/callback",
        "http://127.0.0.1:50123/callback\n",
    ],
)
def test_everything_else_of_a_loopback_address_counts(uri: str) -> None:
    """RFC 8252 section 7.3: nothing but the port is left out."""
    assert not matches_registered(uri, [LOOPBACK], loopback=True)
