"""
Authorization requests between their push and their answer, RFC 9126 section 4.

The browser brings two values, and everything else is taken from what the client
pushed. A request is answered once: it is used up by the answer and not by a visit
(FAPI 2.0 Security Profile section 5.3.2.2 note 3), since people reload pages, and
mail programs open links.
"""

from collections.abc import Callable
from dataclasses import dataclass

from as_node.authorization.request import AuthorizationRequest, authorization_request
from as_node.authorization.response import WayBack
from as_node.browser.error_pages import RequestNotUsable
from as_node.browser.interaction import Asking
from as_node.clients.registry import Client, Clients
from as_node.protocol.errors import OAuthError
from as_node.protocol.parameters import Parameters
from as_node.store.authorizations import PushedRequestStore
from pki.http.journal import Journal

_RULE = "RFC 9126 section 4"


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRequest:
    """
    A request that is in force: pushed by *client*, not expired, not answered.

    *pushed_at* is in seconds since the epoch.
    """

    request_uri: str
    client: Client
    asked: AuthorizationRequest
    pushed_at: int
    way_back: WayBack

    def asking(self) -> Asking:
        """What the customer's pages need of it."""
        return Asking(
            client_id=self.client.client_id,
            client_name=self.client.name_for_people,
            request_uri=self.request_uri,
            redirect_uri=self.asked.redirect_uri,
        )


@dataclass(frozen=True, slots=True)
class PendingRequests:
    """
    The requests in *store*, each for *lifetime_seconds* from its push.

    *issuer* is this server, as it says itself in each answer.
    """

    clients: Clients
    store: PushedRequestStore
    issuer: str
    lifetime_seconds: int
    clock: Callable[[], float]

    async def find(
        self, client_id: str, request_uri: str, journal: Journal
    ) -> PendingRequest:
        """
        The request of this `request_uri`, if this client pushed it.

        It is judged again: the client's registration may have changed.

        Raises:
            RequestNotUsable: there is none in force. A page is all that can be
                answered, as no redirect URI is known.
        """
        pushed = await self.store.find_pushed_request(request_uri)
        if pushed is None:
            raise RequestNotUsable("no request is pending there", rule=_RULE)
        if pushed.client_id != client_id:
            raise RequestNotUsable(
                "the request was pushed by another client",
                rule=_RULE,
                expected=pushed.client_id,
                presented=ascii(client_id[:120]),
            )
        if self.clock() >= pushed.exp:
            raise RequestNotUsable("the request has expired", rule=_RULE)
        client, asked = self._judged(client_id, pushed.parameters)
        journal.accepted(
            "the request was pushed by the client that the browser names",
            self.find,
            rule=_RULE,
            expected=pushed.client_id,
            presented=client_id,
        )
        return PendingRequest(
            request_uri=request_uri,
            client=client,
            asked=asked,
            pushed_at=pushed.exp - self.lifetime_seconds,
            way_back=WayBack(
                issuer=self.issuer, redirect_uri=asked.redirect_uri, state=asked.state
            ),
        )

    async def find_asking(self, client_id: str, request_uri: str) -> Asking:
        """The same as `find`, for those who only need to know who asks."""
        pending = await self.find(client_id, request_uri, Journal())
        return pending.asking()

    async def use(self, pending: PendingRequest) -> None:
        """
        The request is answered now, and never again.

        Raises:
            RequestNotUsable: it was answered meanwhile, in another tab for example.
        """
        if await self.store.use_pushed_request(pending.request_uri) is None:
            raise RequestNotUsable(
                "the request was answered meanwhile",
                rule="FAPI 2.0 Security Profile section 5.3.2.2",
            )

    def _judged(
        self, client_id: str, parameters: Parameters
    ) -> tuple[Client, AuthorizationRequest]:
        client = self.clients.find(client_id)
        if client is None:
            raise RequestNotUsable("the client is not registered any more", rule=_RULE)
        try:
            return client, authorization_request(client, parameters, Journal())
        except OAuthError as error:
            raise RequestNotUsable(
                f"the client may not ask for this any more: {error.detail}", rule=_RULE
            ) from error
