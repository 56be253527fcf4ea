"""
A public client, which anybody can claim to be, and its certificate of its own making.

The whole authorization server in memory, with the shipped registrations.
"""

import json

import pytest

from client_node.cli.mobile import own_certificate
from client_node.oauth.authorization.pkce import code_challenge, new_code_verifier
from pki.thumbprint import x5t_s256
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    MUTUAL_TLS,
    Deployment,
    assert_refused,
    members,
)

APP = "mobile-app"
OWN = "a certificate of its own making"


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
