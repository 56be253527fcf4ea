"""
Clients that are not known by a certificate, and whose tokens are bound to one.

The whole authorization server in memory, with the shipped registrations.
"""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import pytest
from jwcrypto.jwk import JWK

from client_node.cli.mobile import own_certificate
from client_node.oauth.authorization.pkce import code_challenge, new_code_verifier
from client_node.oauth.token.client_assertion import (
    assertion_parameters,
    client_assertion,
    load_signing_key,
)
from pki.http.answers import Answer
from pki.thumbprint import x5t_s256
from tests.as_in_memory import (
    CONVENTIONAL,
    MUTUAL_TLS,
    Deployment,
    assert_refused,
    members,
)

SIGNING = "tpp-private-key-jwt"
APP = "mobile-app"
OWN = "a certificate of its own making"


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


# private_key_jwt.


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


# A public client.


@pytest.fixture
def app(server: Deployment) -> Deployment:
    """The server, and an application that has made a certificate for itself."""
    server.hold(OWN, own_certificate(APP, server.network.clock()))
    return server


@pytest.mark.check("grant-type.registered")
def test_a_public_client_has_nothing_of_its_own(app: Deployment) -> None:
    """RFC 6749 section 4.4: client credentials are for confidential clients."""
    answer = app.token_request(APP, certificate=OWN)
    assert_refused(answer, 400, "unauthorized_client")


@pytest.mark.parametrize("url", [CONVENTIONAL, MUTUAL_TLS])
@pytest.mark.parametrize("port", [1, 50123, 65535])
def test_a_public_client_pushes_with_its_name_alone(
    url: str, port: int, app: Deployment
) -> None:
    """RFC 8252 section 7.3: from whatever port was free."""
    form = {**pushed(f"http://127.0.0.1:{port}/callback"), "client_id": APP}
    certificate = OWN if url == MUTUAL_TLS else None
    members(app.post(f"{url}/par", form, certificate=certificate), 201)


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "http://localhost:50123/callback",
        "http://127.0.0.1:50123/other",
        "http://[::1]:50123/callback",
        "https://attacker.example/callback",
    ],
)
def test_a_public_client_is_not_redirected_elsewhere(
    redirect_uri: str, app: Deployment
) -> None:
    """RFC 9700 section 2.1: nothing but the port is left out."""
    form = {**pushed(redirect_uri), "client_id": APP}
    answer = app.post(f"{MUTUAL_TLS}/par", form, certificate=OWN)
    assert_refused(answer, 400, "invalid_request")


@pytest.mark.parametrize("missing", ["code_challenge", "code_challenge_method"])
def test_a_certificate_does_not_replace_pkce(missing: str, app: Deployment) -> None:
    """RFC 8705 section 4: a public client proves nothing, so its code is protected."""
    form = {**pushed("http://127.0.0.1:50123/callback"), "client_id": APP}
    del form[missing]
    answer = app.post(f"{MUTUAL_TLS}/par", form, certificate=OWN)
    assert_refused(answer, 400, "invalid_request")


def test_a_public_client_may_not_introspect(app: Deployment) -> None:
    """RFC 7662 section 4: or anybody could, for anybody can say its name."""
    form = {"token": "x", "client_id": APP}
    answer = app.post(f"{MUTUAL_TLS}/introspect", form, certificate=OWN)
    assert_refused(answer, 400, "unauthorized_client")


@pytest.mark.parametrize(
    "credentials", [{"client_secret": "x"}, {"client_assertion": "x"}]
)
@pytest.mark.parametrize("certificate", [OWN, None])
def test_a_public_client_with_credentials_is_refused(
    credentials: dict[str, str], certificate: str | None, app: Deployment
) -> None:
    """RFC 6749 section 2.1: it has none, so they are somebody else's."""
    form = {
        **pushed("http://127.0.0.1:50123/callback"),
        "client_id": APP,
        **credentials,
    }
    answer = app.post(f"{MUTUAL_TLS}/par", form, certificate=certificate)
    assert answer.status in (400, 401)
    assert json.loads(answer.body)["error"] in ("invalid_client", "invalid_request")


def test_the_own_certificate_says_nothing_that_is_believed(app: Deployment) -> None:
    """RFC 8705 section 4: no chain, no subject; another copy makes another."""
    now = app.network.clock()
    first, second = own_certificate(APP, now), own_certificate(APP, now)
    assert first.leaf.issuer == first.leaf.subject
    assert x5t_s256(first.leaf_der) != x5t_s256(second.leaf_der)


# What is said about them.


def test_the_metadata_says_where_which_method_holds(server: Deployment) -> None:
    """RFC 8414 section 2: methods, and the algorithms of private_key_jwt."""
    path = "/.well-known/oauth-authorization-server"
    said = members(server.request("GET", f"{CONVENTIONAL}{path}"), 200)
    by_certificate = ["tls_client_auth", "self_signed_tls_client_auth"]
    all_four = [*by_certificate, "private_key_jwt", "none"]
    assert said["token_endpoint_auth_methods_supported"] == all_four
    assert said["revocation_endpoint_auth_methods_supported"] == all_four
    assert said["introspection_endpoint_auth_methods_supported"] == by_certificate
    algs = ["ES256", "PS256", "EdDSA"]
    assert said["token_endpoint_auth_signing_alg_values_supported"] == algs
    assert said["revocation_endpoint_auth_signing_alg_values_supported"] == algs
    assert "introspection_endpoint_auth_signing_alg_values_supported" not in said
