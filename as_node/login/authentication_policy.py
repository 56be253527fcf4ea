"""
Whether the customer at a browser is known as well as a request needs it.

OpenID Connect Core section 3.1.2.3: it may ask for a sign-in that is not older than
so many seconds, for a new one in any case, or for a second factor.
"""

from dataclasses import dataclass

from as_node.authorization.response import AnotherCustomer
from as_node.browser.pending_requests import PendingRequest
from as_node.browser.sessions import SignedIn, Visitor
from as_node.login.second_factor import SecondFactor
from as_node.login.sign_in import SignIn
from as_node.login.steps import Steps
from as_node.login.users import User
from as_node.protocol.acr import SCA
from pki.http.checks import Check
from pki.http.messages import Response

CUSTOMER = Check(
    "authorization.customer",
    "who signed in is the customer whom the request is about",
    "OpenID Connect Core section 3.1.2.2",
)


@dataclass(frozen=True, slots=True)
class Customer:
    """A visitor who is known well enough: *user*, as *signed_in* says."""

    visitor: Visitor
    signed_in: SignedIn
    user: User


@dataclass(frozen=True, slots=True)
class KnownCustomers:
    """Those whom no step is left to."""

    steps: Steps
    sign_in: SignIn
    second_factor: SecondFactor

    def customer_or_page(
        self, pending: PendingRequest, visitor: Visitor
    ) -> Customer | Response:
        """
        The customer, or the page on which she makes herself better known.

        Raises:
            AnotherCustomer: she has signed in for this request, which is not about
                her.
        """
        known = self.steps.known(pending, visitor)
        if known is None:
            if visitor.signed_in and visitor.signed_in.was_made_for(
                pending.request_uri
            ):
                verify_customer(pending, visitor.signed_in.sub)
            return self.sign_in.page(pending, visitor)
        user, signed_in = known
        if pending.asked.authentication.second_factor and signed_in.acr != SCA:
            return self.second_factor.page(pending, visitor, user)
        return Customer(visitor, signed_in, user)


def verify_customer(pending: PendingRequest, sub: str) -> None:
    """
    The request can be about this customer.

    Raises:
        AnotherCustomer: it is about somebody else.
    """
    if not pending.asked.can_be_about(sub):
        raise AnotherCustomer(
            "another customer signed in than the request is about",
            pending.way_back,
            CUSTOMER,
            expected=ascii(", ".join(sorted(pending.asked.subs or ()))[:200]),
            presented=sub,
        )
