"""
Whether the customer at a browser is known as well as a request needs it.

OpenID Connect Core section 3.1.2.3: it may ask for a sign-in that is not older than
so many seconds, for a new one in any case, or for a second factor.
"""

from dataclasses import dataclass

from as_node.browser.pending_requests import PendingRequest
from as_node.browser.sessions import SignedIn, Visitor
from as_node.login.second_factor import SecondFactor
from as_node.login.sign_in import SignIn
from as_node.login.steps import Steps
from as_node.login.users import User
from as_node.protocol.acr import SCA
from pki.http.messages import Response


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
        """The customer, or the page on which she makes herself better known."""
        known = self.steps.known(pending, visitor)
        if known is None:
            return self.sign_in.page(pending, visitor)
        user, signed_in = known
        if pending.asked.authentication.second_factor and signed_in.acr != SCA:
            return self.second_factor.page(pending, visitor, user)
        return Customer(visitor, signed_in, user)
