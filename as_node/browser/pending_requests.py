"""
The authorization request that a browser is here for, RFC 9126 section 4.

The browser brings two values, and everything else is taken from what was judged when
the client pushed it. A request is answered once: it is used up by the answer and not
by a visit (FAPI 2.0 Security Profile section 5.3.2.2 note 3), since people reload
pages, and mail programs open links.
"""

from collections.abc import Callable
from dataclasses import dataclass

from as_node.authorization.registration import verify_still_registered
from as_node.authorization.request import AuthorizationRequest, read_request
from as_node.authorization.response import WayBack
from as_node.browser.authorize_path import authorize_path
from as_node.browser.request_pages import (
    AnothersRequest,
    AnsweredRequest,
    ExpiredRequest,
    NotRegisteredAnyMore,
    UnknownRequest,
)
from as_node.clients.registry import Client, Clients
from as_node.protocol.errors import OAuthError
from as_node.store.authorizations import (
    PushedRequest,
    PushedRequestStore,
    Session,
    SessionStore,
)
from as_node.tokens.random_values import sha256_of
from pki.http.checks import Check
from pki.http.journal import Journal

IN_FORCE = Check(
    "authorization.request-uri",
    "the request was pushed by the client that the browser names",
    "RFC 9126 section 4",
)
STILL_REGISTERED = Check(
    "authorization.still-registered",
    "the client is still registered for what it asked",
    "RFC 9126 section 4",
)
ANSWERED_ONCE = Check(
    "authorization.answered-once",
    "the request was not answered before",
    "FAPI 2.0 Security Profile section 5.3.2.2",
)


ANSWERED_SECONDS = 3600
"""How long it is remembered that a request was answered: for the back button."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRequest:
    """
    A request that is in force: of *client*, not expired, not answered.

    *asked* is what was judged when it came.
    """

    request_uri: str
    client: Client
    asked: AuthorizationRequest
    way_back: WayBack

    @property
    def authorize_path(self) -> str:
        """Where the browser goes on with this request: a path of ours, and GET."""
        return authorize_path(self.client.client_id, self.request_uri)


@dataclass(frozen=True, slots=True)
class PendingRequests:
    """
    The requests in *store*, of clients that are registered.

    *sessions* has a note of each that was answered of late: nothing hangs on it but
    what people are told. *issuer* is this server, as it says itself in each answer;
    *clock* gives seconds since the epoch.
    """

    clients: Clients
    store: PushedRequestStore
    sessions: SessionStore
    issuer: str
    clock: Callable[[], float]

    async def find(
        self, client_id: str, request_uri: str, journal: Journal
    ) -> PendingRequest:
        """
        The request of this `request_uri`, if this client pushed it.

        It was judged then. What is looked at again is what can have changed: the
        time, and the client's registration.

        Raises:
            RequestNotUsable: there is none in force. A page is all that can be
                answered, as no redirect URI is known.
        """
        pushed = await self.store.find_pushed_request(request_uri)
        if pushed is None:
            await self._verify_not_answered(request_uri)
            raise UnknownRequest("no request is pending there", IN_FORCE)
        asked = read_request(pushed.request)
        if asked is None:  # another release kept it: as good as over
            raise ExpiredRequest("no request is pending there", IN_FORCE)
        verify_in_force(pushed, client_id, self.clock(), journal)
        return PendingRequest(
            request_uri=request_uri,
            client=self._registered(asked),
            asked=asked,
            way_back=WayBack(
                issuer=self.issuer, redirect_uri=asked.redirect_uri, state=asked.state
            ),
        )

    async def use(self, pending: PendingRequest) -> None:
        """
        The request is answered now, and never again.

        Raises:
            RequestNotUsable: it was answered meanwhile, in another tab for example.
        """
        # First, so that a store that fails leaves a request that can be answered.
        exp = int(self.clock()) + ANSWERED_SECONDS
        note = Session(sha256=_note_of(pending.request_uri), state="{}", exp=exp)
        await self.sessions.keep_session(note)
        if await self.store.use_pushed_request(pending.request_uri) is None:
            raise AnsweredRequest("the request was answered meanwhile", ANSWERED_ONCE)

    async def _verify_not_answered(self, request_uri: str) -> None:
        """Whoever comes back to an answered request is told that it was answered."""
        note = await self.sessions.find_session(_note_of(request_uri))
        if note is not None and self.clock() < note.exp:
            raise AnsweredRequest("the request was answered", ANSWERED_ONCE)

    def _registered(self, asked: AuthorizationRequest) -> Client:
        """The client that asked, as it is registered now."""
        client = self.clients.find(asked.client_id)
        if client is None:
            raise NotRegisteredAnyMore(
                "the client is not registered any more", STILL_REGISTERED
            )
        try:
            verify_still_registered(client, asked)
        except OAuthError as error:
            raise NotRegisteredAnyMore(
                f"the client may not ask for this any more: {error.detail}",
                STILL_REGISTERED,
            ) from error
        return client


def _note_of(request_uri: str) -> bytes:
    """Under no name that a session or a known browser can have."""
    return sha256_of(f"answered {request_uri}")


def verify_in_force(
    pushed: PushedRequest, client_id: str, now: float, journal: Journal
) -> None:
    """
    The request was pushed by this client, and its time is not over.

    Raises:
        RequestNotUsable: it was another client, or it is over.
    """
    if pushed.client_id != client_id:
        raise AnothersRequest(
            "the request was pushed by another client",
            IN_FORCE,
            expected=pushed.client_id,
            presented=ascii(client_id[:120]),
        )
    if now >= pushed.exp:
        raise ExpiredRequest("the request has expired", IN_FORCE)
    journal.accepted(
        IN_FORCE, verify_in_force, expected=pushed.client_id, presented=client_id
    )
