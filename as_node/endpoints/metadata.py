"""
What the authorization server publishes about itself: RFC 8414, RFC 8705 sections 3.3
and 5, and OpenID Connect Discovery section 3.

One document, at both well-known addresses.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from as_node.browser.authorize_path import AUTHORIZE
from as_node.clients.metadata import ID_TOKEN_SIGNING_ALGS
from as_node.protocol.acr import SCA
from as_node.protocol.scopes import scope_text
from as_node.tokens.jwt_signing import SIGNING_ALGS
from as_node.tokens.signing_keys import SigningKeys
from pki.http.messages import Request, Response, json_response

WELL_KNOWN = "/.well-known/oauth-authorization-server"
OPENID_CONFIGURATION = "/.well-known/openid-configuration"
JWKS = "/jwks"

CLIENT_AUTHENTICATED_ENDPOINTS = {
    "token_endpoint": "/token",
    "introspection_endpoint": "/introspect",
    "revocation_endpoint": "/revoke",
    "pushed_authorization_request_endpoint": "/par",
}
"""
Metadata member and path of each endpoint at which clients authenticate.

Both listeners serve every one of them, and every one has an alias: an endpoint that
was forgotten among the aliases is one that a certificate never reaches.
"""

_AT_EACH = ["tls_client_auth", "self_signed_tls_client_auth"]
_AT_EACH_BUT_INTROSPECTION = [*_AT_EACH, "private_key_jwt", "none"]

USERINFO_ENDPOINT = {"userinfo_endpoint": "/userinfo"}
"""
No client authenticates there, but its tokens are bound to a certificate, which only
reaches it at its alias: RFC 8705 section 5 has aliases for such endpoints as well.
"""

AUTHORIZATION_ENDPOINT = {"authorization_endpoint": AUTHORIZE}
"""
For browsers, which must see no request for a certificate: it never has an alias.
"""

AUTHENTICATION_METHODS = {
    "token_endpoint": _AT_EACH_BUT_INTROSPECTION,
    # Only a resource server may introspect, and those are known by certificates.
    "introspection_endpoint": _AT_EACH,
    "revocation_endpoint": _AT_EACH_BUT_INTROSPECTION,
}
"""
How clients authenticate at an endpoint that has metadata members for it.

There are none for the pushed authorization request endpoint: it is there as at the
token endpoint (RFC 9126 section 2).
"""

_AUTHORIZATION_MEMBERS: Mapping[str, object] = {
    "response_types_supported": ["code"],
    "response_modes_supported": ["query"],
    "code_challenge_methods_supported": ["S256"],  # RFC 7636, never `plain`
    "require_pushed_authorization_requests": True,  # RFC 9126 section 5
    "authorization_response_iss_parameter_supported": True,  # RFC 9207 section 3
}

# OpenID Connect Discovery section 3.
_OPENID_MEMBERS: Mapping[str, object] = {
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": list(ID_TOKEN_SIGNING_ALGS),
    "acr_values_supported": [SCA],
    "claims_supported": [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "acr",
        "at_hash",
        "openbanking_intent_id",
    ],
    "claims_parameter_supported": True,
    # Neither a request object, nor one to be fetched from the client; that left out
    # would mean the second. What is pushed (RFC 9126) is neither.
    "request_parameter_supported": False,
    "request_uri_parameter_supported": False,
}


def authorization_server_metadata(
    *,
    issuer: str,
    mtls_base_url: str,
    scopes_supported: Collection[str],
    grant_types_supported: Collection[str],
) -> dict[str, object]:
    """
    The members of the metadata document.

    *issuer* and *mtls_base_url* are the base URLs of the conventional and the
    mutual-TLS listener, without a slash at their end.
    """
    aliased = {**CLIENT_AUTHENTICATED_ENDPOINTS, **USERINFO_ENDPOINT}
    endpoints = {**AUTHORIZATION_ENDPOINT, **aliased}
    return {
        "issuer": issuer,
        **{name: issuer + path for name, path in endpoints.items()},
        # Where these are left out, client_secret_basic is meant (RFC 8414 section 2).
        **{
            f"{name}_auth_methods_supported": methods
            for name, methods in AUTHENTICATION_METHODS.items()
        },
        # RFC 8414 section 2: required where private_key_jwt is among the methods.
        **{
            f"{name}_auth_signing_alg_values_supported": list(SIGNING_ALGS)
            for name, methods in AUTHENTICATION_METHODS.items()
            if "private_key_jwt" in methods
        },
        "jwks_uri": issuer + JWKS,
        "scopes_supported": scope_text(scopes_supported).split(),
        "grant_types_supported": list(grant_types_supported),
        **_AUTHORIZATION_MEMBERS,
        **_OPENID_MEMBERS,
        "tls_client_certificate_bound_access_tokens": True,
        "mtls_endpoint_aliases": {
            name: mtls_base_url + path for name, path in aliased.items()
        },
    }


@dataclass(frozen=True, slots=True)
class MetadataEndpoint:
    """The document, the same for everyone on every listener."""

    metadata: Mapping[str, object]

    async def answer(self, request: Request) -> Response:
        """RFC 8414 section 3.2."""
        return json_response(200, self.metadata)


@dataclass(frozen=True, slots=True)
class JwksEndpoint:
    """The public keys that verify access tokens: next, current and retired ones."""

    signing_keys: SigningKeys

    async def answer(self, request: Request) -> Response:
        """A JWK set, RFC 7517 section 5."""
        return json_response(200, self.signing_keys.jwks())
