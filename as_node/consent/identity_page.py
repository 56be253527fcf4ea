"""The page on which a customer decides whether a client learns who she is, no more."""

from as_node.browser.forms import cookie_of, hidden_fields
from as_node.browser.frame import page_response
from as_node.browser.pending_requests import PendingRequest
from as_node.browser.sessions import Visitor
from as_node.consent.consent_page import CONSENT
from as_node.login.second_factor_page import NOT_YOU
from as_node.login.users import User
from pki.html.templates import filled, template
from pki.http.messages import Response

_PAGE = template(__file__, "identity")


def identity_page(pending: PendingRequest, visitor: Visitor, user: User) -> Response:
    """The page, for a request that names no consent; *user* is who is signed in."""
    content = filled(
        _PAGE,
        client_name=pending.client.name_for_people,
        user_name=user.name,
        sub=user.sub,
        fields=hidden_fields(pending, visitor, CONSENT),
        not_you_fields=hidden_fields(pending, visitor, NOT_YOU),
    )
    return page_response(
        200,
        "Say who you are?",
        content,
        redirect_uri=pending.asked.redirect_uri,
        headers=cookie_of(visitor),
    )
