"""Which addresses a client may register for its JWK set."""

import pytest

from as_node.clients.jwks_uri import (
    HostAndPort,
    parse_host_and_port,
    parse_jwks_uri,
    verify_allowed,
)


@pytest.mark.parametrize(
    ("text", "host", "port", "target"),
    [
        ("https://tpp.example/jwks", "tpp.example", 443, "/jwks"),
        ("https://TPP.example:8443/", "tpp.example", 8443, "/"),
        ("https://127.0.0.1:9446/jwks/a?b=c", "127.0.0.1", 9446, "/jwks/a?b=c"),
        ("https://[2001:DB8:0::1]:1/j", "2001:db8::1", 1, "/j"),
    ],
)
def test_an_https_url_is_taken_apart(
    text: str, host: str, port: int, target: str
) -> None:
    """RFC 7591 section 2: `jwks_uri` is a URL; the port is 443 unless it says so."""
    uri = parse_jwks_uri(text)
    assert (uri.where.host, uri.where.port, uri.target) == (host, port, target)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("https://TPP.example/jwks", "https://tpp.example:443/jwks"),
        ("https://[::1]:9446/", "https://[::1]:9446/"),
    ],
)
def test_a_url_has_one_spelling(text: str, canonical: str) -> None:
    """What is asked for is made of the parts that were checked."""
    assert str(parse_jwks_uri(text)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "http://tpp.example/jwks",
        "HTTPS://tpp.example/jwks",
        "file:///etc/passwd",
        "//tpp.example/jwks",
        "https://tpp.example",
        "https:///jwks",
        "https://user@tpp.example/jwks",
        "https://tpp.example:443@127.0.0.1/jwks",
        "https://tpp.example\\@127.0.0.1/jwks",
        "https://tpp.example/jwks#fragment",
        "https://tpp.example/a b",
        "https://tpp.example/a\r\nHost: x",
        "https://tpp.example/jwks\n",
        " https://tpp.example/jwks",
        "https://tpp.example:/jwks",
        "https://tpp.ex\N{LATIN SMALL LETTER A WITH DIAERESIS}mple/jwks",
        "https://tpp%2eexample/jwks",
        "",
    ],
)
def test_another_url_is_refused(text: str) -> None:
    """https only, and nothing that two programs could read in two ways."""
    with pytest.raises(ValueError, match="expected https://") as refused:
        parse_jwks_uri(text)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("port", ["0", "65536", "99999"])
def test_a_port_that_does_not_exist_is_refused(port: str) -> None:
    """A port is a number from 1 to 65535."""
    with pytest.raises(ValueError, match=f"found {port}"):
        parse_jwks_uri(f"https://tpp.example:{port}/")


@pytest.mark.parametrize("host", ["[1]", "[192.0.2.1.5]", "[::1::]"])
def test_brackets_hold_an_ipv6_address(host: str) -> None:
    """RFC 3986 section 3.2.2: an IP literal in brackets."""
    with pytest.raises(ValueError, match="IPv6 address in brackets"):
        parse_jwks_uri(f"https://{host}/")


@pytest.mark.parametrize("text", ["tpp.example:", "a b", "https://tpp.example", ""])
def test_an_allowed_host_is_a_host_with_a_port(text: str) -> None:
    """The configuration says `host:port` and nothing more."""
    with pytest.raises(ValueError, match="expected host:port"):
        parse_host_and_port(text)


@pytest.mark.parametrize("text", ["TPP.example", "tpp.example:443"])
def test_the_port_of_an_allowed_host_is_443_by_default(text: str) -> None:
    """443 is the port of https."""
    assert parse_host_and_port(text) == HostAndPort("tpp.example", 443)


def test_a_listed_host_is_allowed() -> None:
    """The operator listed the host, with its port."""
    allowed = [parse_host_and_port(text) for text in ("a.example", "b.example:8443")]
    verify_allowed(parse_jwks_uri("https://b.example:8443/x"), allowed)


@pytest.mark.parametrize(
    "text",
    [
        "https://a.example:8443/",
        "https://b.example/",
        "https://x.a.example/",
        "https://a.example.evil.example/",
        "https://a.example./",
        "https://127.0.0.1/",
    ],
)
def test_another_host_or_port_is_refused(text: str) -> None:
    """Exactly the listed ones: no other port, nothing below or beside a name."""
    allowed = [parse_host_and_port(text) for text in ("a.example", "b.example:8443")]
    with pytest.raises(ValueError, match=r"a\.example:443, b\.example:8443"):
        verify_allowed(parse_jwks_uri(text), allowed)


def test_nothing_is_allowed_by_default() -> None:
    """With an empty list no document is ever fetched."""
    with pytest.raises(ValueError, match=r"\(none\)"):
        verify_allowed(parse_jwks_uri("https://a.example/"), ())
