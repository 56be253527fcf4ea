"""
The rim of this API: every refusal in its form.

A missing or invalid token is 401 with a challenge and without a body.
"""

from collections.abc import Awaitable, Callable
from functools import partial

from pki.http.checks import Check
from pki.http.messages import NO_STORE, Refusal, Request, Response
from pki.http.routes import MethodNotAllowed, NotFound
from pki.node.store_away import RETRY_AFTER, unless_store_fails
from rs_node.access.challenges import Challenge, Unavailable
from rs_node.open_banking.envelope import answer, error
from rs_node.open_banking.refusals import (
    ConsentExpired,
    Forbidden,
    HeaderInvalid,
    OpenBankingRefusal,
)

Handler = Callable[..., Awaitable[Response]]

_PATHS = "/open-banking/"


class _Challenged(Refusal):
    """A challenge as this API answers it; all else is the original's."""

    def __init__(self, challenge: Challenge) -> None:
        super().__init__(
            challenge.detail,
            challenge.check,
            expected=challenge.expected,
            presented=challenge.presented,
        )
        self._challenge = challenge

    def response(self) -> Response:
        challenge = self._challenge
        header = challenge.header()
        if isinstance(challenge, ConsentExpired):
            body = error(challenge.code, challenge.message)
            return answer(challenge.status, body, (header,))
        if challenge.status == 401:
            return Response(401, (*NO_STORE, header))
        refused = Forbidden if challenge.status == 403 else HeaderInvalid
        body = error(refused.code, challenge.error_description)
        return answer(challenge.status, body, (header,))


class _OutOfService(OpenBankingRefusal):
    """Our own trouble, of which the peer learns nothing but when to come back."""

    status = 503
    code = "U000"
    message = "the bank cannot answer at the moment"

    def response(self) -> Response:
        told = error(self.code, self.message)
        return answer(self.status, told, RETRY_AFTER)


class _NotServed(OpenBankingRefusal):
    """Nothing is served under this path; the code is that of no such resource."""

    status = 404
    code = "U011"
    message = "nothing is served under this path"


class _MethodNotServed(OpenBankingRefusal):
    """
    RFC 9110 section 15.5.6: the path is served, by other methods.

    The standard has no code for it, so it is the one for other reasons.
    """

    status = 405
    code = "U042"
    message = "this path is not served by this method"

    def __init__(self, refused: MethodNotAllowed, check: Check | None) -> None:
        super().__init__(refused.detail, check)
        self._allowed = ", ".join(refused.allowed)

    def response(self) -> Response:
        told = error(self.code, self.message)
        return answer(self.status, told, (("Allow", self._allowed),))


def in_this_form_where_nothing_is_served(handler: Handler) -> Handler:
    """
    The routes of a listener, *handler*: under this API's paths 404 and 405 in its form.

    Under all other paths they are as they were.
    """

    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except NotFound as refused:
            if not request.path.startswith(_PATHS):
                raise
            raise _NotServed(refused.detail, refused.check) from refused
        except MethodNotAllowed as refused:
            if not request.path.startswith(_PATHS):
                raise
            raise _MethodNotServed(refused, refused.check) from refused

    return answered


def answering(handler: Handler, resource_metadata: str) -> Handler:
    """
    *handler*, whose refusals are answered in the form of this API.

    *resource_metadata* is the address that every challenge tells (RFC 9728).
    """

    async def answered(request: Request, **captured: str) -> Response:
        try:
            return await handler(request, **captured)
        except Challenge as challenge:
            challenge.resource_metadata = resource_metadata
            raise _Challenged(challenge) from challenge
        except Unavailable as unavailable:
            raise _OutOfService(unavailable.detail, unavailable.check) from unavailable

    return unless_store_fails(answered, partial(_OutOfService, check=None))
