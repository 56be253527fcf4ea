"""
Whether the customer at a browser is known as well as a request needs it.

OpenID Connect Core section 3.1.2.3: it may ask for a sign-in that is not older than
so many seconds, for a new one in any case, or for a second factor.
"""

from dataclasses import dataclass

from as_node.browser.pending_requests import PendingRequest
from as_node.browser.sessions import SignedIn, Visitor
from as_node.login.sign_in import SignIn
from as_node.login.users import User, Users
from pki.http.messages import Response


@dataclass(frozen=True, slots=True)
class Customer:
    """A visitor who is known well enough: *user*, as *signed_in* says."""

    visitor: Visitor
    signed_in: SignedIn
    user: User


@dataclass(frozen=True, slots=True)
class KnownCustomers:
    """The *users*, when `sign_in` has no page left to show."""

    users: Users
    sign_in: SignIn

    def customer_or_page(
        self, pending: PendingRequest, visitor: Visitor
    ) -> Customer | Response:
        """The customer, or the page on which she makes herself better known."""
        page = self.sign_in.page_for(pending, visitor)
        if page is not None:
            return page
        signed_in = visitor.signed_in
        assert signed_in is not None  # noqa: S101 - or else there was a page
        user = self.users.find(signed_in.sub)
        assert user is not None  # noqa: S101 - likewise
        return Customer(visitor, signed_in, user)
