"""RFC 8414: where the metadata are, and what of them is believed."""

import json

import pytest

from rs_node.authorization_server.metadata import (
    ServerMetadata,
    judge_metadata,
    metadata_url,
)
from tests.rs_node.fake_authorization_server import ALIAS, ISSUER, metadata


def judged(**changed: object) -> ServerMetadata:
    """What is made of the metadata with these members changed."""
    return judge_metadata(json.dumps(metadata(**changed)).encode(), ISSUER)


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        ("https://as", "https://as/.well-known/oauth-authorization-server"),
        ("https://as/", "https://as/.well-known/oauth-authorization-server"),
        ("https://as:1/x", "https://as:1/.well-known/oauth-authorization-server/x"),
    ],
)
def test_where_they_are(issuer: str, url: str) -> None:
    """RFC 8414 section 3: between the host and the path of the issuer."""
    assert metadata_url(issuer) == url


def test_the_alias_is_preferred() -> None:
    """RFC 8705 section 5: a client of mutual TLS uses the alias of an endpoint."""
    endpoint = f"{ALIAS}/introspect"
    assert judged() == ServerMetadata(f"{ISSUER}/jwks", endpoint)


@pytest.mark.parametrize("aliases", [None, {}, {"token_endpoint": f"{ALIAS}/token"}])
def test_without_an_alias(aliases: object) -> None:
    """RFC 8705 section 5: an endpoint without an alias is used itself."""
    found = judged(mtls_endpoint_aliases=aliases)
    assert found.introspection_endpoint == f"{ISSUER}/introspect"


def test_only_endpoints_have_aliases() -> None:
    """RFC 8705 section 5: what is no endpoint is ignored among the aliases."""
    aliases = {"jwks_uri": "https://evil.example", "issuer": "https://evil.example"}
    found = judged(mtls_endpoint_aliases=aliases)
    assert found.jwks_uri == f"{ISSUER}/jwks"


@pytest.mark.parametrize(
    "changed",
    [
        {"issuer": None},
        {"issuer": f"{ISSUER}/"},
        {"issuer": [ISSUER]},
        {"jwks_uri": None},
        {"jwks_uri": "http://localhost/jwks"},
        {"jwks_uri": 1},
        {"introspection_endpoint": None, "mtls_endpoint_aliases": None},
        {"mtls_endpoint_aliases": {"introspection_endpoint": "http://localhost"}},
        {"mtls_endpoint_aliases": {"introspection_endpoint": None}},
        {"mtls_endpoint_aliases": []},
    ],
)
def test_unusable(changed: dict[str, object]) -> None:
    """RFC 8414 section 3.3: another issuer's, or incomplete: not used at all."""
    with pytest.raises(ValueError):  # noqa: PT011 - the text is for the operator
        judged(**changed)
