"""The second step of signing in: the code of an authenticator."""

from dataclasses import dataclass, field, replace
from functools import partial

from as_node.browser.pending_requests import PendingRequest
from as_node.browser.security_headers import see_other
from as_node.browser.sessions import Visitor
from as_node.login.attempts import code_attempt
from as_node.login.notice import FIRST, Notice, wait_notice
from as_node.login.rate_limit import Throttle, TooManyAttempts
from as_node.login.second_factor_page import SECOND_FACTOR, second_factor_page
from as_node.login.steps import Step, Steps
from as_node.login.totp import Totp, UsedCode, WrongCode
from as_node.login.users import User
from as_node.protocol.acr import SCA
from pki.http.checks import Check
from pki.http.messages import Request, Response
from pki.node.single_flight import SingleFlight

SECOND_FACTOR_CODE = Check(
    "sign-in.second-factor",
    "the code is her authenticator's, and new",
    "RFC 6238 section 5.2",
)

_WRONG = Notice(403, "That is not the right code. Please try again.")
_USED = Notice(403, "That code was used already. Please use the next one.")


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """Codes of *totp*; *throttle* slows guessing down."""

    steps: Steps
    totp: Totp
    throttle: Throttle
    _under_way: SingleFlight[Response] = field(default_factory=SingleFlight)

    def page(
        self,
        pending: PendingRequest,
        visitor: Visitor,
        user: User,
        notice: Notice = FIRST,
    ) -> Response:
        """The page, with the code itself where the bank is one for tests."""
        shown = None
        if user.shown_password is not None:
            shown = self.totp.code_to_show(user.sub, user.totp_secret)
        return second_factor_page(pending, visitor, user, shown, notice)

    async def answer(self, request: Request) -> Response:
        """
        POST /second-factor.

        It adds to a sign-in that is recent enough for this request, and stands for
        none: who has to sign in anew does both.
        """
        # A form that is sent twice at once, by a double click, is answered once: the
        # second would find its code used, and tell her so while the first lets her in.
        self.steps.same_origin.verify_origin(request)
        form = f"{request.header('cookie')} {request.body!r}"
        return await self._under_way.join(form, partial(self._answered, request))

    async def _answered(self, request: Request) -> Response:
        again = await self.steps.answered(request)
        if again is not None:
            return again
        step = await self.steps.begun(request, SECOND_FACTOR)
        known = self.steps.known(step.pending, step.visitor)
        if known is None:  # her session ended while she looked for the code
            return see_other(step.pending.authorize_path)
        user, signed_in = known
        try:
            await self._verify(step, user)
        except TooManyAttempts as error:
            request.journal.about(
                second_factor="throttled",
                expected=str(error.rate),
                presented=str(error),
            )
            notice = wait_notice(error.seconds)
            return self.page(step.pending, step.visitor, user, notice)
        except WrongCode as error:
            request.journal.about(second_factor=str(error))
            notice = _USED if isinstance(error, UsedCode) else _WRONG
            return self.page(step.pending, step.visitor, user, notice)
        request.journal.accepted(SECOND_FACTOR_CODE, self.answer, presented=user.sub)
        return await self.steps.done(step, replace(signed_in, acr=SCA), request.journal)

    async def _verify(self, step: Step, user: User) -> None:
        """The code is right; what was no failure is not counted."""
        attempt = code_attempt(user.sub, step.browser)
        self.throttle.admit(attempt)
        code = step.form.get("totp", "")
        await self.totp.verify_code(user.sub, user.totp_secret, code)
        self.throttle.take_back(attempt)
