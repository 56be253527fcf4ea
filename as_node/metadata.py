"""
What the authorization server publishes about itself: RFC 8414, and RFC 8705
sections 3.3 and 5.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from as_node.scopes import scope_text
from as_node.signing_keys import SigningKeys
from pki.mtls.messages import Request, Response, json_response

WELL_KNOWN = "/.well-known/oauth-authorization-server"
JWKS = "/jwks"

CLIENT_AUTHENTICATED_ENDPOINTS = {
    "token_endpoint": "/token",
    "introspection_endpoint": "/introspect",
    "revocation_endpoint": "/revoke",
}
"""
Metadata member and path of each endpoint at which clients authenticate.

Both listeners serve every one of them, and every one has an alias: an endpoint that
was forgotten among the aliases is one that a certificate never reaches.
"""

AUTHENTICATION_METHODS = ("tls_client_auth", "self_signed_tls_client_auth")


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
    endpoints = CLIENT_AUTHENTICATED_ENDPOINTS.items()
    return {
        "issuer": issuer,
        **{name: issuer + path for name, path in endpoints},
        # Where these are left out, client_secret_basic is meant (RFC 8414 section 2).
        **{
            f"{name}_auth_methods_supported": list(AUTHENTICATION_METHODS)
            for name, _ in endpoints
        },
        "jwks_uri": issuer + JWKS,
        "scopes_supported": scope_text(scopes_supported).split(),
        # RFC 8414 section 3.2 has empty arrays left out, section 2 requires this
        # member. Clients fail on its absence and not on its emptiness.
        "response_types_supported": [],
        "grant_types_supported": list(grant_types_supported),
        "tls_client_certificate_bound_access_tokens": True,
        "mtls_endpoint_aliases": {
            name: mtls_base_url + path for name, path in endpoints
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
