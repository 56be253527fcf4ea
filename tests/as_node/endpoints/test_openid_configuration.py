"""What is published for OpenID Connect: Discovery, and FAPI 2.0 section 5.3.2.1."""

import pytest

from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    MUTUAL_TLS,
    Deployment,
    members,
)

OPENID = "/.well-known/openid-configuration"
OAUTH = "/.well-known/oauth-authorization-server"


@pytest.mark.parametrize("base", [CONVENTIONAL, MUTUAL_TLS])
def test_one_document(server: Deployment, base: str) -> None:
    """RFC 8414 section 5: at both addresses, on both listeners, to the octet."""
    documents = {
        server.request("GET", address + path).body
        for address in (CONVENTIONAL, base)
        for path in (OPENID, OAUTH)
    }
    assert len(documents) == 1
    assert f'"issuer":"{CONVENTIONAL}",'.encode() in documents.pop()


def test_openid_members(server: Deployment) -> None:
    """OpenID Connect Discovery section 3: what is required, and what is true."""
    found = members(server.request("GET", CONVENTIONAL + OPENID), 200)
    expected = {
        "authorization_endpoint": f"{CONVENTIONAL}/authorize",
        "token_endpoint": f"{CONVENTIONAL}/token",
        "userinfo_endpoint": f"{CONVENTIONAL}/userinfo",
        "jwks_uri": f"{CONVENTIONAL}/jwks",
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "PS256"],
        "acr_values_supported": ["urn:openbanking:psd2:sca"],
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }
    assert {name: found.get(name) for name in expected} == expected
    assert "openid" in found["scopes_supported"]
    assert {"sub", "acr", "openbanking_intent_id"} <= set(found["claims_supported"])


def test_fapi_members(server: Deployment) -> None:
    """FAPI 2.0 section 5.3.2: pushed requests, S256, iss, and bound tokens."""
    found = members(server.request("GET", CONVENTIONAL + OPENID), 200)
    expected = {
        "pushed_authorization_request_endpoint": f"{CONVENTIONAL}/par",
        "require_pushed_authorization_requests": True,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": True,
        "tls_client_certificate_bound_access_tokens": True,
        "grant_types_supported": [
            "client_credentials",
            "authorization_code",
            "refresh_token",
        ],
    }
    assert {name: found.get(name) for name in expected} == expected


def test_aliases(server: Deployment) -> None:
    """RFC 8705 section 5: where certificates go, and never where browsers go."""
    found = members(server.request("GET", CONVENTIONAL + OPENID), 200)
    aliases = found["mtls_endpoint_aliases"]
    assert aliases == {
        "token_endpoint": f"{MUTUAL_TLS}/token",
        "introspection_endpoint": f"{MUTUAL_TLS}/introspect",
        "revocation_endpoint": f"{MUTUAL_TLS}/revoke",
        "pushed_authorization_request_endpoint": f"{MUTUAL_TLS}/par",
        "userinfo_endpoint": f"{MUTUAL_TLS}/userinfo",
    }
    assert found.keys() >= aliases.keys()
    assert "authorization_endpoint" not in aliases
