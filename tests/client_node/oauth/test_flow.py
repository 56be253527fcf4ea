"""Discovery, token and resource in one, and what happens when something is refused."""

from collections.abc import Callable

import pytest

from client_node.oauth.flow import ClientCredentialsFlow
from client_node.oauth.metadata.server_metadata import discover
from client_node.oauth.requests.errors import (
    ErrorResponse,
    ResourceRefused,
    UnusableAnswer,
)
from client_node.oauth.requests.identity import Identity
from client_node.oauth.token.token_cache import TokenCache
from pki.http.messages import Request, Response, json_response
from pki.issuing.profiles import subject
from tests.client_node.in_memory.bank import (
    ISSUER,
    RESOURCE,
    WELL_KNOWN,
    Bank,
    always,
    always_challenge,
    metadata_document,
    token_members,
)

URL = f"{RESOURCE}/accounts"
INVALID_TOKEN = 'Bearer error="invalid_token"'


def flow(bank: Bank, identity: Identity | None = None) -> ClientCredentialsFlow:
    """A flow of the banking client, metadata fetched."""
    identity = identity or bank.identity(bank.pki.client)
    metadata = bank.network.run(discover(identity, ISSUER))
    cache = TokenCache(bank.network.clock)
    return ClientCredentialsFlow(identity, metadata, "accounts", cache)


def numbered_tokens() -> Callable[[Request], Response]:
    """An authorization server that issues token-1, token-2, and so on."""
    issued: list[str] = []

    def answer(_request: Request) -> Response:
        issued.append(f"token-{len(issued) + 1}")
        return json_response(200, token_members(access_token=issued[-1]))

    return answer


def accepts_only(
    token: str, refusal: Callable[[Request], Response]
) -> Callable[[Request], Response]:
    """A resource for whoever has *token*; the others get *refusal*."""

    def answer(request: Request) -> Response:
        if request.header("authorization") == f"Bearer {token}":
            return json_response(200, {"Data": {}})
        return refusal(request)

    return answer


def presented(bank: Bank) -> list[str | None]:
    """The tokens the resource server has seen."""
    return [request.header("authorization") for request in bank.resource.asked]


def test_from_discovery_to_the_resource(bank: Bank) -> None:
    """RFC 8705 section 5: metadata, then the alias, then the resource; one each."""
    assert "Data" in bank.network.run(flow(bank).get(URL))
    assert [r.path for r in bank.conventional.asked] == [WELL_KNOWN]
    assert [r.path for r in bank.mutual_tls.asked] == ["/token"]
    assert presented(bank) == ["Bearer token-1"]


def test_a_token_is_used_until_it_ends(bank: Bank) -> None:
    """One token request serves many resource requests, and no longer than it lives."""
    bank.mutual_tls.answers["/token"] = numbered_tokens()
    flowing = flow(bank)
    for _ in range(3):
        bank.network.run(flowing.get(URL))
    bank.network.reactor.advance(300)
    bank.network.run(flowing.get(URL))
    assert presented(bank) == ["Bearer token-1"] * 3 + ["Bearer token-2"]


def test_a_refused_token_is_replaced_once(bank: Bank) -> None:
    """RFC 8705 section 6.3: a token that works no more is followed by a new one."""
    bank.mutual_tls.answers["/token"] = numbered_tokens()
    flowing = flow(bank)
    bank.network.run(flowing.get(URL))
    refusal = always_challenge(401, INVALID_TOKEN)
    bank.resource.answers["/accounts"] = accepts_only("token-2", refusal)
    assert "Data" in bank.network.run(flowing.get(URL))
    bank.network.run(flowing.get(URL))
    assert presented(bank) == [
        "Bearer token-1",
        "Bearer token-1",
        "Bearer token-2",
        "Bearer token-2",
    ]


def test_a_second_refusal_is_final(bank: Bank) -> None:
    """RFC 6750 section 3.1: one retry, and not a loop against the two servers."""
    bank.mutual_tls.answers["/token"] = numbered_tokens()
    bank.resource.answers["/accounts"] = always_challenge(401, INVALID_TOKEN)
    with pytest.raises(ResourceRefused, match="401 invalid_token"):
        bank.network.run(flow(bank).get(URL))
    assert presented(bank) == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize(
    ("status", "challenge"),
    [
        (401, "Bearer"),
        (401, 'Basic error="invalid_token"'),
        (401, 'Bearer error="invalid_request"'),
        (403, 'Bearer error="insufficient_scope"'),
        (403, INVALID_TOKEN),
        (400, INVALID_TOKEN),
    ],
)
def test_no_other_refusal_is_tried_again(
    bank: Bank, status: int, challenge: str
) -> None:
    """RFC 6750 section 3.1: a new token helps against `invalid_token` only."""
    bank.resource.answers["/accounts"] = always_challenge(status, challenge)
    with pytest.raises(ResourceRefused):
        bank.network.run(flow(bank).get(URL))
    assert len(bank.resource.asked) == 1


def test_an_unusable_answer_is_not_tried_again(bank: Bank) -> None:
    """A broken server is not asked twice."""
    bank.resource.answers["/accounts"] = always(503, {})
    with pytest.raises(UnusableAnswer):
        bank.network.run(flow(bank).get(URL))
    assert len(bank.resource.asked) == 1


def test_no_token_means_no_resource_request(bank: Bank) -> None:
    """RFC 6749 section 5.2: the refusal of the token ends the flow."""
    bank.mutual_tls.answers["/token"] = always(401, {"error": "invalid_client"})
    with pytest.raises(ErrorResponse):
        bank.network.run(flow(bank).get(URL))
    assert not bank.resource.asked


def test_without_aliases_the_conventional_endpoint_is_asked(bank: Bank) -> None:
    """RFC 8705 section 5: a server may have no aliases at all."""
    document = metadata_document(mtls_endpoint_aliases=None)
    bank.conventional.answers[WELL_KNOWN] = always(200, document)
    bank.conventional.answers["/token"] = always(200, token_members())
    bank.network.run(flow(bank).get(URL))
    assert not bank.mutual_tls.asked


def test_a_renewed_certificate_gets_a_token_of_its_own(bank: Bank) -> None:
    """RFC 8705 section 6.3: one cache, the same client, and no token of the old one."""
    bank.mutual_tls.answers["/token"] = numbered_tokens()
    before = flow(bank)
    bank.network.run(before.get(URL))
    renewed = bank.pki.client_authority.issue_client(
        subject("banking-client", "Test"),
        now=bank.network.clock(),
        key=bank.pki.client.private_key,
    )
    identity = bank.identity(renewed)
    after = ClientCredentialsFlow(identity, before.metadata, "accounts", before.cache)
    bank.network.run(after.get(URL))
    assert presented(bank) == ["Bearer token-1", "Bearer token-2"]
    assert bank.resource.asked[1].peer is not None
    assert bank.resource.asked[1].peer.x5t_s256 == identity.x5t_s256
