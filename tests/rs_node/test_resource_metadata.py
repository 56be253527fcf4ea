"""RFC 9728: what the resource server says of itself, to everybody."""

import pytest

from rs_node.resource_metadata import resource_metadata_url
from tests.rs_node.bank import RESOURCE, Bank, json_of

PATH = "/.well-known/oauth-protected-resource"


def test_the_document(bank: Bank) -> None:
    """RFC 9728 section 2: who we are, whom we believe, that tokens must be bound."""
    answer = bank.get(None, None, PATH)
    assert answer.status == 200
    assert json_of(answer) == {
        "resource": RESOURCE,
        "authorization_servers": ["https://localhost:9443"],
        "scopes_supported": ["accounts"],
        "bearer_methods_supported": ["header"],
        "resource_name": "Example Bank accounts",
        "tls_client_certificate_bound_access_tokens": True,
    }


def test_the_challenge_leads_there(bank: Bank) -> None:
    """RFC 9728 section 5.1: who has no token is told where to read on."""
    [value] = bank.get(None, None).headers["www-authenticate"]
    url = value.removeprefix('Bearer resource_metadata="').removesuffix('"')
    assert url == f"{RESOURCE}{PATH}"


@pytest.mark.parametrize(
    ("resource", "url"),
    [
        ("https://rs.example", f"https://rs.example{PATH}"),
        ("https://rs.example/", f"https://rs.example{PATH}"),
        ("https://rs.example:1/a/b", f"https://rs.example:1{PATH}/a/b"),
    ],
)
def test_where_it_is(resource: str, url: str) -> None:
    """RFC 9728 section 3: between the host and the path of the resource."""
    assert resource_metadata_url(resource) == url
