"""
The UserInfo endpoint: OpenID Connect Core section 5.3.

A protected resource at the authorization server. Its tokens are bound to a certificate
like all others, and it asks for that certificate like any resource server (RFC 8705
section 3): one that did not was how bound tokens became bearer tokens elsewhere.
"""

from dataclasses import dataclass

from as_node.grants.grant import IsInForce
from as_node.protocol.bearer_token import (
    InsufficientScope,
    InvalidToken,
    read_bearer_token,
)
from as_node.protocol.scopes import scope_text
from as_node.protocol.sender_constraint import (
    proved_by,
    verify_access_token_sender,
)
from as_node.store.records import AuthorizationGrant
from as_node.tokens.access_tokens import AccessToken, AccessTokens
from as_node.tokens.authorizations import Authorizations
from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.messages import NO_STORE, Request, Response, json_response

IN_FORCE = Check(
    "userinfo.token-in-force",
    "the token is known and in force",
    "RFC 6750 section 3.1",
)
SCOPE = Check(
    "userinfo.scope",
    "the token's scope covers this resource",
    "OpenID Connect Core section 5.3.1",
)
CUSTOMER = Check(
    "userinfo.customer",
    "a customer stands behind the token",
    "OpenID Connect Core section 5.3.1",
)

CONSENT = Check(
    "userinfo.consent",
    "the consent that the token stands on is in force",
    "UK Open Banking Read/Write v4.0, account-access-consents",
)


@dataclass(frozen=True, slots=True)
class UserinfoEndpoint:
    """
    Tells a client who its customer is.

    Any access token of this server with the scope `openid` is good here, though its
    `aud` names the resource server: section 5.3.1 has the client use the one it got.
    """

    access_tokens: AccessTokens
    authorizations: Authorizations
    is_in_force: IsInForce

    async def answer(self, request: Request) -> Response:
        """
        The claims about the customer who signed in, as a JSON object.

        Raises:
            Challenge: as RFC 6750 section 3.1 and RFC 8705 section 3 have it.
            ResourceServerAway: whether the consent has ended cannot be told.
            StoreFailed: the token cannot be looked up.
        """
        token = await self.access_tokens.find(read_bearer_token(request))
        if token is None:
            raise InvalidToken("the token is unknown, expired or revoked", IN_FORCE)
        request.journal.about(
            client_id=token.client_id, jti=token.jti, bound_to=str(token.bound_to)
        )
        verify_access_token_sender(token.bound_to, proved_by(request), request.journal)
        verify_openid(token, request.journal)
        grant = await self.authorizations.find_grant_of(token.jti)
        if grant is None:
            raise InvalidToken("no customer stands behind the token", CUSTOMER)
        if not await self.is_in_force(grant, request.journal):
            raise InvalidToken("the consent behind the token has ended", CONSENT)
        return json_response(200, claims_about(grant), NO_STORE)


def verify_openid(token: AccessToken, journal: Journal) -> None:
    """
    The token was issued for this: OpenID Connect Core section 5.3.1.

    Raises:
        InsufficientScope: it was not.
    """
    presented = scope_text(token.scope)
    if "openid" not in token.scope:
        raise InsufficientScope(
            "the token's scope has no openid",
            SCOPE,
            scope="openid",
            presented=presented or "none",
        )
    journal.accepted(
        SCOPE,
        verify_openid,
        expected="openid",
        presented=presented,
    )


def claims_about(grant: AuthorizationGrant) -> dict[str, object]:
    """
    `sub`, the same as in the ID token (section 5.3.2), and what was asked for here.

    The consent is named where the request asked for it among the claims of
    `userinfo` (section 5.5).
    """
    userinfo = (grant.claims or {}).get("userinfo")
    asked = userinfo if isinstance(userinfo, dict) else {}
    if "openbanking_intent_id" in asked:
        return {
            "sub": grant.sub,
            "openbanking_intent_id": grant.openbanking_intent_id,
        }
    return {"sub": grant.sub}
