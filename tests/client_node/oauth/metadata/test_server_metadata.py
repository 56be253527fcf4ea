"""The metadata document, and where it sends a client."""

import json
from typing import cast

import pytest

from client_node.oauth.metadata.server_metadata import (
    DirectEndpoint,
    ServerMetadata,
    choose_endpoint,
    discover,
    judge_metadata,
    metadata_url,
)
from client_node.oauth.requests.errors import UnusableAnswer
from pki.http.answers import Answer
from tests.client_node.in_memory.bank import (
    ISSUER,
    MTLS,
    WELL_KNOWN,
    Bank,
    always,
    metadata_document,
)

JSON = {"content-type": ("application/json",)}


def judged(**changes: object) -> ServerMetadata:
    """The metadata of a document with *changes*."""
    body = json.dumps(metadata_document(**changes)).encode()
    return judge_metadata(Answer(200, JSON, body), ISSUER)


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        (ISSUER, f"{ISSUER}{WELL_KNOWN}"),
        (f"{ISSUER}/", f"{ISSUER}{WELL_KNOWN}"),
        (f"{ISSUER}/bank", f"{ISSUER}{WELL_KNOWN}/bank"),
        (f"{ISSUER}/bank/", f"{ISSUER}{WELL_KNOWN}/bank"),
    ],
)
def test_the_well_known_path_stands_before_the_issuers(issuer: str, url: str) -> None:
    """RFC 8414 section 3.1: inserted between host and path, without a final slash."""
    assert metadata_url(issuer) == url


@pytest.mark.parametrize("issuer", ["http://a", "https://a?b", "https://a#b", "a", ""])
def test_an_issuer_that_is_none_is_refused(issuer: str) -> None:
    """RFC 8414 section 2: https, and neither query nor fragment."""
    with pytest.raises(ValueError, match="no issuer"):
        metadata_url(issuer)


def test_metadata_is_asked_for_and_judged(bank: Bank) -> None:
    """RFC 8414 section 3: GET at the well-known path, answered with JSON."""
    metadata = bank.network.run(discover(bank.identity(bank.pki.client), ISSUER))
    assert metadata.issuer == ISSUER
    assert metadata.tls_client_certificate_bound_access_tokens
    assert metadata.members == metadata_document()
    (request,) = bank.conventional.asked
    assert (request.method, request.path) == ("GET", WELL_KNOWN)


def test_metadata_of_another_issuer_is_discarded(bank: Bank) -> None:
    """RFC 8414 section 3.3: no token is asked for at the endpoints of another."""
    other = metadata_document(issuer="https://attacker.example")
    bank.conventional.answers[WELL_KNOWN] = always(200, other)
    with pytest.raises(UnusableAnswer, match=r"attacker\.example"):
        bank.network.run(discover(bank.identity(bank.pki.client), ISSUER))
    assert not bank.mutual_tls.asked


@pytest.mark.parametrize(
    "issuer", [None, 7, f"{ISSUER}/", ISSUER.upper(), "https://LOCALHOST:9443", ""]
)
def test_the_issuer_is_compared_character_for_character(issuer: object) -> None:
    """RFC 8414 section 3.3: identical, and not merely equivalent as a URL."""
    with pytest.raises(UnusableAnswer, match="the issuer is"):
        judged(issuer=issuer)


def test_another_status_is_no_metadata() -> None:
    """RFC 8414 section 3.2: 200. A redirect is followed nowhere."""
    body = json.dumps(metadata_document()).encode()
    with pytest.raises(UnusableAnswer, match="302 instead of 200"):
        judge_metadata(Answer(302, JSON, body), ISSUER)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token_endpoint", 7),
        ("token_endpoint", "http://localhost:9443/token"),
        ("authorization_endpoint", "/authorize"),
        ("jwks_uri", ["https://a"]),
        ("scopes_supported", "accounts"),
        ("grant_types_supported", ["client_credentials", 7]),
        ("tls_client_certificate_bound_access_tokens", "true"),
        ("mtls_endpoint_aliases", ["https://a"]),
        ("mtls_endpoint_aliases", {"token_endpoint": "http://localhost/token"}),
        ("mtls_endpoint_aliases", {"userinfo_endpoint": False}),
    ],
)
def test_a_member_of_another_type_spoils_the_document(name: str, value: object) -> None:
    """RFC 8414 section 2: what cannot be what it says is not guessed at."""
    with pytest.raises(UnusableAnswer):
        judged(**{name: value})


