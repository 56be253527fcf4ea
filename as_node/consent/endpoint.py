"""
Consent: the page that asks, and the forms that answer.

Approve and refuse are the consent page's form; cancel is that of the pages before it,
where nobody is known for certain.
"""

from dataclasses import dataclass

from as_node.authorization.response import AccessDenied, AuthorizationError
from as_node.browser.csrf import SameOrigin
from as_node.browser.double_submit import RecentAnswers
from as_node.browser.error_pages import UnreadableForm
from as_node.browser.pending_requests import PendingRequest, PendingRequests
from as_node.browser.posted_form import read_person_form
from as_node.browser.request_pages import RequestNotUsable
from as_node.browser.security_headers import see_other
from as_node.browser.sessions import Sessions, Visitor
from as_node.consent.consent_page import (
    CONSENT,
    NO_ACCOUNT_CHOSEN,
    chosen_accounts,
    consent_page,
)
from as_node.consent.decisions import CONSENTED, ConsentDecisions
from as_node.consent.identity_page import identity_page
from as_node.consent.renewal_page import RENEWS, renewal_page
from as_node.login.authentication_policy import Customer, KnownCustomers
from as_node.login.sign_in_page import CANCEL
from as_node.protocol.parameters import Parameters
from pki.http.journal import Journal
from pki.http.messages import Request, Response


@dataclass(frozen=True, slots=True)
class ConsentEndpoint:
    """What a customer is asked, and where her answer goes."""

    pending_requests: PendingRequests
    sessions: Sessions
    known_customers: KnownCustomers
    decisions: ConsentDecisions
    same_origin: SameOrigin
    recent_answers: RecentAnswers

    async def page(
        self,
        pending: PendingRequest,
        customer: Customer,
        journal: Journal,
        *,
        status: int = 200,
        message: str = "",
    ) -> Response:
        """
        The page that asks the customer; *message* says why it is shown again.

        Raises:
            AnotherCustomer: another customer gave the consent.
            ConsentNotGivable: the consent is not this client's, or was decided about
                and is not in force.
            TryAgainLater: the resource server is away.
        """
        view = await self.decisions.asked(pending, customer.signed_in.sub, journal)
        visitor, user = customer.visitor, customer.user
        if view is None:
            return identity_page(pending, visitor, user)
        if view.renewable is not None:
            return renewal_page(pending, visitor, user.name, view, view.renewable)
        return consent_page(status, pending, visitor, user.name, view, message)

    async def answer(self, request: Request) -> Response:
        """
        POST /consent: the customer decided.

        The same form, sent again at once, has the same answer.

        Raises:
            PageRefusal: the form is not one of ours, or its request is over.
            AuthorizationError: RFC 6749 section 4.1.2.1.
        """
        form, visitor = await self._form(request, CONSENT)
        try:
            return await self._answer(form, visitor, request.journal)
        except RequestNotUsable:
            answer = self.recent_answers.find(visitor, form)
            if answer is None:
                raise
            return answer

    async def _answer(
        self, form: Parameters, visitor: Visitor, journal: Journal
    ) -> Response:
        pending = await self._pending(form, journal)
        try:
            customer = self.known_customers.customer_or_page(pending, visitor)
            if isinstance(customer, Response):  # her session ended while she read
                return see_other(pending.authorize_path)
            answer = await self._decided(form, pending, customer, journal)
        except AuthorizationError as error:
            await self.pending_requests.use(pending)
            self.recent_answers.keep(visitor, form, error.response())
            raise
        self.recent_answers.keep(visitor, form, answer)
        return answer

    async def cancel(self, request: Request) -> Response:
        """
        POST /cancel: whoever is at the browser goes back to the client.

        The bank's consent is left as it is: nobody who could decide was known.

        Raises:
            PageRefusal: the form is not one of ours, or its request is over.
            AccessDenied: in every other case.
        """
        form, _ = await self._form(request, CANCEL)
        pending = await self._pending(form, request.journal)
        await self.pending_requests.use(pending)
        raise AccessDenied(
            "cancelled before the consent page", pending.way_back, CONSENTED
        )

    async def _form(self, request: Request, step: str) -> tuple[Parameters, Visitor]:
        """A form of this step, and who sent it."""
        form = read_person_form(request)
        visitor = await self.sessions.visitor(request)
        self.same_origin.verify_csrf(request, form, visitor, step)
        return form, visitor

    async def _pending(self, form: Parameters, journal: Journal) -> PendingRequest:
        """The request that a form is about."""
        client_id, request_uri = form.get("client_id", ""), form.get("request_uri", "")
        pending = await self.pending_requests.find(client_id, request_uri, journal)
        journal.about(client_id=client_id)
        return pending

    async def _decided(
        self,
        form: Parameters,
        pending: PendingRequest,
        customer: Customer,
        journal: Journal,
    ) -> Response:
        decision, chosen = form.get("decision"), chosen_accounts(form)
        journal.about(sub=customer.signed_in.sub, decision=f"{decision!a:.40}")
        renews = form.get(RENEWS)
        if decision == "refused" and renews is not None:
            self.decisions.leave(pending)
        if decision == "refused":
            await self.decisions.refuse(pending, customer.signed_in, journal)
        if decision != "approved":
            raise UnreadableForm("the form has no decision", CONSENTED)
        names_consent = pending.asked.openbanking_intent_id is not None
        if names_consent and not chosen:
            return await self.page(
                pending, customer, journal, status=400, message=NO_ACCOUNT_CHOSEN
            )
        return await self.decisions.approve(
            pending, customer.signed_in, chosen, journal, renews=renews
        )
