"""
The page on which a customer confirms again what she shares already.

Nothing on it can be chosen but whether to go on: it stays the same consent, and UK Open
Banking has nothing of it changed by signing in for it again.
"""

from twisted.web.template import Flattenable, tags

from as_node.browser.forms import cookie_of, hidden_fields
from as_node.browser.frame import page_response
from as_node.browser.pending_requests import PendingRequest
from as_node.browser.sessions import Visitor
from as_node.consent.consent import Authorisation, ConsentView
from as_node.consent.consent_page import CONSENT, account_field, account_in_words
from as_node.consent.consent_terms import period, permissions_shown, until
from as_node.login.second_factor_page import NOT_YOU
from pki.html.templates import filled, template
from pki.http.messages import Response

RENEWS = "renews"
"""The field with the name of the decision that she was shown."""

_PAGE = template(__file__, "renewal")


def renewal_page(
    pending: PendingRequest,
    visitor: Visitor,
    user_name: str,
    view: ConsentView,
    given: Authorisation,
) -> Response:
    """The page, for the customer who gave the consent; *user_name* is her name."""
    shared = [each for each in view.accounts if each.account_id in given.account_ids]
    content = filled(
        _PAGE,
        client_name=pending.client.name_for_people,
        user_name=user_name,
        permissions=permissions_shown(view),
        period=period(view),
        until=until(view.expiration),
        accounts=[tags.li(tags.div(account_in_words(each))) for each in shared],
        fields=[hidden_fields(pending, visitor, CONSENT), _confirmed(given)],
        not_you_fields=hidden_fields(pending, visitor, NOT_YOU),
    )
    return page_response(
        200,
        "Go on sharing your accounts?",
        content,
        redirect_uri=pending.asked.redirect_uri,
        headers=cookie_of(visitor),
    )


def _confirmed(given: Authorisation) -> Flattenable:
    """What she confirms; that it is still so is the resource server's to say."""
    fields = {RENEWS: given.decision_id}
    fields |= {account_field(each): "yes" for each in given.account_ids}
    return [
        tags.input(type="hidden", name=name, value=value)
        for name, value in fields.items()
    ]
