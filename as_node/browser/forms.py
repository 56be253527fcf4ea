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
