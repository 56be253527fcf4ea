"""
Whether the customer at a browser is known as well as a request needs it.

OpenID Connect Core section 3.1.2.3: it may ask for a sign-in that is not older than
so many seconds, for a new one in any case, or for a second factor.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

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
    """*clock* gives seconds since the epoch."""

    users: Users
    sign_in: SignIn
    clock: Callable[[], float]

    def customer_or_page(
        self, pending: PendingRequest, visitor: Visitor
    ) -> Customer | Response:
        """The customer, or the page on which she makes herself better known."""
        recent = self._recent(pending, visitor)
        page = self.sign_in.page_for(pending, recent)
        if page is not None:
            return page
        signed_in = recent.signed_in
        assert signed_in is not None  # noqa: S101 - or else there was a page
        user = self.users.find(signed_in.sub)
        assert user is not None  # noqa: S101 - likewise
        return Customer(recent, signed_in, user)

    def _recent(self, pending: PendingRequest, visitor: Visitor) -> Visitor:
        """The visitor, as a stranger if she signed in too long ago for the client."""
        signed_in, asked = visitor.signed_in, pending.asked
        if signed_in is not None and asked.authentication.is_recent(
            signed_in.auth_time, asked_at=asked.asked_at, now=self.clock()
        ):
            return visitor
        return replace(visitor, signed_in=None)
