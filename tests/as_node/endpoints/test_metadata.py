"""What the authorization server publishes, and that it is so."""

import json

import pytest
from jwcrypto.jwk import JWKSet

from as_node.endpoints.metadata import authorization_server_metadata
from as_node.endpoints.metadata_checks import verify_names, verify_served
from tests.in_memory.authorization_server import (
    CONVENTIONAL,
    MUTUAL_TLS,
    Deployment,
    members,
)

WELL_KNOWN = "/.well-known/oauth-authorization-server"
METHODS = ["tls_client_auth", "self_signed_tls_client_auth"]
ALL_METHODS = [*METHODS, "private_key_jwt", "none"]
ALGS = ["ES256", "PS256", "EdDSA"]

CLAIMS = "sub iss aud exp iat auth_time nonce acr at_hash openbanking_intent_id"

ENDPOINTS = {
    "token_endpoint": "/token",
    "introspection_endpoint": "/introspect",
    "revocation_endpoint": "/revoke",
    "pushed_authorization_request_endpoint": "/par",
    "userinfo_endpoint": "/userinfo",
}

LISTENERS = pytest.mark.parametrize("base", [CONVENTIONAL, MUTUAL_TLS])


@LISTENERS
def test_the_document(server: Deployment, base: str) -> None:
    """RFC 8414 section 3.2: the whole of it, the same on both listeners."""
    assert members(server.request("GET", base + WELL_KNOWN), 200) == {
        "issuer": "https://localhost:9443",
        "authorization_endpoint": "https://localhost:9443/authorize",
        **{name: f"https://localhost:9443{path}" for name, path in ENDPOINTS.items()},
        "token_endpoint_auth_methods_supported": ALL_METHODS,
        "introspection_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_methods_supported": ALL_METHODS,
        "token_endpoint_auth_signing_alg_values_supported": ALGS,
        "revocation_endpoint_auth_signing_alg_values_supported": ALGS,
        "jwks_uri": "https://localhost:9443/jwks",
        "scopes_supported": ["accounts", "openid"],
        "grant_types_supported": [
            "client_credentials",
            "authorization_code",
            "refresh_token",
        ],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "code_challenge_methods_supported": ["S256"],
        "require_pushed_authorization_requests": True,
        "authorization_response_iss_parameter_supported": True,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "PS256"],
        "acr_values_supported": ["urn:openbanking:psd2:sca"],
        "claims_supported": CLAIMS.split(),
        "claims_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "tls_client_certificate_bound_access_tokens": True,
        "mtls_endpoint_aliases": {
            name: f"https://localhost:9444{path}" for name, path in ENDPOINTS.items()
        },
    }


def test_bound_tokens_are_announced_by_a_boolean(server: Deployment) -> None:
    """RFC 8705 section 3.3: `true`, and no text that reads so."""
    body = server.request("GET", CONVENTIONAL + WELL_KNOWN).body
    assert b'"tls_client_certificate_bound_access_tokens":true' in body


def test_every_endpoint_for_certificates_has_an_alias(server: Deployment) -> None:
    """RFC 8705 section 5: none is forgotten, and the one for browsers has none."""
    found = members(server.request("GET", CONVENTIONAL + WELL_KNOWN), 200)
    endpoints = {name for name in found if name.endswith("_endpoint")}
    aliases = found["mtls_endpoint_aliases"].keys()
    assert endpoints - aliases == {"authorization_endpoint"}
    assert aliases < endpoints


def test_every_advertised_url_answers(server: Deployment) -> None:
    """RFC 8705 section 5: each alias leads where a certificate is asked for."""
    found = members(server.request("GET", CONVENTIONAL + WELL_KNOWN), 200)
    statuses = {
        name: server.post(
            url,
            {
                "client_id": "accounts-rs",
                "token": "x",
                "grant_type": "client_credentials",
            },
            certificate="accounts-rs",
        ).status
        for name, url in found["mtls_endpoint_aliases"].items()
    }
    assert statuses == {
        "token_endpoint": 200,
        "introspection_endpoint": 200,
        "revocation_endpoint": 200,
        "pushed_authorization_request_endpoint": 400,  # it has no customers
        "userinfo_endpoint": 401,  # it sent no token
    }
    assert server.request("GET", found["jwks_uri"]).status == 200


@LISTENERS
def test_the_keys(server: Deployment, base: str) -> None:
    """RFC 7517 section 5: public halves only, next and current, each with its `kid`."""
    keys = members(server.request("GET", f"{base}/jwks"), 200)["keys"]
    assert len({key["kid"] for key in keys}) == len(keys)
    assert sorted(key["alg"] for key in keys) == sorted(["ES256", "PS256", "EdDSA"] * 2)
    for key in keys:
        assert key["use"] == "sig"
        assert not {"d", "p", "q", "dp", "dq", "qi", "k"} & key.keys()
    assert len(list(JWKSet.from_json(json.dumps({"keys": keys})))) == len(keys)


