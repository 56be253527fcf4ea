"""The revocation endpoint, RFC 7009."""

from dataclasses import dataclass

from as_node.access_tokens import AccessToken, AccessTokens
from as_node.client_authentication import ClientAuthentication
from as_node.clients import Client
from as_node.errors import InvalidGrant
from as_node.parameters import read_form, require
from pki.mtls.journal import Journal
from pki.mtls.messages import NO_STORE, Request, Response


@dataclass(frozen=True, slots=True)
class RevocationEndpoint:
    """Lets a client end its own tokens."""

    authentication: ClientAuthentication
    access_tokens: AccessTokens

    async def answer(self, request: Request) -> Response:
        """
        200 with nothing in it: the token is not active, or never was.

        It is revoked, on disk too, before this answers. RFC 7009 section 2.2: an
        unknown token is no error, since what the client wants is so already; and a
        wrong `token_type_hint` is none (section 2.1), so it is not read.

        Raises:
            InvalidClient: it is not known who asks.
            InvalidRequest: no token is given.
            InvalidGrant: it is another client's token, which stays as it is.
        """
        parameters = read_form(request)
        client = await self.authentication.authenticate(request, parameters)
        request.journal.about(client_id=client.client_id)
        token = await self.access_tokens.find(require(parameters, "token"))
        if token is not None:
            verify_own_token(token, client, request.journal)
            await self.access_tokens.revoke(token)
        return Response(200, NO_STORE)


def verify_own_token(token: AccessToken, client: Client, journal: Journal) -> None:
    """
    RFC 7009 section 2.1: the token was issued to the client that revokes it.

    Which certificate the token is bound to does not matter: a client that renewed
    its certificate must be able to end what it got with the old one.

    Raises:
        InvalidGrant: it was issued to another.
    """
    rule = "RFC 7009 section 2.1"
    journal.about(jti=token.jti)
    if token.client_id != client.client_id:
        raise InvalidGrant(
            "the token was issued to another client",
            rule=rule,
            expected=token.client_id,
            presented=client.client_id,
        )
    journal.accepted(
        "the token was issued to the client that revokes it",
        verify_own_token,
        rule=rule,
        expected=token.client_id,
        presented=client.client_id,
    )
