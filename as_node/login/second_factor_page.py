"""The page that asks for the code of an authenticator."""

from twisted.web.template import Flattenable

from as_node.browser.forms import (
    alert,
    cookie_of,
    filled_in_form,
    hidden_fields,
    titled,
)
from as_node.browser.frame import page_response
from as_node.browser.pending_requests import PendingRequest
from as_node.browser.sessions import Visitor
from as_node.login.notice import FIRST, Notice
from as_node.login.sign_in_page import CANCEL
from as_node.login.totp import STEP, ShownCode
from as_node.login.users import User
from pki.html.templates import filled, template
from pki.http.messages import Response

SECOND_FACTOR = "/second-factor"
NOT_YOU = "/not-you"

_PAGE = template(__file__, "second_factor")
_SHOWN = template(__file__, "shown_code")
_NONE_SHOWN = template(__file__, "no_shown_code")


def second_factor_page(
    pending: PendingRequest,
    visitor: Visitor,
    user: User,
    shown: ShownCode | None,
    notice: Notice = FIRST,
) -> Response:
    """
    The page; *shown* is the code that a test bank tells, if it has one to tell.

    *notice* says why it is shown again.
    """
    content = filled(
        _PAGE,
        name=user.name,
        alert=alert(notice.message),
        fields=hidden_fields(pending, visitor, SECOND_FACTOR),
        not_you_fields=hidden_fields(pending, visitor, NOT_YOU),
        cancel_fields=hidden_fields(pending, visitor, CANCEL),
        shown=_told(pending, visitor, user, shown),
    )
    return page_response(
        notice.status,
        titled("Confirm it is you", notice.message),
        content,
        redirect_uri=pending.asked.redirect_uri,
        headers=(*cookie_of(visitor), *notice.headers()),
    )


def _told(
    pending: PendingRequest, visitor: Visitor, user: User, shown: ShownCode | None
) -> Flattenable:
    """Her code at a test bank, and a form that is filled in with it."""
    if user.shown_password is None:  # her authenticator is her own affair
        return ""
    if shown is None:
        return filled(_NONE_SHOWN, seconds=str(STEP))
    digits = f"{shown.code[:3]} {shown.code[3:]}"
    return filled(
        _SHOWN,
        holder=user.name,
        code=digits,
        seconds=str(shown.seconds),
        form=filled_in_form(
            SECOND_FACTOR,
            hidden_fields(pending, visitor, SECOND_FACTOR),
            "Confirm with this code",
            totp=shown.code,
        ),
    )