@pytest.mark.parametrize("path", [WELL_KNOWN, "/jwks"])
def test_to_be_read_only(server: Deployment, path: str) -> None:
    """RFC 9110 section 9.3.2: HEAD is GET without the body; nothing else is served."""
    assert server.request("HEAD", CONVENTIONAL + path).status == 200
    answer = server.request("POST", CONVENTIONAL + path)
    assert answer.status == 405
    assert answer.header("allow") == "GET, HEAD"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/authorize",
        "/token/",
        "//token",
        "/%74oken",
    ],
)
def test_nothing_else_is_served(server: Deployment, path: str) -> None:
    """RFC 9110 section 15.5.5: another spelling of a path is another path."""
    assert members(server.request("GET", MUTUAL_TLS + path), 404)


def served(base: str) -> list[str]:
    """The URLs of a listener that serves everything."""
    return [base + path for path in (*ENDPOINTS.values(), "/jwks", "/authorize")]


def metadata() -> dict[str, object]:
    """The document as shipped."""
    return authorization_server_metadata(
        issuer=CONVENTIONAL,
        mtls_base_url=MUTUAL_TLS,
        scopes_supported=["accounts"],
        grant_types_supported=["client_credentials"],
    )


def test_what_is_advertised_is_served() -> None:
    """The check at the start passes what is right."""
    verify_served(
        metadata(), conventional=served(CONVENTIONAL), mutual_tls=served(MUTUAL_TLS)
    )


@pytest.mark.parametrize(
    ("missing", "member"),
    [
        ("/token", "token_endpoint"),
        ("/introspect", "introspection_endpoint"),
        ("/revoke", "revocation_endpoint"),
        ("/par", "pushed_authorization_request_endpoint"),
        ("/userinfo", "userinfo_endpoint"),
        ("/authorize", "authorization_endpoint"),
        ("/jwks", "jwks_uri"),
    ],
)
def test_an_endpoint_that_is_not_served(missing: str, member: str) -> None:
    """RFC 8414 section 2: a server that would send clients nowhere does not start."""
    urls = [url for url in served(CONVENTIONAL) if not url.endswith(missing)]
    with pytest.raises(ValueError, match=f"metadata: {member}: .* is not served"):
        verify_served(metadata(), conventional=urls, mutual_tls=served(MUTUAL_TLS))


@pytest.mark.parametrize("missing", ENDPOINTS.values())
def test_an_alias_that_is_not_served(missing: str) -> None:
    """RFC 8705 section 5: an alias is served by the mutual-TLS listener."""
    urls = [url for url in served(MUTUAL_TLS) if not url.endswith(missing)]
    with pytest.raises(ValueError, match=f"alias .*{missing} is not served"):
        verify_served(
            metadata(),
            conventional=[*served(CONVENTIONAL), MUTUAL_TLS + missing],
            mutual_tls=urls,
        )


@pytest.mark.parametrize("alias", ["issuer", "jwks_uri", "registration_endpoint"])
def test_an_alias_of_nothing(alias: str) -> None:
    """RFC 8705 section 5: only endpoints that are at the top level have aliases."""
    wrong = {**metadata(), "mtls_endpoint_aliases": {alias: f"{MUTUAL_TLS}/token"}}
    with pytest.raises(ValueError, match=f"alias {alias}: there is no such endpoint"):
        verify_served(
            wrong, conventional=served(CONVENTIONAL), mutual_tls=served(MUTUAL_TLS)
        )


def test_an_alias_for_browsers() -> None:
    """RFC 8705 section 5: a browser that was asked for a certificate asks its user."""
    alias = {"authorization_endpoint": f"{MUTUAL_TLS}/authorize"}
    wrong = {**metadata(), "mtls_endpoint_aliases": alias}
    with pytest.raises(ValueError, match="alias authorization_endpoint: it is for"):
        verify_served(
            wrong, conventional=served(CONVENTIONAL), mutual_tls=served(MUTUAL_TLS)
        )


def test_the_names_of_the_certificate(server: Deployment) -> None:
    """RFC 9525: what every client would refuse is found at the start."""
    leaf = server.issued.load("as").leaf
    verify_names(
        leaf, ["https://localhost:9443", "https://127.0.0.1", "https://[::1]:1"]
    )
    for host in ("as.example.com", "192.0.2.1", "[2001:db8::1]"):
        with pytest.raises(ValueError, match="the certificate is not for"):
            verify_names(leaf, [f"https://{host}:9443"])
    nameless = server.issued.load("banking-client").leaf
    with pytest.raises(ValueError, match="the certificate is not for localhost"):
        verify_names(nameless, ["https://localhost"])


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