def test_a_plain_server_says_little() -> None:
    """RFC 8705 section 3.3: if omitted, tokens are not said to be bound."""
    metadata = judged(
        mtls_endpoint_aliases=None,
        tls_client_certificate_bound_access_tokens=None,
        response_types_supported=None,
        jwks_uri=None,
    )
    assert not metadata.tls_client_certificate_bound_access_tokens
    assert not metadata.mtls_endpoint_aliases


def test_the_alias_is_used_in_preference() -> None:
    """RFC 8705 section 5: a client that uses mutual TLS goes to the alias."""
    for name in ("token", "introspection", "revocation"):
        chosen = choose_endpoint(judged(), cast("DirectEndpoint", f"{name}_endpoint"))
        assert chosen.startswith(MTLS)


def test_every_direct_endpoint_has_its_alias_used() -> None:
    """RFC 8705 section 5: pushed authorization requests and userinfo as well."""
    par, userinfo = f"{MTLS}/par", f"{MTLS}/userinfo"
    metadata = judged(
        pushed_authorization_request_endpoint=f"{ISSUER}/par",
        userinfo_endpoint=f"{ISSUER}/userinfo",
        mtls_endpoint_aliases={
            "pushed_authorization_request_endpoint": par,
            "userinfo_endpoint": userinfo,
        },
    )
    assert choose_endpoint(metadata, "pushed_authorization_request_endpoint") == par
    assert choose_endpoint(metadata, "userinfo_endpoint") == userinfo


def test_without_an_alias_the_conventional_endpoint_is_used() -> None:
    """RFC 8705 section 5: an alias is optional for each endpoint."""
    metadata = judged(mtls_endpoint_aliases={"token_endpoint": f"{MTLS}/token"})
    assert choose_endpoint(metadata, "revocation_endpoint") == f"{ISSUER}/revoke"


def test_what_is_no_direct_endpoint_is_ignored_among_the_aliases() -> None:
    """RFC 8705 section 5: it has no meaning there, and no type can spoil it."""
    metadata = judged(
        mtls_endpoint_aliases={
            "authorization_endpoint": "http://attacker.example/",
            "issuer": "https://attacker.example",
            "jwks_uri": 7,
            "end_session_endpoint": None,
            "token_endpoint": f"{MTLS}/token",
        }
    )
    assert metadata.mtls_endpoint_aliases == {"token_endpoint": f"{MTLS}/token"}
    assert metadata.issuer == ISSUER


def test_an_alias_that_is_gone_is_not_used_any_more(bank: Bank) -> None:
    """RFC 8705 section 5: credentials never go to an alias of an older document."""
    identity = bank.identity(bank.pki.client)
    before = bank.network.run(discover(identity, ISSUER))
    assert choose_endpoint(before, "token_endpoint") == f"{MTLS}/token"
    without = metadata_document(mtls_endpoint_aliases=None)
    bank.conventional.answers[WELL_KNOWN] = always(200, without)
    after = bank.network.run(discover(identity, ISSUER))
    assert choose_endpoint(after, "token_endpoint") == f"{ISSUER}/token"


def test_an_endpoint_nobody_has_is_said_so() -> None:
    """Not every authorization server introspects."""
    metadata = judged(mtls_endpoint_aliases=None, introspection_endpoint=None)
    with pytest.raises(UnusableAnswer, match="there is no introspection_endpoint"):
        choose_endpoint(metadata, "introspection_endpoint")
