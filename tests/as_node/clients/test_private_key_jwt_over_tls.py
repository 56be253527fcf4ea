"""
A client that is known by what it signs, and whose tokens are bound to a certificate.

The whole authorization server in memory, with the shipped registrations.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import pytest
from jwcrypto.jwk import JWK

from client_node.oauth.authorization.pkce import code_challenge, new_code_verifier
from client_node.oauth.token.client_assertion import (
    assertion_parameters,
    client_assertion,
    load_signing_key,
)
from pki.http.answers import Answer
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    MUTUAL_TLS,
    Deployment,
    assert_refused,
    members,
)

SIGNING = "tpp-private-key-jwt"
APP = "mobile-app"


@pytest.fixture
def key(server: Deployment) -> JWK:
    """What `tpp-private-key-jwt` signs with."""
    return load_signing_key(server.issued.signing_key(SIGNING))


def signed(server: Deployment, key: JWK, client_id: str = SIGNING) -> dict[str, str]:
    """The parameters of a good assertion."""
    now = server.network.clock()
    return assertion_parameters(client_assertion(key, client_id, CONVENTIONAL, now))


def ask(
    server: Deployment,
    url: str,
    parameters: dict[str, str],
    certificate: str | None = SIGNING,
) -> Answer:
    """A request for a token by `tpp-private-key-jwt`."""
    form = {"grant_type": "client_credentials", **parameters}
    return server.post(url, form, certificate=certificate)


def bound_to(answer: Answer) -> str:
    """The thumbprint in the access token of an answer."""
    token = members(answer, 200)["access_token"]
    payload = token.split(".")[1]
    claims: dict[str, Any] = json.loads(urlsafe_b64decode(payload + "=="))
    thumbprint = claims["cnf"]["x5t#S256"]
    assert isinstance(thumbprint, str)
    return thumbprint


def pushed(redirect_uri: str) -> dict[str, str]:
    """An authorization request."""
    return {
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "scope": "openid",
        "state": "the state",
        "code_challenge": code_challenge(new_code_verifier()),
        "code_challenge_method": "S256",
    }


@pytest.mark.parametrize("certificate", [SIGNING, "other-tpp", "rogue-self-signed"])
def test_a_token_is_bound_whoever_vouches_for_the_certificate(
    certificate: str, server: Deployment, key: JWK
) -> None:
    """RFC 8705 section 3: binding does not depend on how the client authenticates."""
    answer = ask(server, f"{MUTUAL_TLS}/token", signed(server, key), certificate)
    assert bound_to(answer) == server.x5t_s256(certificate)


@pytest.mark.parametrize("url", [CONVENTIONAL, MUTUAL_TLS])
def test_without_a_certificate_there_is_no_token(
    url: str, server: Deployment, key: JWK
) -> None:
    """RFC 8705 section 3.4: no unbound token ever leaves, on neither listener."""
    answer = ask(server, f"{url}/token", signed(server, key), None)
    assert_refused(answer, 400, "invalid_request")


@pytest.mark.check("client-auth.assertion-presented")
def test_a_certificate_alone_does_not_authenticate_it(server: Deployment) -> None:
    """RFC 8705 section 2: the registered method decides."""
    answer = ask(server, f"{MUTUAL_TLS}/token", {"client_id": SIGNING})
    assert_refused(answer, 401, "invalid_client")


def test_an_assertion_is_taken_once(server: Deployment, key: JWK) -> None:
    """RFC 7523 section 3: also over another connection, also on the other listener."""
    parameters = signed(server, key)
    members(ask(server, f"{MUTUAL_TLS}/token", parameters), 200)
    for url, certificate in ((MUTUAL_TLS, "other-tpp"), (CONVENTIONAL, None)):
        answer = ask(server, f"{url}/token", parameters, certificate)
        assert_refused(answer, 401, "invalid_client")


@pytest.mark.check("assertion.used-once")
def test_an_assertion_is_taken_once_over_a_restart(
    start_as: Callable[..., Deployment],
) -> None:
    """What was used is remembered on disk."""
    first = start_as()
    key = load_signing_key(first.issued.signing_key(SIGNING))
    parameters = signed(first, key)
    members(ask(first, f"{MUTUAL_TLS}/token", parameters), 200)
    answer = ask(start_as(), f"{MUTUAL_TLS}/token", parameters)
    assert_refused(answer, 401, "invalid_client")


@pytest.mark.check("client-auth.no-assertion")
def test_an_assertion_does_not_help_another_client(
    server: Deployment, key: JWK
) -> None:
    """RFC 8705 section 2: a tls_client_auth client is known by its certificate."""
    for client_id in ("banking-client", APP):
        for parameters in (signed(server, key), signed(server, key, client_id)):
            form = {**parameters, "client_id": client_id}
            answer = ask(server, f"{MUTUAL_TLS}/token", form, "banking-client")
            assert_refused(answer, 401, "invalid_client")


@pytest.mark.parametrize("url", [CONVENTIONAL, MUTUAL_TLS])
def test_it_may_push_and_revoke_on_both_listeners(
    url: str, server: Deployment, key: JWK
) -> None:
    """RFC 9126 section 2: its assertion says who it is, with a certificate or not."""
    certificate = SIGNING if url == MUTUAL_TLS else None
    asked = pushed("https://tpp-private-key-jwt.example.com/callback")
    form = {**asked, **signed(server, key)}
    members(server.post(f"{url}/par", form, certificate=certificate), 201)
    token = members(ask(server, f"{MUTUAL_TLS}/token", signed(server, key)), 200)
    form = {"token": token["access_token"], **signed(server, key)}
    assert server.post(f"{url}/revoke", form, certificate=certificate).status == 200
    answer = server.introspect(token["access_token"])
    assert members(answer, 200) == {"active": False}


@pytest.mark.check("introspection.resource-server")
def test_it_may_not_introspect(server: Deployment, key: JWK) -> None:
    """RFC 7662 section 4: it is no resource server."""
    form = {"token": "x", **signed(server, key)}
    answer = server.post(f"{MUTUAL_TLS}/introspect", form, certificate=SIGNING)
    assert_refused(answer, 400, "unauthorized_client")


def test_openid_is_not_for_a_client_alone(server: Deployment, key: JWK) -> None:
    """OpenID Connect Core section 3.1.2.1: it asks for a customer, and none is here."""
    token = f"{MUTUAL_TLS}/token"
    answer = ask(server, token, signed(server, key))
    assert members(answer, 200)["scope"] == "accounts"
    for scope in ("openid", "openid accounts"):
        answer = ask(server, token, {**signed(server, key), "scope": scope})
        assert_refused(answer, 400, "invalid_scope")
