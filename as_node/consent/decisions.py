"""
What the customer decided, carried out.

The consent is the resource server's, so it hears first (and hearing it twice counts
once). Then a code is kept, then the request is used up, and only then does the code
leave. A crash in between leaves a customer who can press the button again: a code
that nobody was given is worth nothing, and a consent without a code opens nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, Never
from uuid import uuid4

from as_node.authorization.response import (
    AccessDenied,
    AnotherCustomer,
    AuthorizationError,
    ConsentNotGivable,
)
from as_node.browser.error_pages import ConsentNotUsable
from as_node.browser.pending_requests import PendingRequest, PendingRequests
from as_node.browser.sessions import SignedIn
from as_node.consent.askable import AWAITS_DECISION, SAME_CUSTOMER, AnotherGaveIt
from as_node.consent.backchannel import ConsentBackchannel, Decision
from as_node.consent.consent import Authorisation, ConsentView
from as_node.protocol.scopes import scope_text
from as_node.tokens.authorizations import (
    AuthorizationGrant,
    Authorizations,
    new_grant_id,
)
from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.messages import Response

CONSENTED = Check(
    "consent.decision", "the customer said yes", "RFC 6749 section 4.1.2.1"
)


@dataclass(frozen=True, slots=True)
class ConsentDecisions:
    """
    Reads what a customer is asked, and carries out what she decides.

    An `AuthorizationError` that is raised here is the answer to the request; to use
    the request up is then left to the caller.
    """

    pending_requests: PendingRequests
    backchannel: ConsentBackchannel
    authorizations: Authorizations

    async def asked(
        self, pending: PendingRequest, customer: str, journal: Journal
    ) -> ConsentView | None:
        """
        The consent that the request names, with the accounts of *customer*; None
        where it names none.

        Raises:
            AnotherCustomer: another customer gave it, and this one cannot renew it.
            ConsentNotGivable: it is unknown, another client's, or was decided about
                and is not in force; or it is being given just now.
            TryAgainLater: the resource server is away.
        """
        intent_id = pending.asked.openbanking_intent_id
        if intent_id is None:
            return None
        try:
            view = await self.backchannel.read_consent(
                intent_id,
                client_id=pending.client.client_id,
                customer=customer,
                interaction_id=_interaction(journal),
            )
        except ConsentNotUsable as refusal:
            raise _not_givable(refusal, pending) from refusal
        journal.accepted(
            AWAITS_DECISION,
            self.asked,
            expected=pending.client.client_id,
            presented=view.client_id,
        )
        if view.renewable is not None:
            await self._verify_answered(pending, intent_id, view.renewable)
            journal.accepted(
                SAME_CUSTOMER,
                self.asked,
                expected=view.renewable.customer,
                presented=customer,
            )
        return view

    async def _verify_answered(
        self, pending: PendingRequest, intent_id: str, given: Authorisation
    ) -> None:
        """
        The request of before for the consent is over, and is not this one.

        Raises:
            ConsentNotGivable: its code may still come to be redeemed, for a minute at
                most; or this one led to a decision already, and to no code.
        """
        client_id = pending.client.client_id
        if given.decision_id == _decision_id(pending):
            why = "this very request led to a decision, and to no code"
        elif await self.authorizations.has_code_on_its_way(intent_id, client_id):
            why = "a code for the consent is on its way"
        else:
            return
        raise ConsentNotGivable(why, pending.way_back, AWAITS_DECISION)

    async def approve(
        self,
        pending: PendingRequest,
        customer: SignedIn,
        account_ids: Sequence[str],
        journal: Journal,
        *,
        renews: str | None = None,
    ) -> Response:
        """
        The customer said yes, for these of her accounts: the client gets a code.

        *renews* is the decision of hers that she has confirmed; None the first time.
        Whether she may is the resource server's to say. What was issued before under
        the consent goes on until the code is redeemed.

        Raises:
            ConsentNotGivable: the consent ended meanwhile, or was decided otherwise.
            TryAgainLater: the resource server is away; nothing has changed here.
            RequestNotUsable: the request was answered meanwhile.
        """
        await self._report(pending, customer, "approved", account_ids, journal, renews)
        grant = _grant(pending, customer)
        journal.about(
            sub=grant.sub, grant_id=grant.grant_id, scope=scope_text(grant.scope)
        )
        code = await self.authorizations.issue_code(
            grant, pending.asked.redirect_uri, pending.asked.code_challenge
        )
        await self.pending_requests.use(pending)
        return pending.way_back.with_code(code)

    async def refuse(
        self, pending: PendingRequest, customer: SignedIn, journal: Journal
    ) -> Never:
        """
        The customer said no.

        Raises:
            AccessDenied: always, once the resource server knows.
            ConsentNotGivable: the consent ended meanwhile, or was decided otherwise.
            TryAgainLater: the resource server is away; nothing has changed here.
        """
        await self._report(pending, customer, "refused", (), journal)
        raise AccessDenied("the customer refused", pending.way_back, CONSENTED)

    def leave(self, pending: PendingRequest) -> Never:
        """
        The customer does not renew what she gave: it stays as it is.

        A refusal would be no decision about it: it ends by its time, or where she
        ends it.

        Raises:
            AccessDenied: always.
        """
        raise AccessDenied(
            "the customer did not renew the consent", pending.way_back, CONSENTED
        )

    async def _report(
        self,
        pending: PendingRequest,
        customer: SignedIn,
        decision: Literal["approved", "refused"],
        account_ids: Sequence[str],
        journal: Journal,
        renews: str | None = None,
    ) -> None:
        intent_id = pending.asked.openbanking_intent_id
        if intent_id is None:
            return
        decided = Decision(
            customer=customer.sub,
            client_id=pending.client.client_id,
            decision=decision,
            account_ids=account_ids,
            decision_id=_decision_id(pending),
            renews=renews,
        )
        try:
            await self.backchannel.report_decision(
                intent_id, decided, interaction_id=_interaction(journal)
            )
        except ConsentNotUsable as refusal:
            raise _not_givable(refusal, pending) from refusal


def _decision_id(pending: PendingRequest) -> str:
    """One request has one decision, however often its form is sent."""
    return sha256(pending.request_uri.encode()).hexdigest()


def _grant(pending: PendingRequest, customer: SignedIn) -> AuthorizationGrant:
    asked = pending.asked
    return AuthorizationGrant(
        grant_id=new_grant_id(),
        client_id=asked.client_id,
        sub=customer.sub,
        scope=asked.scope,
        openbanking_intent_id=asked.openbanking_intent_id,
        auth_time=customer.auth_time,
        acr=customer.acr,
        nonce=asked.nonce,
        claims=asked.claims or None,
    )


def _not_givable(
    refusal: ConsentNotUsable, pending: PendingRequest
) -> AuthorizationError:
    """What the client is told: somebody else has to sign in, or nothing helps."""
    is_anothers = isinstance(refusal, AnotherGaveIt)
    kind = AnotherCustomer if is_anothers else ConsentNotGivable
    return kind(
        refusal.detail,
        pending.way_back,
        SAME_CUSTOMER if is_anothers else AWAITS_DECISION,
        expected=refusal.expected,
        presented=refusal.presented,
    )


def _interaction(journal: Journal) -> str:
    """A name for what follows, in the logs and recordings of both servers."""
    interaction = journal.interaction_id or str(uuid4())
    journal.about(interaction=interaction)
    return interaction
