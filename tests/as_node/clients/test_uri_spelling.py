"""Two writings of one URI."""

import pytest

from as_node.clients.uri_spelling import differ_in_spelling_only

URI = "https://tpp.example.org/~id"


@pytest.mark.parametrize(
    "other",
    [
        "HTTPS://TPP.Example.org/~id",
        "https://tpp.example.org:443/~id",
        "https://tpp.example.org:/~id",
        "https://tpp.example.org/%7Eid",
        "https://tpp.example.org/%7e%69d",
    ],
)
def test_the_same_in_another_spelling(other: str) -> None:
    """RFC 3986 section 6.2: case, default port, needless escapes."""
    assert differ_in_spelling_only(URI, other)
    assert differ_in_spelling_only(other, URI)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (URI, URI),
        (URI, "https://tpp.example.org/~ID"),
        (URI, "http://tpp.example.org/~id"),
        (URI, "https://tpp.example.org:8443/~id"),
        (URI, "https://u@tpp.example.org/~id"),
        (URI, "https://tpp.example.org/~id?"[:-1] + "?x"),
        (URI, "https://tpp.example.org:port/~id"),
        (URI, "https://[::1/~id"),
        ("https://a.example/a%2Fb", "https://a.example/a/b"),
        ("urn:a:b", "urn:a:B"),
    ],
)
def test_another_uri(left: str, right: str) -> None:
    """What may mean something else is something else."""
    assert not differ_in_spelling_only(left, right)


def test_escapes_have_no_case() -> None:
    """RFC 3986 section 6.2.2.1; and an empty path is that of the root."""
    assert differ_in_spelling_only("https://a.example/%2f", "https://a.example/%2F")
    assert differ_in_spelling_only("https://a.example", "https://a.example/")
