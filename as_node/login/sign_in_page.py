"""The page that asks for a name and a password."""

from collections.abc import Sequence

from twisted.web.template import Flattenable, tags

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
from as_node.login.users import User
from pki.html.templates import filled, template
from pki.http.messages import Response

SIGN_IN = "/sign-in"
CANCEL = "/cancel"
"""Where its two forms lead: on, and back to the client with `access_denied`."""

_PAGE = template(__file__, "sign_in")
_SHOWN = template(__file__, "shown_users")


def sign_in_page(
    pending: PendingRequest,
    visitor: Visitor,
    shown: Sequence[User],
    notice: Notice = FIRST,
    username: str = "",
) -> Response:
    """
    The page; *shown* are the customers whose passwords a test bank tells.

    *notice* says why it is shown again, *username* what was typed then.
    """
    content = filled(
        _PAGE,
        client_name=pending.client.name_for_people,
        alert=alert(notice.message),
        username=username,
        fields=hidden_fields(pending, visitor, SIGN_IN),
        cancel_fields=hidden_fields(pending, visitor, CANCEL),
        shown=_told(pending, visitor, shown) if shown else "",
    )
    return page_response(
        notice.status,
        titled("Sign in", notice.message),
        content,
        redirect_uri=pending.asked.redirect_uri,
        headers=(*cookie_of(visitor), *notice.headers()),
    )


def _told(
    pending: PendingRequest, visitor: Visitor, shown: Sequence[User]
) -> Flattenable:
    """Who she can be at a test bank; a form for each that is filled in already."""
    fields = hidden_fields(pending, visitor, SIGN_IN)
    return filled(_SHOWN, users=[_row(user, fields) for user in shown])


def _row(user: User, fields: Flattenable) -> Flattenable:
    password = user.shown_password or ""
    return tags.div(
        tags.dl(
            tags.dt(user.name),
            tags.dd(tags.code(user.sub)),
            tags.dd(tags.code(password)),
        ),
        filled_in_form(
            SIGN_IN,
            fields,
            f"Sign in as {user.name}",
            username=user.sub,
            password=password,
        ),
    )
