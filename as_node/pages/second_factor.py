"""The page that asks for the code of an authenticator."""

from twisted.web.template import Flattenable

from as_node.asking import Asking
from as_node.pages.forms import alert, cookie_of, hidden_fields, titled
from as_node.pages.frame import filled, page_response, template
from as_node.pages.sign_in import CANCEL
from as_node.sessions import Visitor
from as_node.totp import STEP, ShownCode
from as_node.users import User
from pki.mtls.messages import Response

SECOND_FACTOR = "/second-factor"
NOT_YOU = "/not-you"

_PAGE = template("second_factor")
_SHOWN = template("shown_code")
_NONE_SHOWN = template("no_shown_code")


def second_factor_page(
    status: int,
    asking: Asking,
    visitor: Visitor,
    user: User,
    shown: ShownCode | None,
    message: str = "",
) -> Response:
    """The page; *shown* is the code that a test bank tells, if it has one to tell."""
    content = filled(
        _PAGE,
        name=user.name,
        alert=alert(message),
        fields=hidden_fields(asking, visitor, SECOND_FACTOR),
        not_you_fields=hidden_fields(asking, visitor, NOT_YOU),
        cancel_fields=hidden_fields(asking, visitor, CANCEL),
        shown=_shown(user, shown),
    )
    return page_response(
        status,
        titled("Confirm it is you", message),
        content,
        redirect_uri=asking.redirect_uri,
        headers=cookie_of(visitor),
    )


def _shown(user: User, shown: ShownCode | None) -> Flattenable:
    if user.shown_password is None:  # her authenticator is her own affair
        return ""
    if shown is None:
        return filled(_NONE_SHOWN, seconds=str(STEP))
    digits = f"{shown.code[:3]} {shown.code[3:]}"
    return filled(_SHOWN, name=user.name, code=digits, seconds=str(shown.seconds))
