"""
The authorization endpoint: RFC 6749 section 3.1, after RFC 9126 section 4.

The browser brings a `client_id` and a `request_uri`. Find the request, see who is at
the browser, and show the step that is due: sign in, second factor, consent. What the
customer decides is the business of the consent endpoint.

Served to browsers, on the listener that never asks for a certificate.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from as_node.authorization.authentication_parameters import ESSENTIAL_ACR
from as_node.authorization.response import (
    AuthorizationError,
    ConsentRequired,
    LoginRequired,
    SecondFactorRequired,
)
from as_node.browser.authorize_path import authorize_path
from as_node.browser.pending_requests import PendingRequest, PendingRequests
from as_node.browser.posted_form import read_person_form
from as_node.browser.request_pages import NotOneClientId, NotOneRequestUri
from as_node.browser.security_headers import see_other
from as_node.browser.sessions import Sessions, SignedIn
from as_node.consent.decisions import ConsentDecisions
from as_node.consent.endpoint import ConsentEndpoint
from as_node.login.authentication_policy import KnownCustomers, verify_customer
from pki.http.checks import Check
from pki.http.messages import Request, Response

FRONT_CHANNEL = Check(
    "authorization.front-channel",
    "the browser brings one client_id and one request_uri",
    "RFC 9126 section 4",
)
MAY_ASK = Check(
    "authorization.may-ask",
    "the client allows the customer to be asked",
    "OpenID Connect Core section 3.1.2.6",
)

_FRONT_CHANNEL = {"request_uri": NotOneRequestUri, "client_id": NotOneClientId}


@dataclass(frozen=True, slots=True)
class AuthorizationEndpoint:
    """*clock* gives seconds since the epoch."""

    pending_requests: PendingRequests
    sessions: Sessions
    known_customers: KnownCustomers
    consent: ConsentEndpoint
    decisions: ConsentDecisions
    clock: Callable[[], float]

    async def answer(self, request: Request) -> Response:
        """
        The page of the step that is due.

        A page can be asked for as often as anybody likes. An error that goes back
        to the client is an answer, and there is one answer to a request.

        Raises:
            PageRefusal: there is no such request, so nobody to answer to.
            AuthorizationError: RFC 6749 section 4.1.2.1.
        """
        query = parse_qsl(request.query)
        client_id, request_uri = front_channel_parameters(query)
        pending = await self.pending_requests.find(
            client_id, request_uri, request.journal
        )
        request.journal.about(client_id=client_id)
        try:
            return await self._step(pending, request)
        except AuthorizationError:
            await self.pending_requests.use(pending)
            raise

    async def posted(self, request: Request) -> Response:
        """
        The same by POST, which OpenID Connect Core section 3.1.2.1 wants served.

        On with GET: with a POST from the client's site browsers do not send the
        customer's session (`SameSite=Lax`), and she would seem to have none.

        Raises:
            PageRefusal: it is no form, or not with the two parameters.
        """
        form = read_person_form(request)
        return see_other(authorize_path(*front_channel_parameters(form.items())))

    async def _step(self, pending: PendingRequest, request: Request) -> Response:
        if pending.client.headless_consent_user is not None:
            user = pending.client.headless_consent_user
            return await self._without_asking(pending, user, request)
        visitor = await self.sessions.visitor(request)
        customer = self.known_customers.customer_or_page(pending, visitor)
        verify_may_ask(pending, must_sign_in=isinstance(customer, Response))
        if isinstance(customer, Response):
            return customer
        return await self.consent.page(pending, customer, request.journal)

    async def _without_asking(
        self, pending: PendingRequest, user: str, request: Request
    ) -> Response:
        """
        For test clients that are registered so: consent for all accounts, at once.

        A consent that was given is renewed, for the accounts that it has.

        Nobody signs in, so no second factor can be claimed.
        """
        if pending.asked.authentication.acr_is_essential:
            raise SecondFactorRequired(
                "nobody signs in for a headless client",
                pending.way_back,
                ESSENTIAL_ACR,
            )
        verify_customer(pending, user)
        customer = SignedIn(sub=user, auth_time=int(self.clock()))
        view = await self.decisions.asked(pending, user, request.journal)
        account_ids = [] if view is None else [a.account_id for a in view.accounts]
        given = None if view is None else view.renewable
        if given is None:
            return await self.decisions.approve(
                pending, customer, account_ids, request.journal
            )
        return await self.decisions.approve(
            pending,
            customer,
            given.account_ids,
            request.journal,
            renews=given.decision_id,
        )


def front_channel_parameters(
    parameters: Iterable[tuple[str, str]],
) -> tuple[str, str]:
    """
    The `client_id` and `request_uri` of a request, the only two that are read.

    RFC 9126 section 4: whatever else is there has no meaning, as it passed through
    the browser; so a plain authorization request, without a push, is none here.

    Raises:
        RequestNotUsable: one is missing, or there twice.
    """
    given = list(parameters)
    found = {
        wanted: [value for name, value in given if name == wanted]
        for wanted in _FRONT_CHANNEL
    }
    for wanted, refusal in _FRONT_CHANNEL.items():
        if len(found[wanted]) != 1:
            raise refusal(
                f"not one {wanted}",
                FRONT_CHANNEL,
                expected=" and ".join(_FRONT_CHANNEL),
                presented=ascii(", ".join(name for name, _ in given)[:200]),
            )
    return found["client_id"][0], found["request_uri"][0]


def verify_may_ask(pending: PendingRequest, *, must_sign_in: bool) -> None:
    """
    The client allows a page to be shown (`prompt=none` does not).

    Consent is asked for each time, so without a page there is never an approval.

    Raises:
        LoginRequired: it does not, and the customer would have to sign in.
        ConsentRequired: it does not, and she would only have to consent.
    """
    if pending.asked.authentication.may_ask:
        return
    if must_sign_in:
        raise LoginRequired("prompt=none", pending.way_back, MAY_ASK)
    raise ConsentRequired("prompt=none", pending.way_back, MAY_ASK)
