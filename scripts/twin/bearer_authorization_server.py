"""
An OAuth 2.0 authorization server without RFC 8705: its tokens are bound to nothing.

Not a straw man: the client has to know a secret, the token is a signed JWT for one
resource server, it covers a scope and it ends. That is all that RFC 6749, RFC 6750
and RFC 9068 ask for.
"""

import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl

from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.messages import NO_STORE, Request, Response, json_response
from pki.http.routes import Route, Routes
from scripts.twin.refusals import TokenRefused
from scripts.twin.token_signing import LIFETIME, TokenSigning

SECRET = Check(
    "bearer-twin.client-secret", "the client knows its secret", "RFC 6749 section 2.3.1"
)
GRANT = Check(
    "bearer-twin.grant-type", "the grant is served here", "RFC 6749 section 4.4"
)
GRANTED_SCOPE = Check(
    "bearer-twin.granted-scope", "the scope is served here", "RFC 6749 section 3.3"
)
UNBOUND = Check(
    "bearer-twin.unbound-token",
    "the token is bound to nothing: no cnf",
    "RFC 6750 section 1.2",
)

_SCOPE = "accounts"


class BearerAuthorizationServer:
    """
    Issues tokens for *resource* to clients that know their secret.

    *secrets* are the clients' secrets, by `client_id`.
    """

    def __init__(
        self, signing: TokenSigning, resource: str, secrets: Mapping[str, str]
    ) -> None:
        self._signing = signing
        self._resource = resource
        self._secrets = secrets

    def routes(self) -> Routes:
        """What it serves: the token endpoint alone."""
        return Routes([Route("POST", "/token", self.token)])

    async def token(self, request: Request) -> Response:
        """
        The client credentials grant, RFC 6749 section 4.4.

        Raises:
            TokenRefused: the client is not who it says, or asks for something else.
        """
        form = dict(parse_qsl(request.body.decode("utf-8", errors="replace")))
        client_id = self.authenticate(form, request.journal)
        verify_grant(form)
        token = self._signing.token(client_id, self._resource, _SCOPE, {})
        request.journal.accepted(UNBOUND, self.token)
        members = {"access_token": token, "token_type": "Bearer"}
        return json_response(
            200, {**members, "expires_in": LIFETIME, "scope": _SCOPE}, NO_STORE
        )

    def authenticate(self, form: Mapping[str, str], journal: Journal) -> str:
        """
        The `client_id` of the client, which knows its secret.

        Raises:
            TokenRefused: it does not, or there is no such client.
        """
        client_id = form.get("client_id", "")
        known = self._secrets.get(client_id, "").encode()
        presented = form.get("client_secret", "").encode()
        if not known or not hmac.compare_digest(known, presented):
            detail = "the client does not know the secret"
            raise TokenRefused("invalid_client", detail, SECRET, presented=client_id)
        journal.accepted(SECRET, self.authenticate)
        return client_id


def verify_grant(form: Mapping[str, str]) -> None:
    """
    Raises:
        TokenRefused: another grant, or another scope.
    """
    grant_type, scope = form.get("grant_type", ""), form.get("scope", _SCOPE)
    if grant_type != "client_credentials":
        raise TokenRefused(
            "unsupported_grant_type",
            "the grant is not served here",
            GRANT,
            expected="client_credentials",
            presented=grant_type,
        )
    if scope != _SCOPE:
        raise TokenRefused(
            "invalid_scope",
            "the scope is not served here",
            GRANTED_SCOPE,
            expected=_SCOPE,
            presented=scope,
        )
