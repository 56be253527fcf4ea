"""
The page on which a customer decides: who asks, what for, until when, which accounts.
"""

from collections.abc import Mapping

from twisted.web.template import Flattenable, tags

from as_node.browser.forms import alert, cookie_of, hidden_fields, titled
from as_node.browser.frame import page_response
from as_node.browser.pending_requests import PendingRequest
from as_node.browser.sessions import Visitor
from as_node.consent.consent import ConsentView, CustomerAccount
from as_node.consent.consent_terms import period, permissions_shown, until
from as_node.login.second_factor_page import NOT_YOU
from pki.html.templates import filled, template
from pki.http.messages import Response

CONSENT = "/consent"
"""Where the form leads; its field `decision` says `approved` or `refused`."""

NO_ACCOUNT_CHOSEN = "Please choose at least one account, or refuse."

_ACCOUNT = "account:"
_PAGE = template(__file__, "consent")


def consent_page(
    status: int,
    pending: PendingRequest,
    visitor: Visitor,
    user_name: str,
    view: ConsentView,
    message: str = "",
) -> Response:
    """
    The page. *user_name* is the name of the customer who is signed in.

    *message* says why it is shown again. No account is chosen in advance: to share
    one is her decision.
    """
    content = filled(
        _PAGE,
        client_name=pending.client.name_for_people,
        user_name=user_name,
        alert=alert(message),
        permissions=permissions_shown(view),
        period=period(view),
        until=until(view.expiration),
        fields=hidden_fields(pending, visitor, CONSENT),
        accounts=[_account(each) for each in view.accounts],
        not_you_fields=hidden_fields(pending, visitor, NOT_YOU),
    )
    return page_response(
        status,
        titled("Share your accounts?", message),
        content,
        redirect_uri=pending.asked.redirect_uri,
        headers=cookie_of(visitor),
    )


def chosen_accounts(form: Mapping[str, str]) -> tuple[str, ...]:
    """
    The identifiers of the accounts that the customer ticked, as the form has them.

    Whether they are hers is the resource server's to say.
    """
    return tuple(n.removeprefix(_ACCOUNT) for n in form if n.startswith(_ACCOUNT))


def account_field(account_id: str) -> str:
    """The name of the field that says whether an account is chosen."""
    return f"{_ACCOUNT}{account_id}"


def account_in_words(account: CustomerAccount) -> Flattenable:
    """Her name for it, what it is, and its number."""
    name = account.nickname or account.description
    what = f"{account.description}, {account.currency}"
    return [
        tags.span(name, class_="name"),
        " ",
        tags.span(what, class_="kind"),
        " ",
        tags.span(account.identification, class_="number"),
    ]


def _account(account: CustomerAccount) -> Flattenable:
    field_id = f"account-{account.account_id}"
    name = account_field(account.account_id)
    return tags.li(
        tags.input(type="checkbox", id=field_id, name=name, value="yes"),
        tags.label(account_in_words(account), for_=field_id),
    )
