"""
The pushed authorization request endpoint, RFC 9126.

Read the parameters, authenticate the client, judge the request, keep it, answer with
the name it is kept under.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from as_node.authorization.judgement import judged_request
from as_node.authorization.request import kept_text
from as_node.authorization.wanted_customer import SubOfIdToken
from as_node.clients.authentication import ClientAuthentication
from as_node.clients.registry import Client
from as_node.protocol.client_network import client_network
from as_node.protocol.errors import (
    InvalidRequest,
    RequestNotSupported,
    TooManyRequests,
)
from as_node.protocol.parameters import Parameters, read_form
from as_node.protocol.scopes import scope_text
from as_node.protocol.unserved import verify_served
from as_node.store.authorizations import (
    PushedRequest,
    PushedRequestStore,
    TooManyPushed,
)
from pki.http.checks import Check
from pki.http.messages import NO_STORE, Request, Response, json_response

REQUEST_URI_PREFIX = "urn:ietf:params:oauth:request_uri:"  # RFC 9126 section 2.2

NO_REQUEST_URI = Check(
    "par.request-uri",
    "no request_uri is pushed",
    "RFC 9126 section 2.1",
)
NO_REQUEST_OBJECT = Check(
    "par.request-object",
    "the parameters themselves are pushed",
    "RFC 9126 section 3",
)

ROOM = Check(
    "par.room",
    "not too many requests of one peer are in force",
    "RFC 9126 section 2.3",
)


@dataclass(frozen=True, slots=True)
class PushedAuthorizationRequestEndpoint:
    """
    Takes authorization requests from their clients, out of the customer's sight.

    *resource* is the one that tokens are issued for, *sub_of_id_token* reads the ID
    tokens of old. *lifetime_seconds* is how long a customer has from then to the end
    of her consent.
    """

    authentication: ClientAuthentication
    store: PushedRequestStore
    resource: str
    sub_of_id_token: SubOfIdToken
    lifetime_seconds: int
    clock: Callable[[], float]

    async def answer(self, request: Request) -> Response:
        """
        The `request_uri` of a request that would be served.

        Raises:
            OAuthError: as RFC 9126 section 2.3 has it.
            StoreFailed: the request could not be kept.
        """
        parameters = read_form(request)
        client = await self.authentication.authenticate(request, parameters)
        verify_no_reference(parameters)
        verify_served(request, parameters, self.resource, request.journal)
        asked = judged_request(
            client, parameters, self.sub_of_id_token, request.journal
        )
        request.journal.about(
            redirect_uri=asked.redirect_uri,
            scope=scope_text(asked.scope),
            openbanking_intent_id=asked.openbanking_intent_id or "none",
        )
        pushed = PushedRequest(
            request_uri=REQUEST_URI_PREFIX + secrets.token_urlsafe(32),
            client_id=client.client_id,
            request=kept_text(asked),
            exp=int(self.clock()) + self.lifetime_seconds,
            network=_network(client, request),
        )
        await self._keep(pushed)
        members = {
            "request_uri": pushed.request_uri,
            "expires_in": self.lifetime_seconds,
        }
        return json_response(201, members, NO_STORE)

    async def _keep(self, pushed: PushedRequest) -> None:
        """
        Raises:
            TooManyRequests: as many are in force as may be.
            StoreFailed: it is not kept.
        """
        try:
            await self.store.keep_pushed_request(pushed)
        except TooManyPushed as error:
            raise TooManyRequests(
                "too many pushed requests are in force",
                ROOM,
                expected=f"at most {error.most}",
                presented=str(error),
            ) from error


def _network(client: Client, request: Request) -> str | None:
    """Of a public client, whose name anybody can use; the others have proved theirs."""
    if not client.is_public:
        return None
    return client_network(request.connection.client_address)


def verify_no_reference(parameters: Parameters) -> None:
    """
    The parameters themselves are pushed, and not another request or its address.

    Raises:
        InvalidRequest: a `request_uri`, which RFC 9126 section 2.1 forbids here.
        RequestNotSupported: a request object (RFC 9126 section 3).
    """
    if "request_uri" in parameters:
        raise InvalidRequest("request_uri is pushed", NO_REQUEST_URI)
    if "request" in parameters:
        raise RequestNotSupported(
            "a request object is pushed",
            NO_REQUEST_OBJECT,
            expected="the parameters themselves",
        )
