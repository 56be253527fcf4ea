"""The revocation endpoint, RFC 7009."""

from dataclasses import dataclass

from as_node.clients.authentication import ClientAuthentication
from as_node.clients.registry import Client
from as_node.protocol.errors import InvalidGrant
from as_node.protocol.parameters import read_form, require
from as_node.tokens.access_tokens import AccessTokens
from as_node.tokens.authorizations import Authorizations
from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.messages import NO_STORE, Request, Response

CLIENT = Check(
    "revocation.client",
    "the token was issued to the client that revokes it",
    "RFC 7009 section 2.1",
)


@dataclass(frozen=True, slots=True)
class RevocationEndpoint:
    """Lets a client end its own tokens."""

    authentication: ClientAuthentication
    access_tokens: AccessTokens
    authorizations: Authorizations

    async def answer(self, request: Request) -> Response:
        """
        200 with nothing in it: the token is not active, or never was.

        It is revoked, on disk too, before this answers. With a refresh token goes
        everything that was issued from the same grant, as RFC 7009 section 2.1 has
        it; an access token goes alone.

        Section 2.2: an unknown token is no error, since what the client wants is so
        already; and a wrong `token_type_hint` is none (section 2.1), so it is not
        read.

        Raises:
            InvalidClient: it is not known who asks.
            InvalidRequest: no token is given.
            InvalidGrant: it is another client's token, which stays as it is.
        """
        parameters = read_form(request)
        client = await self.authentication.authenticate(request, parameters)
        request.journal.about(client_id=client.client_id)
        token = require(parameters, "token")
        await self._revoke_access_token(token, client, request.journal)
        await self._revoke_refresh_token(token, client, request.journal)
        return Response(200, NO_STORE)

    async def _revoke_access_token(
        self, token: str, client: Client, journal: Journal
    ) -> None:
        found = await self.access_tokens.find(token)
        if found is not None:
            journal.about(jti=found.jti)
            verify_own_token(found.client_id, client, journal)
            await self.access_tokens.revoke(found)

    async def _revoke_refresh_token(
        self, token: str, client: Client, journal: Journal
    ) -> None:
        found = await self.authorizations.find_refresh_token(token)
        if found is not None:
            journal.about(grant_id=found.grant.grant_id)
            verify_own_token(found.grant.client_id, client, journal)
            await self.authorizations.revoke(found.grant)


def verify_own_token(issued_to: str, client: Client, journal: Journal) -> None:
    """
    RFC 7009 section 2.1: the token was issued to the client that revokes it.

    *issued_to* is the `client_id` that the token names.

    Which certificate the token is bound to does not matter: a client that renewed
    its certificate must be able to end what it got with the old one.

    Raises:
        InvalidGrant: it was issued to another.
    """
    if issued_to != client.client_id:
        raise InvalidGrant(
            "the token was issued to another client",
            CLIENT,
            expected=issued_to,
            presented=client.client_id,
        )
    journal.accepted(
        CLIENT,
        verify_own_token,
        expected=issued_to,
        presented=client.client_id,
    )
