"""
The part of the composition that a person meets: sign-in, consent, authorization.

Like `as_node.wiring` it knows many files and decides nothing.
"""

from dataclasses import dataclass

from as_node.browser.authorize_path import AUTHORIZE
from as_node.browser.csrf import SameOrigin
from as_node.browser.double_submit import RecentAnswers
from as_node.browser.error_pages import OutOfService
from as_node.browser.pending_requests import PendingRequests
from as_node.browser.sessions import Sessions
from as_node.clients.registry import Clients
from as_node.config import Config
from as_node.consent.backchannel import ConsentBackchannel
from as_node.consent.consent_page import CONSENT
from as_node.consent.decisions import ConsentDecisions
from as_node.consent.endpoint import ConsentEndpoint
from as_node.endpoints.authorize import AuthorizationEndpoint
from as_node.login.authentication_policy import KnownCustomers
from as_node.login.known_browsers import KnownBrowsers
from as_node.login.passwords import InThread, Passwords, in_thread_of
from as_node.login.rate_limit import Throttle
from as_node.login.second_factor import SecondFactor
from as_node.login.second_factor_page import NOT_YOU, SECOND_FACTOR
from as_node.login.sign_in import SignIn
from as_node.login.sign_in_page import CANCEL, SIGN_IN
from as_node.login.steps import Steps
from as_node.login.totp import Totp
from as_node.login.users import Users
from as_node.store.store import Store
from as_node.tokens.authorizations import Authorizations
from pki.http.routes import Route
from pki.node.process import Surroundings
from pki.node.store_away import served_unless_store_fails


@dataclass(frozen=True, slots=True)
class FrontChannel:
    """
    What it is made of.

    *backchannel* is where the resource server's consents are asked for; *in_thread*
    hashes passwords somewhere else than in the reactor's thread.
    """

    config: Config
    surroundings: Surroundings
    store: Store
    clients: Clients
    authorizations: Authorizations
    backchannel: ConsentBackchannel
    in_thread: InThread | None = None

    def routes(self) -> list[Route]:
        """
        What browsers are served, on the conventional listener alone; a store that
        fails is a page.
        """
        clock, monotonic = self.surroundings.clock, self.surroundings.monotonic
        users = Users(self.config.users)
        pending = self._pending_requests()
        sessions = Sessions(self.store, clock)
        same_origin = SameOrigin(self.config.issuer)
        throttle = Throttle(monotonic)
        recent_answers = RecentAnswers(monotonic)
        steps = Steps(
            users=users,
            sessions=sessions,
            known_browsers=KnownBrowsers(self.store, throttle, clock),
            same_origin=same_origin,
            pending_requests=pending,
            recent_answers=recent_answers,
            clock=clock,
        )
        sign_in = SignIn(steps, self._passwords(users), throttle)
        second_factor = SecondFactor(steps, Totp(clock, self._use_totp_code), throttle)
        known = KnownCustomers(steps, sign_in, second_factor)
        decisions = ConsentDecisions(pending, self.backchannel, self.authorizations)
        consent = ConsentEndpoint(
            pending, sessions, known, decisions, same_origin, recent_answers
        )
        authorize = AuthorizationEndpoint(
            pending, sessions, known, consent, decisions, clock
        )
        served = [
            Route("GET", AUTHORIZE, authorize.answer),
            Route("POST", AUTHORIZE, authorize.posted),
            Route("POST", SIGN_IN, sign_in.answer),
            Route("POST", SECOND_FACTOR, second_factor.answer),
            Route("POST", NOT_YOU, sign_in.not_you),
            Route("POST", CONSENT, consent.answer),
            Route("POST", CANCEL, consent.cancel),
        ]
        return [*served_unless_store_fails(served, OutOfService)]

    def _pending_requests(self) -> PendingRequests:
        return PendingRequests(
            self.clients,
            self.store,
            self.store,
            self.config.issuer,
            self.surroundings.clock,
        )

    def _passwords(self, users: Users) -> Passwords:
        reactor = self.surroundings.reactor
        return Passwords(users, self.in_thread or in_thread_of(reactor))

    async def _use_totp_code(self, sub: str, step: int, until: int) -> bool:
        """RFC 6238 section 5.2. The store remembers what is used once, by two names."""
        return await self.store.use_assertion(sub, f"totp {step}", until)
