"""
`mobile`: a native application that has no credentials, RFC 8252 and RFC 8705 section 4.

It makes a certificate for itself, which nobody vouches for, and its tokens are bound
to that. The key is never written down: what is left when this process ends is of no
use to anybody, so it is revoked as well.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from client_node.cli.binding_display import show_binding
from client_node.cli.loopback_listener import listen
from client_node.cli.printer import Printer, safe
from client_node.oauth.authorization.authorization_response import (
    judge_authorization_response,
)
from client_node.oauth.authorization.id_token import Expected, verify_id_token
from client_node.oauth.authorization.pkce import code_challenge, new_code_verifier
from client_node.oauth.authorization.pushed_authorization_request import (
    AuthorizationRequest,
    authorization_url,
    judge_pushed_authorization_response,
    request_pushed_authorization,
)
from client_node.oauth.authorization.userinfo_request import (
    judge_userinfo_response,
    request_userinfo,
)
from client_node.oauth.metadata.key_set import judge_key_set, request_key_set
from client_node.oauth.metadata.server_metadata import (
    ServerMetadata,
    choose_endpoint,
    discover,
)
from client_node.oauth.requests.errors import UnusableAnswer
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.json_answers import https_url
from client_node.oauth.token.revocation_request import (
    judge_revocation_response,
    request_revocation,
)
from client_node.oauth.token.token_request import (
    TokenResponse,
    judge_token_response,
    request_redemption,
)
from pki.issuing.authority import self_signed
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from pki.keys import new_p256_key
from pki.pem import Credential

SCOPE = "openid"
"""
Who the customer is, and no more.

A consent to see accounts is lodged with a token of the client's own (UK Open Banking),
which a public client cannot have (RFC 6749 section 4.4).
"""

PATIENCE = 300.0
"""Seconds for the customer to sign in: as long as a pushed request lives, or less."""

_CERTIFICATE_DAYS = 1


@dataclass(frozen=True, slots=True)
class MobileApp:
    """One copy of the application; *open_browser* is None where a person opens it."""

    identity: Identity
    issuer: str
    reactor: Any
    clock: Callable[[], float]
    out: Printer
    open_browser: Callable[[str], object] | None

    async def run(self) -> None:
        """
        Sign the customer in, show who she is, and end what was begun.

        Raises what the judges of its requests raise, `AuthorizationRefused`, and
        `NoAnswer`, also where nobody came back.
        """
        metadata = await discover(self.identity, self.issuer)
        nonce = secrets.token_urlsafe(16)
        token = await self._sign_in(metadata, nonce)
        try:
            claims = await self._customer(metadata, token, nonce)
            self._show(token, claims)
        finally:
            await self._revoke(metadata, token)

    async def _sign_in(self, metadata: ServerMetadata, nonce: str) -> TokenResponse:
        """RFC 8252 section 4.1, with the request pushed and PKCE."""
        state, verifier = secrets.token_urlsafe(16), new_code_verifier()
        listener = await listen(
            self.reactor,
            lambda query: judge_authorization_response(
                query, state=state, issuer=self.issuer
            ),
        )
        try:
            asked = AuthorizationRequest(
                redirect_uri=listener.redirect_uri,
                scope=SCOPE,
                state=state,
                code_challenge=code_challenge(verifier),
                nonce=nonce,
            )
            self._show_url(await self._push(metadata, asked))
            code = await listener.code(PATIENCE)
        finally:
            await listener.close()
        endpoint = choose_endpoint(metadata, "token_endpoint")
        answer = await request_redemption(
            self.identity,
            endpoint,
            code,
            redirect_uri=asked.redirect_uri,
            code_verifier=verifier,
        )
        return judge_token_response(answer)

    async def _push(self, metadata: ServerMetadata, asked: AuthorizationRequest) -> str:
        endpoint = choose_endpoint(metadata, "pushed_authorization_request_endpoint")
        answer = await request_pushed_authorization(self.identity, endpoint, asked)
        pushed = judge_pushed_authorization_response(answer)
        return authorization_url(metadata, self.identity.client_id, pushed)

    async def _customer(
        self, metadata: ServerMetadata, token: TokenResponse, nonce: str
    ) -> Mapping[str, object]:
        """Who she is, by an ID token that was verified (OpenID Connect Core)."""
        if token.id_token is None:
            raise UnusableAnswer("token response: there is no 'id_token'")
        what = "authorization server metadata"
        jwks_uri = https_url(metadata.members.get("jwks_uri"), "jwks_uri", what)
        keys = judge_key_set(await request_key_set(self.identity, jwks_uri))
        expected = Expected(
            issuer=self.issuer,
            client_id=self.identity.client_id,
            alg="ES256",
            nonce=nonce,
            acr_values=(),
            openbanking_intent_id=None,
            access_token=token.access_token,
        )
        customer = verify_id_token(token.id_token, keys, expected, self.clock())
        endpoint = choose_endpoint(metadata, "userinfo_endpoint")
        answer = await request_userinfo(self.identity, endpoint, token.access_token)
        return judge_userinfo_response(answer, customer.sub)

    async def _revoke(self, metadata: ServerMetadata, token: TokenResponse) -> None:
        """RFC 7009: the refresh token, and with it all that came of the grant."""
        endpoint = choose_endpoint(metadata, "revocation_endpoint")
        last = token.refresh_token or token.access_token
        judge_revocation_response(
            await request_revocation(self.identity, endpoint, last)
        )
        self.out.line("What the bank gave is revoked (RFC 7009).")

    def _show_url(self, url: str) -> None:
        self.out.line(
            "Open this in a browser of this machine, and sign in at the bank:"
        )
        self.out.line()
        self.out.line(f"  {safe(url)}")
        self.out.line()
        self.out.stream.flush()
        if self.open_browser is not None:
            self.open_browser(url)

    def _show(self, token: TokenResponse, claims: Mapping[str, object]) -> None:
        for name, value in claims.items():
            self.out.line(f"{safe(name):<13} {safe(value)}")
        show_binding(self.out, token.access_token, self.identity.x5t_s256)


def own_certificate(client_id: str, now: float) -> Credential:
    """
    A new key and a certificate that vouches for itself, in memory only.

    RFC 8705 section 4: an instance of a public client makes its own, and nobody asks
    what it says.
    """
    name = subject(client_id, "An application of its own making")
    until = validity(now, _CERTIFICATE_DAYS)
    return self_signed(CLIENT, name, until, key=new_p256_key())
