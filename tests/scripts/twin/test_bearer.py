"""The bearer twins: careful, and of no use against a thief."""

import json
from collections.abc import Callable

import pytest
from jwcrypto.jws import JWS

from pki.http.messages import Response
from pki.issuing.authority import self_signed
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from pki.pem import Credential
from scripts.twin.bearer_authorization_server import BearerAuthorizationServer
from scripts.twin.bearer_resource_server import BearerResourceServer
from scripts.twin.token_signing import LIFETIME, TokenSigning
from scripts.walkthrough.story.unverified_jwt import decoded
from tests.scripts.twin.requests import NOW, answer, clock, members, request

ISSUER, RESOURCE = "https://localhost:1", "https://localhost:2"
SIGNING = TokenSigning(ISSUER, clock)
AS = BearerAuthorizationServer(SIGNING, RESOURCE, {"tpp": "its secret"})
GOOD = {
    "grant_type": "client_credentials",
    "client_id": "tpp",
    "client_secret": "its secret",
    "scope": "accounts",
}


def rs(now: Callable[[], float] = clock) -> BearerResourceServer:
    """The resource server, at a time."""
    return BearerResourceServer(ISSUER, SIGNING.public_key, RESOURCE, now)


def token() -> str:
    """A token of the client."""
    issued: str = members(answer(AS.token, request(form=GOOD)))["access_token"]
    return issued


def used(
    bearer: str,
    credential: Credential | None = None,
    server: BearerResourceServer | None = None,
) -> Response:
    """What comes of a token."""
    asked = request(credential, authorization=f"Bearer {bearer}")
    return answer((server or rs()).accounts, asked)


def certificate(name: str) -> Credential:
    """Somebody's."""
    return self_signed(CLIENT, subject(name, name), validity(NOW, 1))


@pytest.mark.check("bearer-twin.unbound-token")
def test_the_token_is_bound_to_nothing() -> None:
    """RFC 6750 section 1.2: nothing in the token says who may use it."""
    claims = decoded(token().split(".")[1])
    assert claims["client_id"] == "tpp"
    assert "cnf" not in claims


def test_the_client_may_use_its_token() -> None:
    """The server verifies it, and says what it has checked."""
    asked = request(certificate("tpp"), authorization=f"Bearer {token()}")
    assert answer(rs().accounts, asked).status == 200
    checked = [decision.check.title for decision in asked.journal.decisions]
    assert checked == [
        "the token's signature",
        "the token's iss",
        "the token's aud",
        "the token's scope",
        "the token has not expired",
        "who bears the token may use it",
    ]


@pytest.mark.check("bearer-twin.bearer")
@pytest.mark.parametrize("thief", [None, certificate("thief")])
def test_so_may_the_thief(thief: Credential | None) -> None:
    """RFC 6750 section 1.2: with his own certificate or with none. It is the point."""
    assert used(token(), thief).status == 200


@pytest.mark.check(
    "bearer-twin.client-secret", "bearer-twin.grant-type", "bearer-twin.granted-scope"
)
@pytest.mark.parametrize(
    ("changed", "status", "error"),
    [
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"client_id": "nobody", "client_secret": ""}, 401, "invalid_client"),
        ({"client_secret": "another"}, 401, "invalid_client"),
        ({"client_secret": ""}, 401, "invalid_client"),
        ({"scope": "payments"}, 400, "invalid_scope"),
    ],
)
def test_no_token(changed: dict[str, str], status: int, error: str) -> None:
    """RFC 6749 section 5.2: the client does not know its secret, or asks for more."""
    response = answer(AS.token, request(form=GOOD | changed))
    assert (response.status, members(response)) == (status, {"error": error})


@pytest.mark.check("bearer-twin.token-presented")
@pytest.mark.parametrize("header", [None, "", "Basic dHBwOng=", "Bearer", "Bearer x"])
def test_no_token_no_accounts(header: str | None) -> None:
    """RFC 6750 section 3: 401 with a challenge."""
    response = answer(rs().accounts, request(authorization=header))
    assert response.status == 401
    assert ("WWW-Authenticate", 'Bearer error="invalid_token"') in response.headers


@pytest.mark.check("bearer-twin.token-presented")
def test_another_scheme() -> None:
    """RFC 6750 section 2.1: a good token in another scheme is no bearer token."""
    response = answer(rs().accounts, request(authorization=f"Basic {token()}"))
    assert response.status == 401


def test_the_resource_server_has_the_public_key_only() -> None:
    """What verifies tokens writes none."""
    assert not SIGNING.public_key.has_private


@pytest.mark.check("bearer-twin.signature")
def test_a_changed_token() -> None:
    """RFC 9068 section 4: the signature is of another text."""
    header, _, signature = token().split(".")
    _, others, _ = SIGNING.token("other", RESOURCE, "accounts", {}).split(".")
    assert used(f"{header}.{others}.{signature}").status == 401


@pytest.mark.check("bearer-twin.signature")
def test_another_issuers_key() -> None:
    """RFC 9068 section 4: who has no key of the issuer's writes no tokens."""
    forged = TokenSigning(ISSUER, clock).token("tpp", RESOURCE, "accounts", {})
    assert used(forged).status == 401


@pytest.mark.check("bearer-twin.type")
def test_another_kind_of_jwt() -> None:
    """RFC 9068 section 4: typ says that it is an access token."""
    jws = JWS(json.dumps(decoded(token().split(".")[1])))
    jws.add_signature(SIGNING._key, alg="ES256", protected='{"alg":"ES256"}')
    assert used(jws.serialize(compact=True)).status == 401


@pytest.mark.check("bearer-twin.issuer", "bearer-twin.audience", "bearer-twin.scope")
@pytest.mark.parametrize(
    ("audience", "scope", "more"),
    [
        ("https://elsewhere.example", "accounts", {}),
        (RESOURCE, "payments", {}),
        (RESOURCE, "accounts", {"iss": "https://elsewhere.example"}),
        (RESOURCE, "accounts", {"exp": NOW}),
        (RESOURCE, "accounts", {"exp": "tomorrow"}),
    ],
)
def test_a_token_for_something_else(
    audience: str, scope: str, more: dict[str, object]
) -> None:
    """RFC 9068 section 4: audience, scope, issuer and time are checked."""
    assert used(SIGNING.token("tpp", audience, scope, more)).status == 401


@pytest.mark.check("bearer-twin.not-expired")
def test_a_token_ends() -> None:
    """RFC 7519 section 4.1.4: on or after exp it is refused."""
    bearer = token()
    assert used(bearer, server=rs(lambda: NOW + LIFETIME - 1)).status == 200
    assert used(bearer, server=rs(lambda: NOW + LIFETIME)).status == 401
