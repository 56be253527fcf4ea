"""The first step of signing in: a name and a password."""

from dataclasses import dataclass
from functools import partial

from as_node.browser.pending_requests import PendingRequest
from as_node.browser.security_headers import see_other
from as_node.browser.sessions import (
    SignedIn,
    Visitor,
    forget_cookie,
    name_of_request,
)
from as_node.login.attempts import password_attempt
from as_node.login.notice import FIRST, Notice, wait_notice
from as_node.login.passwords import Passwords
from as_node.login.rate_limit import Throttle, TooManyAttempts
from as_node.login.second_factor_page import NOT_YOU
from as_node.login.sign_in_page import SIGN_IN, sign_in_page
from as_node.login.steps import Step, Steps
from as_node.login.turns import TooBusy
from as_node.login.users import User
from pki.http.checks import Check
from pki.http.messages import Request, Response

PASSWORD = Check("sign-in.password", "she knows her password", "RFC 6749 section 3.1")

BUSY_SECONDS = 10
"""`Retry-After` where there is no place to wait: more than all that wait take."""

_WRONG = Notice(403, "That name and password do not belong together. Please try again.")
_TOO_BUSY = Notice(
    503,
    "Many people are signing in at this moment. Please try again in a few seconds.",
    BUSY_SECONDS,
)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Whoever knows one of *passwords*; *throttle* slows guessing down."""

    steps: Steps
    passwords: Passwords
    throttle: Throttle

    def page(
        self,
        pending: PendingRequest,
        visitor: Visitor,
        notice: Notice = FIRST,
        username: str = "",
    ) -> Response:
        """The page; *username* is what was typed before."""
        shown = self.steps.users.shown()
        return sign_in_page(pending, visitor, shown, notice, username)

    async def answer(self, request: Request) -> Response:
        """POST /sign-in."""
        again = await self.steps.answered(request)
        if again is not None:
            return again
        step = await self.steps.begun(request, SIGN_IN)
        username = step.form.get("username", "")
        anew = partial(self.page, step.pending, step.visitor, username=username)
        try:
            user = await self._customer(step, username, request)
        except TooManyAttempts as error:
            request.journal.about(
                sign_in="throttled", expected=str(error.rate), presented=str(error)
            )
            return anew(wait_notice(error.seconds))
        except TooBusy as error:
            request.journal.about(sign_in=f"no place to wait: {error}")
            return anew(_TOO_BUSY)
        if user is None:
            request.journal.about(sign_in="wrong name or password")
            return anew(_WRONG)
        request.journal.accepted(PASSWORD, self.answer, presented=user.sub)
        signed_in = SignedIn(
            sub=user.sub,
            auth_time=int(self.steps.clock()),
            made_for=name_of_request(step.pending.request_uri),
        )
        return await self.steps.done(step, signed_in, request.journal)

    async def not_you(self, request: Request) -> Response:
        """POST /not-you: somebody else sits here; the session ends."""
        step = await self.steps.begun(request, NOT_YOU)
        await self.steps.sessions.end(step.visitor)
        return see_other(step.pending.authorize_path, (forget_cookie(),))

    async def _customer(
        self, step: Step, username: str, request: Request
    ) -> User | None:
        """Whose name and password these are; what was no failure is not counted."""
        attempt = password_attempt(
            username, request.connection.client_address, step.browser
        )
        password = step.form.get("password", "")
        self.throttle.admit(attempt.accounts)
        try:
            user = await self.passwords.find_user(username, password, attempt.asker)
        except TooBusy:
            self.throttle.take_back(attempt.accounts)
            raise
        if user is not None:
            self.throttle.take_back(attempt.accounts)
        return user
