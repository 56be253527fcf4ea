"""
Signing in: a password, then a second factor where one is asked for.

Every step is a page with a form; each form names the authorization request it is
about, and leads back to `/authorize` when its step is done, which then knows the
visitor better. So the steps need no memory but the session, two tabs with two
requests do not meet, and the back button shows the step that is due.
"""

from collections.abc import Callable
from dataclasses import replace

from as_node.browser.csrf import SameOrigin
from as_node.browser.pending_requests import PendingRequest, PendingRequests
from as_node.browser.posted_form import read_person_form
from as_node.browser.security_headers import see_other
from as_node.browser.sessions import (
    Sessions,
    SignedIn,
    Visitor,
    forget_cookie,
    name_of_request,
    set_cookie,
)
from as_node.login.attempts import code_attempt, password_attempt
from as_node.login.passwords import Passwords
from as_node.login.rate_limit import Throttle, TooManyAttempts
from as_node.login.second_factor_page import NOT_YOU, SECOND_FACTOR, second_factor_page
from as_node.login.sign_in_page import SIGN_IN, sign_in_page
from as_node.login.totp import Totp, UsedCode, WrongCode
from as_node.login.users import User, Users
from as_node.protocol.acr import SCA
from as_node.protocol.parameters import Parameters
from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.messages import Request, Response

PASSWORD = Check("sign-in.password", "she knows her password", "RFC 6749 section 3.1")
SECOND_FACTOR_CODE = Check(
    "sign-in.second-factor",
    "the code is her authenticator's, and new",
    "RFC 6238 section 5.2",
)

_WRONG = "That name and password do not belong together. Please try again."
_WRONG_CODE = "That is not the right code. Please try again."
_USED_CODE = "That code was used already. Please use the next one."


class SignIn:
    """
    The steps; each form is about one of *pending_requests*.

    *clock* gives seconds since the epoch.
    """

    def __init__(  # noqa: PLR0913 - what signing in consists of
        self,
        *,
        users: Users,
        passwords: Passwords,
        totp: Totp,
        throttle: Throttle,
        sessions: Sessions,
        same_origin: SameOrigin,
        pending_requests: PendingRequests,
        clock: Callable[[], float],
    ) -> None:
        self._users = users
        self._passwords = passwords
        self._totp = totp
        self._throttle = throttle
        self._sessions = sessions
        self._same_origin = same_origin
        self._pending_requests = pending_requests
        self._clock = clock

    def page_for(self, pending: PendingRequest, visitor: Visitor) -> Response | None:
        """
        The page of the step that is due, or None: the visitor is known well enough.
        """
        known = self._known(pending, visitor)
        if known is None:
            return self._sign_in_page(pending, visitor)
        user, signed_in = known
        if pending.asked.authentication.second_factor and signed_in.acr != SCA:
            return self._second_factor_page(pending, visitor, user)
        return None

    async def sign_in(self, request: Request) -> Response:
        """POST /sign-in: a name and a password."""
        form, visitor, pending = await self._step(request, SIGN_IN)
        username = form.get("username", "")
        attempt = password_attempt(username, request.connection.client_address)
        try:
            self._throttle.admit(attempt)
        except TooManyAttempts as error:
            request.journal.about(sign_in="throttled")
            return self._sign_in_page(
                pending, visitor, status=429, message=_wait(error), username=username
            )
        user = await self._passwords.find_user(username, form.get("password", ""))
        if user is None:
            request.journal.about(sign_in="wrong name or password")
            return self._sign_in_page(
                pending, visitor, status=403, message=_WRONG, username=username
            )
        self._throttle.take_back(attempt)
        signed_in = SignedIn(
            sub=user.sub,
            auth_time=int(self._clock()),
            made_for=name_of_request(pending.request_uri),
        )
        return await self._proceed(request, pending, visitor, signed_in, PASSWORD)

    async def second_factor(self, request: Request) -> Response:
        """
        POST /second-factor: the code of an authenticator.

        It adds to a sign-in that is recent enough for this request, and stands for
        none: who has to sign in anew does both.
        """
        form, visitor, pending = await self._step(request, SECOND_FACTOR)
        known = self._known(pending, visitor)
        if known is None:  # her session ended while she looked for the code
            return see_other(pending.authorize_path)
        user, signed_in = known
        attempt = code_attempt(user.sub)
        try:
            self._throttle.admit(attempt)
            await self._totp.verify_code(
                user.sub, user.totp_secret, form.get("totp", "")
            )
        except TooManyAttempts as error:
            request.journal.about(second_factor="throttled")
            return self._second_factor_page(pending, visitor, user, 429, _wait(error))
        except WrongCode as error:
            request.journal.about(second_factor=str(error))
            message = _USED_CODE if isinstance(error, UsedCode) else _WRONG_CODE
            return self._second_factor_page(pending, visitor, user, 403, message)
        self._throttle.take_back(attempt)
        both = replace(signed_in, acr=SCA)
        return await self._proceed(request, pending, visitor, both, SECOND_FACTOR_CODE)

    async def not_you(self, request: Request) -> Response:
        """POST /not-you: somebody else sits here; the session ends."""
        _, visitor, pending = await self._step(request, NOT_YOU)
        await self._sessions.end(visitor)
        return see_other(pending.authorize_path, (forget_cookie(),))

    async def _step(
        self, request: Request, step: str
    ) -> tuple[Parameters, Visitor, PendingRequest]:
        """A form of this step, who sent it, and what it is about."""
        form = read_person_form(request)
        visitor = await self._sessions.visitor(request)
        self._same_origin.verify_csrf(request, form, visitor, step)
        silent = Journal()  # that it is in force is told where she decides
        pending = await self._pending_requests.find(
            form.get("client_id", ""), form.get("request_uri", ""), silent
        )
        return form, visitor, pending

    async def _proceed(
        self,
        request: Request,
        pending: PendingRequest,
        visitor: Visitor,
        signed_in: SignedIn,
        proved: Check,
    ) -> Response:
        """She has *proved* it: a new session, and on with the request."""
        request.journal.about(sub=signed_in.sub)
        request.journal.accepted(proved, self._proceed, presented=signed_in.sub)
        known = await self._sessions.begin(visitor, signed_in)
        return see_other(pending.authorize_path, (set_cookie(known),))

    def _known(
        self, pending: PendingRequest, visitor: Visitor
    ) -> tuple[User, SignedIn] | None:
        """
        Who signed in, recently enough for this request; None of everybody else.

        OpenID Connect Core section 3.1.2.1, `prompt` and `max_age`.
        """
        signed_in = visitor.signed_in
        if signed_in is None or not pending.asked.authentication.is_recent(
            signed_in.auth_time,
            made_for_it=signed_in.was_made_for(pending.request_uri),
            now=self._clock(),
        ):
            return None
        user = self._users.find(signed_in.sub)
        return None if user is None else (user, signed_in)

    def _sign_in_page(
        self,
        pending: PendingRequest,
        visitor: Visitor,
        *,
        status: int = 200,
        message: str = "",
        username: str = "",
    ) -> Response:
        return sign_in_page(
            status, pending, visitor, self._users.shown(), message, username
        )

    def _second_factor_page(
        self,
        pending: PendingRequest,
        visitor: Visitor,
        user: User,
        status: int = 200,
        message: str = "",
    ) -> Response:
        shown = None
        if user.shown_password is not None:
            shown = self._totp.code_to_show(user.sub, user.totp_secret)
        return second_factor_page(status, pending, visitor, user, shown, message)


def _wait(error: TooManyAttempts) -> str:
    return f"Too many attempts. Please wait {error.seconds} seconds and try again."
