"""All that signing in consists of, and a browser that keeps its cookies."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from twisted.internet.defer import Deferred, succeed

from as_node.authorization.request import kept_text
from as_node.browser.csrf import SameOrigin
from as_node.browser.double_submit import RecentAnswers
from as_node.browser.pending_requests import PendingRequest, PendingRequests
from as_node.browser.sessions import Sessions, SignedIn
from as_node.clients.metadata import ClientMetadata
from as_node.clients.registry import Clients
from as_node.login.authentication_policy import KnownCustomers
from as_node.login.known_browsers import KnownBrowsers
from as_node.login.password_hash import hash_password
from as_node.login.passwords import Passwords
from as_node.login.rate_limit import Throttle
from as_node.login.second_factor import SecondFactor
from as_node.login.sign_in import SignIn
from as_node.login.steps import Steps
from as_node.login.totp import STEP, Totp, TotpSecret
from as_node.login.users import UserMetadata, Users
from as_node.store.authorizations import PushedRequest
from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.store import SqliteStore
from pki.http.messages import Request, Response
from tests.customers.requests import ORIGIN, PENDING, Browser, fields_of, header
from tests.in_memory.network import MemoryNetwork

TY = "ty.webb@example.com"
AL = "al@example.com"
PASSWORD = "be-the-ball"
SECRET = "PZIG5XEW2FZYRUEV7OIL6THCGZVMDMUQ"
HASH = hash_password(PASSWORD)
USERS = {
    TY: UserMetadata(
        name="Ty Webb", password_hash=HASH, totp_secret=SECRET, shown_password=PASSWORD
    ),
    AL: UserMetadata(
        name="Al", password_hash=HASH, totp_secret="CLY3V7GTFFO4454LPI4XP6KH76ESY6WI"
    ),
}
ON = (
    "/authorize?client_id=banking-client"
    "&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3Aone"
)


CLIENTS = Clients(
    {
        PENDING.client.client_id: ClientMetadata(
            token_endpoint_auth_method="tls_client_auth",
            tls_client_auth_san_dns="tpp.example.com",
            tls_client_certificate_bound_access_tokens=True,
            grant_types=PENDING.client.grant_types,
            response_types=PENDING.client.response_types,
            redirect_uris=PENDING.client.redirect_uris,
            scope=PENDING.client.scope,
            client_name=PENDING.client.client_name,
        )
    }
)


def asking_for_two_factors(pending: PendingRequest) -> PendingRequest:
    """The same request, by a client that wants to be sure."""
    authentication = replace(pending.asked.authentication, second_factor=True)
    return replace(pending, asked=replace(pending.asked, authentication=authentication))


class House:
    """Everything that signing in consists of, with a clock that is told to move."""

    def __init__(self, path: Path) -> None:
        self.network = MemoryNetwork()
        self.connection = open_database(path)
        clock = self.network.clock
        reactor = self.network.reactor
        self.store = SqliteStore(self.connection, reactor=reactor, clock=clock)
        users = Users(USERS)
        self.sessions = Sessions(self.store, clock)
        throttle = Throttle(clock)
        self.known_browsers = KnownBrowsers(self.store, throttle, clock)
        steps = Steps(
            users=users,
            sessions=self.sessions,
            known_browsers=self.known_browsers,
            same_origin=SameOrigin(ORIGIN),
            pending_requests=PendingRequests(
                CLIENTS, self.store, self.store, ORIGIN, clock
            ),
            recent_answers=RecentAnswers(clock),
            clock=clock,
        )
        passwords = Passwords(users, self.hash)
        self.sign_in = SignIn(steps, passwords, throttle)
        self.second = SecondFactor(steps, Totp(clock, self.use), throttle)
        self.customers = KnownCustomers(steps, self.sign_in, self.second)
        self.only_guesses = False
        self.hashing: list[Deferred[bool]] | None = None
        self.used: set[tuple[str, int]] = set()
        self.push(PENDING)

    def hash(self, function: Callable[[], bool]) -> Deferred[bool]:
        """Here and now, or when a test says so, or not at all for a wrong guess."""
        if self.only_guesses:
            return succeed(False)  # noqa: FBT003 - a result
        if self.hashing is None:
            return succeed(function())
        hashed: Deferred[bool] = Deferred()
        hashed.addCallback(lambda _: function())
        self.hashing.append(hashed)
        return hashed

    async def use(self, sub: str, step: int, until: int) -> bool:
        """A code is used once."""
        is_new = (sub, step) not in self.used
        self.used.add((sub, step))
        return is_new

    def push(self, pending: PendingRequest) -> None:
        """The request is pending for a day."""
        pushed = PushedRequest(
            request_uri=pending.request_uri,
            client_id=pending.client.client_id,
            request=kept_text(pending.asked),
            exp=int(self.network.clock()) + 86_400,
        )
        self.network.run(self.store.keep_pushed_request(pushed))

    def page(
        self,
        browser: Browser,
        *,
        second_factor: bool = False,
        pending: PendingRequest = PENDING,
    ) -> str | None:
        """The page that is due for this browser, or None."""
        visitor = self.network.run(self.sessions.visitor(browser.get()))
        if second_factor:
            pending = asking_for_two_factors(pending)
        response = self.customers.customer_or_page(pending, visitor)
        return browser.shown(response) if isinstance(response, Response) else None

    def send(self, browser: Browser, page: str, path: str, **typed: str) -> Response:
        """What comes of a form of this page, with what was typed into it."""
        request = browser.post(path, {**fields_of(page, path), **typed})
        response = self.answer(request)
        browser.shown(response)
        return response

    def answer(self, request: Request) -> Response:
        """As the listener would have it answered."""
        steps = {
            "/sign-in": self.sign_in.answer,
            "/second-factor": self.second.answer,
            "/not-you": self.sign_in.not_you,
        }
        return self.network.run(steps[request.path](request))

    def password(
        self, browser: Browser, name: str = TY, password: str = PASSWORD
    ) -> Response:
        """The first page is shown and filled in."""
        page = self.page(browser)
        assert page is not None
        return self.send(browser, page, "/sign-in", username=name, password=password)

    def code(self, drift: int = 0) -> str:
        """What Ty Webb's authenticator shows."""
        return TotpSecret.parse(SECRET).code(int(self.network.clock()) // STEP + drift)

    def second_factor(self, browser: Browser, code: str | None = None) -> Response:
        """The second page is shown and filled in."""
        page = self.page(browser, second_factor=True)
        assert page is not None
        return self.send(
            browser, page, "/second-factor", totp=self.code() if code is None else code
        )

    def signed_in(self, browser: Browser) -> SignedIn | None:
        """Who the browser is known as."""
        return self.network.run(self.sessions.current_user(browser.get()))


def assert_goes_on(response: Response) -> None:
    """RFC 9700 section 4.12: back to the authorization endpoint, by GET."""
    assert response.status == 303
    assert header(response, "Location") == ON


def assert_said(response: Response, status: int, words: str) -> None:
    """A page with an alert."""
    assert response.status == status
    assert f'role="alert" id="alert">{words}' in response.body.decode()
