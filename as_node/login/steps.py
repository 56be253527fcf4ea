"""
What each step of signing in begins and ends with.

Every step is a page with a form; each form names the authorization request it is
about, and leads back to `/authorize` when its step is done, which then knows the
visitor better. So the steps need no memory but the session, two tabs with two
requests do not meet, and the back button shows the step that is due.
"""

from collections.abc import Callable
from dataclasses import dataclass

from as_node.browser.csrf import SameOrigin
from as_node.browser.double_submit import RecentAnswers
from as_node.browser.pending_requests import PendingRequest, PendingRequests
from as_node.browser.posted_form import read_person_form
from as_node.browser.security_headers import see_other
from as_node.browser.sessions import Sessions, SignedIn, Visitor, set_cookie
from as_node.login.known_browsers import NEW_BROWSERS, KnownBrowser, KnownBrowsers
from as_node.login.users import User, Users
from as_node.protocol.acr import SCA
from as_node.protocol.parameters import Parameters
from pki.http.journal import Journal
from pki.http.messages import Request, Response


@dataclass(frozen=True, slots=True)
class Step:
    """A form that came: who sent it, about which request, from which known browser."""

    form: Parameters
    visitor: Visitor
    pending: PendingRequest
    browser: KnownBrowser | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """
    The steps of *users*; each form is about one of *pending_requests*.

    *clock* gives seconds since the epoch.
    """

    users: Users
    sessions: Sessions
    known_browsers: KnownBrowsers
    same_origin: SameOrigin
    pending_requests: PendingRequests
    recent_answers: RecentAnswers
    clock: Callable[[], float]

    async def answered(self, request: Request) -> Response | None:
        """
        What this form was answered a moment ago, in this browser; None if it is new.

        Of a double click the browser drops the first answer, perhaps before it has
        taken the cookie from it, perhaps after: the second form comes from the session
        that the first one ended, or from the one that it began. That the form is hers
        was verified the first time, and who repeats it knows its token and a session.

        Raises:
            UnreadableForm: our pages do not send it.
            ForeignForm: it was sent from a page that is not ours.
        """
        form = read_person_form(request)
        self.same_origin.verify_origin(request)
        visitor = await self.sessions.visitor(request)
        answer = self.recent_answers.find(visitor, form)
        if answer is not None:
            request.journal.about(form="the same as a moment ago, answered the same")
        return answer

    async def begun(self, request: Request, name: str) -> Step:
        """
        The form of the step *name*.

        Raises:
            PageRefusal: it is not one of ours, or its request is over.
        """
        form = read_person_form(request)
        visitor = await self.sessions.visitor(request)
        self.same_origin.verify_csrf(request, form, visitor, name)
        silent = Journal()  # that it is in force is told where she decides
        pending = await self.pending_requests.find(
            form.get("client_id", ""), form.get("request_uri", ""), silent
        )
        browser = await self.known_browsers.find(request)
        return Step(form, visitor, pending, browser)

    async def done(self, step: Step, signed_in: SignedIn, journal: Journal) -> Response:
        """She has proved it: a new session, a known browser, and on it goes."""
        journal.about(sub=signed_in.sub)
        known = await self.sessions.begin(step.visitor, signed_in)
        remembered = await self.known_browsers.remember(
            step.browser, signed_in.sub, second_factor=signed_in.acr == SCA
        )
        if not remembered:
            journal.about(browser="not remembered", expected=str(NEW_BROWSERS))
        answer = see_other(
            step.pending.authorize_path, (set_cookie(known), *remembered)
        )
        for visitor in (step.visitor, known):
            self.recent_answers.keep(visitor, step.form, answer)
        return answer

    def known(
        self, pending: PendingRequest, visitor: Visitor
    ) -> tuple[User, SignedIn] | None:
        """
        Who signed in, recently enough for this request, and whom it can be about;
        None of everybody else.

        OpenID Connect Core section 3.1.2.1, `prompt` and `max_age`; section 3.1.2.2.
        """
        signed_in, asked = visitor.signed_in, pending.asked
        if signed_in is None or not asked.can_be_about(signed_in.sub):
            return None
        if not asked.authentication.is_recent(
            signed_in.auth_time,
            made_for_it=signed_in.was_made_for(pending.request_uri),
            now=self.clock(),
        ):
            return None
        user = self.users.find(signed_in.sub)
        return None if user is None else (user, signed_in)
