"""
The page on which a customer decides: who asks, what for, until when, which accounts.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from twisted.web.template import Flattenable, tags

from as_node.browser.forms import alert, cookie_of, hidden_fields, titled
from as_node.browser.frame import page_response
from as_node.browser.pending_requests import PendingRequest
from as_node.browser.sessions import Visitor
from as_node.consent.consent import ConsentView, CustomerAccount
from as_node.consent.permissions import permissions_in_words
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
    in_words = permissions_in_words(view.permissions)
    content = filled(
        _PAGE,
        client_name=pending.client.name_for_people,
        user_name=user_name,
        alert=alert(message),
        permissions=[_permission(group, each) for group, each in in_words.items()],
        period=_period(view),
        until=_until(view.expiration),
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


def _permission(group: str, words: tuple[str, ...]) -> Flattenable:
    return tags.div(tags.dt(group), tags.dd(tags.ul(tags.li(each) for each in words)))


def _account(account: CustomerAccount) -> Flattenable:
    field_id = f"account-{account.account_id}"
    name = account.nickname or account.description
    what = f"{account.description}, {account.currency}"
    return tags.li(
        tags.input(
            type="checkbox",
            id=field_id,
            name=f"{_ACCOUNT}{account.account_id}",
            value="yes",
        ),
        tags.label(
            tags.span(name, class_="name"),
            " ",
            tags.span(what, class_="kind"),
            " ",
            tags.span(account.identification, class_="number"),
            for_=field_id,
        ),
    )


def _until(expiration: datetime | None) -> str:
    if expiration is None:
        return "Until you end it. No end has been asked for."
    return f"Until {_day(expiration)} at {_utc(expiration):%H:%M} UTC."


def _period(view: ConsentView) -> Flattenable:
    """The bounds of the transactions, where the consent has some."""
    first, last = view.transaction_from, view.transaction_to
    if first and last:
        words = f"from {_day(first)} to {_day(last)}"
    elif first:
        words = f"from {_day(first)} on"
    elif last:
        words = f"up to {_day(last)}"
    else:
        return ""
    return tags.p(f"Only transactions {words}.")


def _day(time: datetime) -> str:
    """As people write it, whatever the locale of the machine."""
    utc = _utc(time)
    return f"{utc.day} {_MONTHS[utc.month - 1]} {utc.year}"


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC)


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
