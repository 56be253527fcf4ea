"""ID tokens: what they say, who signed them, and what they are not good for."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest
from jwcrypto.jwk import JWKSet
from jwcrypto.jws import JWS

from as_node.tokens.id_token import REFRESH_TOKEN_EXPIRES_AT
from tests.as_node.authorizing import REDIRECT_URI
from tests.as_node.pushing import SCA, claims, pushed, redeem
from tests.customers.step_by_step import Browser, approve, consent_page, sent_back
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    MUTUAL_TLS,
    Deployment,
    assert_refused,
    members,
)
from tests.in_memory.consents import INTENT, TY, Consents

StartAs = Callable[..., Deployment]

NAME = 'client_name = "Example Banking Client"'


def tokens(server: Deployment, **changed: Any) -> dict[str, Any]:
    """What the banking client gets once Ty has agreed to such a request."""
    browser = Browser(server)
    page = consent_page(browser, pushed(server, **changed))
    code = sent_back(approve(browser, page), REDIRECT_URI)["code"]
    return members(redeem(server, code), 200)


def verified(
    server: Deployment, id_token: str
) -> tuple[dict[str, Any], dict[str, str]]:
    """The claims, by the keys that are published."""
    keys = server.request("GET", f"{CONVENTIONAL}/jwks").body
    jws = JWS.from_jose_token(id_token)
    header = json.loads(jws.objects["protected"])
    jws.verify(JWKSet.from_json(keys).get_key(header["kid"]))
    found = json.loads(jws.payload)
    assert isinstance(found, dict)
    return found, header


def test_what_it_says(server: Deployment, consents: Consents) -> None:
    """OpenID Connect Core section 2: these claims, and no others."""
    found = tokens(server)
    said, header = verified(server, found["id_token"])
    now = int(server.network.clock())
    left_half = sha256(found["access_token"].encode()).digest()[:16]
    assert said == {
        "iss": CONVENTIONAL,
        "sub": TY,
        "aud": "banking-client",
        "exp": now + 300,
        "iat": now,
        "auth_time": now,
        "nonce": "a nonce",
        "at_hash": urlsafe_b64encode(left_half).rstrip(b"=").decode(),
        "openbanking_intent_id": INTENT,
        REFRESH_TOKEN_EXPIRES_AT: now + 7776000,
    }
    assert header.keys() == {"typ", "alg", "kid"}
    assert (header["typ"], header["alg"]) == ("JWT", "ES256")


def test_when_she_signed_in(server: Deployment, consents: Consents) -> None:
    """OpenID Connect Core section 2: `auth_time` is then, and `iat` is now."""
    browser = Browser(server)
    page = consent_page(browser, pushed(server))
    server.network.reactor.advance(100)
    code = sent_back(approve(browser, page), REDIRECT_URI)["code"]
    said, _ = verified(server, members(redeem(server, code), 200)["id_token"])
    assert said["auth_time"] == said["iat"] - 100


@pytest.mark.parametrize("nonce", ["n" * 64, "".join(map(chr, range(0x20, 0x60)))])
def test_the_nonce(server: Deployment, consents: Consents, nonce: str) -> None:
    """FAPI 2.0 section 5.3.2.2: 64 characters come back as they were sent."""
    said, _ = verified(server, tokens(server, nonce=nonce)["id_token"])
    assert said["nonce"] == nonce


def test_without_a_nonce(server: Deployment, consents: Consents) -> None:
    """OpenID Connect Core section 2: none was sent, so none comes back."""
    assert "nonce" not in verified(server, tokens(server, nonce=None)["id_token"])[0]


def test_two_factors(server: Deployment, consents: Consents) -> None:
    """Open Banking: `acr` after a second factor, and the consent that was named."""
    asked = claims(essential=True, value=SCA)
    said, _ = verified(server, tokens(server, claims=asked)["id_token"])
    assert said["acr"] == SCA
    assert said["openbanking_intent_id"] == INTENT


def test_one_factor(server: Deployment, consents: Consents) -> None:
    """Open Banking: a password alone is no strong customer authentication."""
    assert "acr" not in verified(server, tokens(server)["id_token"])[0]


def test_rsa(start_as: StartAs) -> None:
    """FAPI 2.0 section 5.4: PS256, for a client that registered it."""
    server = start_as((NAME, f'{NAME}\nid_token_signed_response_alg = "PS256"'))
    found = tokens(server, scope="openid", claims=None)
    said, header = verified(server, found["id_token"])
    assert header["alg"] == "PS256"
    assert said["aud"] == "banking-client"
    assert "openbanking_intent_id" not in said
    assert REFRESH_TOKEN_EXPIRES_AT not in said


def test_without_openid(server: Deployment, consents: Consents) -> None:
    """OpenID Connect Core section 3.1.2.1: without that scope it is OAuth alone."""
    assert "id_token" not in tokens(server, scope="accounts")


def test_the_clients_own_token(server: Deployment) -> None:
    """RFC 6749 section 4.4: where nobody signed in there is nobody to speak of."""
    assert "id_token" not in members(server.token_request("banking-client"), 200)


def test_it_is_no_access_token(server: Deployment, consents: Consents) -> None:
    """RFC 8725 section 3.11: signed by the same key, and of another type."""
    id_token = tokens(server)["id_token"]
    assert members(server.introspect(id_token), 200) == {"active": False}
    answer = server.request(
        "GET",
        f"{MUTUAL_TLS}/userinfo",
        certificate="banking-client",
        headers=(("Authorization", f"Bearer {id_token}"),),
    )
    assert_refused(answer, 401, "invalid_token")
