"""What every form of ours carries, and what may stand above one."""

from twisted.web.template import Flattenable, tags

from as_node.browser.csrf import FIELD, csrf_token
from as_node.browser.pending_requests import PendingRequest
from as_node.browser.sessions import Visitor, set_cookie
from pki.http.messages import Fields


def hidden_fields(pending: PendingRequest, visitor: Visitor, step: str) -> Flattenable:
    """The request that the form is about, and the proof that the form is ours."""
    fields = {
        "client_id": pending.client.client_id,
        "request_uri": pending.request_uri,
        FIELD: csrf_token(visitor, step, pending.request_uri),
    }
    return [
        tags.input(type="hidden", name=name, value=value)
        for name, value in fields.items()
    ]


def filled_in_form(
    path: str, fields: Flattenable, label: str, **values: str
) -> Flattenable:
    """
    A second form to *path* that needs no typing: a button, and *values* behind it.

    It is sent as one that she typed into, and judged alike: there is no way in but
    the one that the first form leads to. Its *values* can be read in the page, so
    they are those that the page tells anyway.
    """
    return tags.form(
        fields,
        [
            tags.input(type="hidden", name=name, value=value)
            for name, value in values.items()
        ],
        tags.button(label, type="submit", class_="other"),
        class_="filled-in",
        method="post",
        action=path,
    )


def alert(message: str) -> Flattenable:
    """Why the same page is shown again; a screen reader says it first."""
    if not message:
        return ""
    return tags.p(message, class_="alert", role="alert", id="alert")


def titled(title: str, message: str) -> str:
    """A page's title, of which a screen reader says the first words first."""
    return f"Please try again: {title}" if message else title


def cookie_of(visitor: Visitor) -> Fields:
    """The cookie, for a browser that does not have it yet."""
    return (set_cookie(visitor),) if visitor.is_new else ()
