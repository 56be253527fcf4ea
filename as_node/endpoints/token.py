"""
The token endpoint: RFC 6749 sections 3.2 and 5.

Read the parameters, authenticate the client, judge the grant, make the token bound to
the certificate of this very connection, keep what was issued, answer.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from as_node.clients.authentication import ClientAuthentication
from as_node.clients.registry import Client
from as_node.grants.authorization_code import verify_redeemed
from as_node.grants.grant import Grant, Granted, IdToken, TokenRequest
from as_node.protocol.errors import (
    UnauthorizedClient,
    UnsupportedGrantType,
)
from as_node.protocol.parameters import read_form, require
from as_node.protocol.scopes import scope_text
from as_node.protocol.sender_constraint import SenderConstraint, constraint_to_issue
from as_node.protocol.unserved import verify_served
from as_node.tokens.access_tokens import AccessTokens, Draft
from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.messages import NO_STORE, Request, Response, json_response

GRANT_SERVED = Check(
    "grant-type.served", "the grant is served here", "RFC 6749 section 5.2"
)
GRANT_REGISTERED = Check(
    "grant-type.registered",
    "the client is registered for the grant type",
    "RFC 6749 section 5.2",
)


@dataclass(frozen=True, slots=True)
class TokenEndpoint:
    """
    *grants* are the grants that are served, by their `grant_type`; *id_token* makes
    the ID token that goes with an access token, where one is due.
    """

    authentication: ClientAuthentication
    grants: Mapping[str, Grant]
    access_tokens: AccessTokens
    id_token: IdToken

    async def answer(self, request: Request) -> Response:
        """
        A certificate-bound access token for an authenticated client.

        Raises:
            OAuthError: as RFC 6749 section 5.2 has it.
            StoreFailed: nothing was issued.
        """
        parameters = read_form(request)
        client = await self.authentication.authenticate(request, parameters)
        grant_type = require(parameters, "grant_type")
        request.journal.about(client_id=client.client_id, grant_type=grant_type)
        verify_grant_type(grant_type, self.grants, client, request.journal)
        verify_served(request, parameters, self.access_tokens.audience, request.journal)
        sender = constraint_to_issue(request)
        granted = await self.grants[grant_type](
            TokenRequest(client, parameters, sender, request.journal)
        )
        draft = await self._draft(client, granted, sender)
        members = {**_access_token(draft), **self._others(client, granted, draft.text)}
        # Last, and as one: what fails before or in it leaves a code as good as it was.
        await self._keep(draft, granted, request.journal)
        request.journal.about(
            jti=draft.says.jti,
            scope=scope_text(draft.says.scope),
            bound_to=str(draft.says.bound_to),
        )
        return json_response(200, members, NO_STORE)

    async def _keep(self, draft: Draft, granted: Granted, journal: Journal) -> None:
        """
        Raises:
            InvalidGrant: the code was redeemed meanwhile.
            StoreFailed: nothing was issued and nothing used up.
        """
        redemption = granted.redemption
        if redemption is None:
            await self.access_tokens.keep(draft)
            return
        first = await self.access_tokens.redeem(
            redemption.code, redemption.refresh_token, draft
        )
        verify_redeemed(journal, first=first)

    async def _draft(
        self, client: Client, granted: Granted, bound_to: SenderConstraint
    ) -> Draft:
        return await self.access_tokens.draft(
            client.client_id,
            granted.scope,
            bound_to,
            opaque=client.access_token_format == "opaque",  # noqa: S105 - a format
            signing_alg=client.access_token_signing_alg,
            authorization=granted.authorization,
        )

    def _others(
        self, client: Client, granted: Granted, token: str
    ) -> dict[str, object]:
        """What comes with the access token: RFC 6749 section 5.1, OpenID Connect."""
        members: dict[str, object] = {}
        if granted.refresh_token is not None:
            members["refresh_token"] = granted.refresh_token
        if granted.authorization is not None and granted.with_id_token:
            id_token = self.id_token(
                client, granted.authorization, token, granted.refresh_token_exp
            )
            if id_token is not None:
                members["id_token"] = id_token
        return members


def verify_grant_type(
    grant_type: str, served: Collection[str], client: Client, journal: Journal
) -> None:
    """
    The grant is served here, and to this client.

    Raises:
        UnsupportedGrantType: it is served to nobody.
        UnauthorizedClient: it is not among the client's `grant_types`.
    """
    if grant_type not in served:
        raise UnsupportedGrantType(
            "no such grant is served here",
            GRANT_SERVED,
            expected=", ".join(served),
            presented=grant_type,
        )
    registered = ", ".join(client.grant_types) or "none"
    if grant_type not in client.grant_types:
        raise UnauthorizedClient(
            "not a grant type of this client",
            GRANT_REGISTERED,
            expected=registered,
            presented=grant_type,
        )
    journal.accepted(
        GRANT_REGISTERED,
        verify_grant_type,
        expected=registered,
        presented=grant_type,
    )


def _access_token(draft: Draft) -> dict[str, object]:
    """RFC 6749 section 5.1."""
    issued = draft.says
    return {
        "access_token": draft.text,
        "token_type": "Bearer",  # RFC 8705 section 3: bound, and still of this type
        "expires_in": issued.exp - issued.iat,
        "scope": scope_text(issued.scope),
    }
