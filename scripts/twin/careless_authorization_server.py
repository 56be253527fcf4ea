"""
An authorization server that binds its tokens, and gets the thumbprint wrong.

The client says with the parameter `mistake` which one it wants to see: a name of
`careless_thumbprints`, `unbound` for a token without `cnf`; without the parameter the
thumbprint is right. It authenticates nobody: what is shown is what a resource server
makes of its tokens.
"""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from pki.http.checks import Check
from pki.http.messages import NO_STORE, Request, Response, json_response
from pki.http.routes import Route, Routes
from pki.peer import PeerCertificate
from scripts.twin.careless_thumbprints import MISTAKES
from scripts.twin.refusals import TokenRefused
from scripts.twin.token_signing import LIFETIME, TokenSigning

UNBOUND = "unbound"

CERTIFICATE_PRESENTED = Check(
    "careless-twin.certificate-presented",
    "the client presented a certificate",
    "RFC 8705 section 3",
)
MISTAKE = Check(
    "careless-twin.mistake", "the mistake is one we can make", "RFC 6749 section 5.2"
)


class CarelessAuthorizationServer:
    """Issues tokens for *resource*."""

    def __init__(self, signing: TokenSigning, resource: str) -> None:
        self._signing = signing
        self._resource = resource

    def routes(self) -> Routes:
        """Enough of an authorization server for a resource server to believe it."""
        return Routes(
            [
                Route("GET", "/.well-known/oauth-authorization-server", self.metadata),
                Route("GET", "/jwks", self.jwks),
                Route("POST", "/token", self.token),
            ]
        )

    async def metadata(self, request: Request) -> Response:
        """RFC 8414; that it could introspect is only said, its tokens are JWTs."""
        issuer = self._signing.issuer
        members = {
            "issuer": issuer,
            "token_endpoint": f"{issuer}/token",
            "introspection_endpoint": f"{issuer}/introspect",
            "jwks_uri": f"{issuer}/jwks",
            "tls_client_certificate_bound_access_tokens": True,
        }
        return json_response(200, members)

    async def jwks(self, request: Request) -> Response:
        """RFC 7517 section 5."""
        key = self._signing.public_key.export_public(as_dict=True)
        return json_response(200, {"keys": [key]})

    async def token(self, request: Request) -> Response:
        """
        A token whose `cnf` is made from this connection's certificate, as asked for.

        Raises:
            TokenRefused: there is no certificate, or no such mistake.
        """
        form = dict(parse_qsl(request.body.decode("utf-8", errors="replace")))
        claims = _confirmation(form.get("mistake", ""), request.peer)
        client_id = form.get("client_id") or "anybody"
        token = self._signing.token(client_id, self._resource, "accounts", claims)
        members = {"access_token": token, "token_type": "Bearer"}
        return json_response(200, {**members, "expires_in": LIFETIME}, NO_STORE)


def _confirmation(mistake: str, peer: PeerCertificate | None) -> Mapping[str, object]:
    if peer is None:
        raise TokenRefused(
            "invalid_request", "there is no certificate", CERTIFICATE_PRESENTED
        )
    if mistake == UNBOUND:
        return {}
    if not mistake:
        return {"cnf": {"x5t#S256": peer.x5t_s256}}
    if mistake not in MISTAKES:
        raise TokenRefused(
            "invalid_request",
            "no mistake of this name is made here",
            MISTAKE,
            expected=", ".join(MISTAKES),
            presented=mistake,
        )
    return {"cnf": {"x5t#S256": MISTAKES[mistake](peer.certificate)}}
