"""The introspection endpoint: RFC 7662, with `cnf` as RFC 8705 section 3.2 adds it."""

from dataclasses import dataclass

from as_node.clients.authentication import ClientAuthentication
from as_node.clients.registry import Client
from as_node.grants.grant import IsInForce
from as_node.protocol.errors import UnauthorizedClient
from as_node.protocol.parameters import read_form, require
from as_node.tokens.access_tokens import AccessToken, AccessTokens
from as_node.tokens.authorizations import Authorizations
from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.messages import NO_STORE, Request, Response, json_response

RESOURCE_SERVER = Check(
    "introspection.resource-server",
    "the client is a resource server and may introspect",
    "RFC 7662 section 4",
)
AUDIENCE = Check(
    "introspection.audience",
    "the token is active and meant for the resource server that asks",
    "RFC 7662 section 2.2",
)


@dataclass(frozen=True, slots=True)
class IntrospectionEndpoint:
    """Tells a registered resource server about tokens that are meant for it."""

    authentication: ClientAuthentication
    access_tokens: AccessTokens
    authorizations: Authorizations
    is_in_force: IsInForce

    async def answer(self, request: Request) -> Response:
        """
        What the token is, or that it is not active and nothing else.

        A `token_type_hint` is a hint (RFC 7662 section 2.1): it changes nothing
        where there is one kind of token, so it is not read.

        Raises:
            InvalidClient: it is not known who asks.
            UnauthorizedClient: who asks is no resource server.
            InvalidRequest: no token is given.
            ResourceServerAway: whether the consent has ended cannot be told.
        """
        parameters = read_form(request)
        client = await self.authentication.authenticate(request, parameters)
        request.journal.about(client_id=client.client_id)
        resource = verify_resource_server(client, request.journal)
        text = require(parameters, "token")
        token = await self.access_tokens.find(text)
        if (
            token is None
            or not is_meant_for(resource, token, request.journal)
            or not await self._is_allowed(token, request.journal)
        ):
            request.journal.about(active="false", token=f"{len(text)} characters")
            return json_response(200, {"active": False}, NO_STORE)
        return _active(token)

    async def _is_allowed(self, token: AccessToken, journal: Journal) -> bool:
        """Whether the consent behind the token, if there is one, is in force."""
        if token.openbanking_intent_id is None:
            return True
        grant = await self.authorizations.find_grant_of(token.jti)
        return grant is not None and await self.is_in_force(grant, journal)


def verify_resource_server(client: Client, journal: Journal) -> str:
    """
    The resource for which the client may introspect: the `aud` of its tokens.

    RFC 7662 section 4: whoever may ask about any token can scan for valid ones, so
    being a client is not enough.

    Raises:
        UnauthorizedClient: the client is no resource server.
    """
    if client.introspects is None:
        raise UnauthorizedClient(
            "the client is no resource server, it may not introspect",
            RESOURCE_SERVER,
            expected="introspects",
            presented=client.client_id,
        )
    journal.accepted(
        RESOURCE_SERVER,
        verify_resource_server,
        expected=client.introspects,
        presented=client.client_id,
    )
    return client.introspects


def is_meant_for(resource: str, token: AccessToken, journal: Journal) -> bool:
    """
    Whether the token, which is active, is any business of this resource server.

    RFC 7662 section 2.2: of a token that is not, no more is said than of one that
    does not exist.
    """
    journal.about(jti=token.jti, bound_to=str(token.bound_to), aud=token.aud)
    if token.aud != resource:
        return False
    journal.accepted(
        AUDIENCE,
        is_meant_for,
        expected=resource,
        presented=token.aud,
    )
    return True


def _active(token: AccessToken) -> Response:
    """
    RFC 7662 section 2.2, for both forms of a token alike.

    RFC 8705 section 3.2: `cnf` is what was bound when the token was issued. The
    certificate of the one who asks here is another matter.
    """
    members = {"active": True, **token.claims(), "token_type": "Bearer"}
    return json_response(200, members, NO_STORE)
