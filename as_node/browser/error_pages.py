"""
Refusals that a person reads in her browser: a page, and never a redirect.

Each says in plain words what happened and what to do next. Nothing that came with
the request decides where a page leads: a link goes to our own authorization endpoint
or nowhere.
"""

from as_node.browser.authorize_path import authorize_path
from as_node.browser.message import Message, message_page
from pki.http.checks import Check
from pki.http.messages import Fields, Refusal, Response
from pki.node.store_away import RETRY_AFTER


class PageRefusal(Refusal):
    """A refusal shown as a page: *status*, a heading, and what to do next."""

    status = 400
    heading = ""
    text = ""

    def response(self) -> Response:
        """The page, which leads nowhere unless `next_link` gives a path of ours."""
        message = Message(self.heading, self.text, *self.next_link())
        return message_page(self.status, message, headers=self.headers())

    def next_link(self) -> tuple[str, str]:
        """The words and the path of a link of ours; two empty texts for none."""
        return ("", "")

    def headers(self) -> Fields:
        """What this refusal adds to the answer's header."""
        return ()


class RequestNotUsable(PageRefusal):
    """The link is not, or no longer, that of an authorization request."""

    heading = "This link has expired"
    text = (
        "It was used already, or it is too old, or a part of it is missing. If you"
        " have just answered, there is nothing left to do here. Otherwise go back to"
        " the app or website you came from, and start again."
    )


class UnreadableForm(PageRefusal):
    """A form that our pages do not send."""

    heading = "We could not read that"
    text = "Please go back to the app or website you came from and start again."


class ForeignForm(PageRefusal):
    """
    The form does not belong to this browser's session; see `as_node.browser.csrf`.

    *client_id* and *request_uri* are what the form says: where to go on.
    """

    status = 403
    heading = "This page was out of date"
    text = (
        "Nothing was changed. This happens when you sign in, sign out or answer in"
        " another window, or go back to an old page."
    )

    def __init__(
        self,
        detail: str,
        check: Check | None = None,
        *,
        client_id: str = "",
        request_uri: str = "",
        expected: str = "",
        presented: str = "",
    ) -> None:
        super().__init__(detail, check, expected=expected, presented=presented)
        self._client_id = client_id
        self._request_uri = request_uri

    def next_link(self) -> tuple[str, str]:
        """The same request, as it stands now for whoever is signed in."""
        if not self._client_id or not self._request_uri:
            return ("", "")
        return ("Continue", authorize_path(self._client_id, self._request_uri))


class ConsentNotUsable(PageRefusal):
    """The bank has no such consent to give: unknown, another client's, or decided."""

    heading = "This request cannot be answered"
    text = (
        "It was answered before, or withdrawn, or it is too old. Please go back to"
        " the app or website you came from and start again."
    )


class OutOfService(PageRefusal):
    """What we keep cannot be kept or read at the moment. Nothing has been decided."""

    status = 503
    heading = "We cannot do this just now"
    text = (
        "Something is wrong on our side. Nothing was shared, and nothing is lost."
        " Please load this page again in a moment."
    )

    def headers(self) -> Fields:
        """RFC 9110 section 10.2.3."""
        return RETRY_AFTER


class TryAgainLater(PageRefusal):
    """Something we depend on is away. Nothing has been decided."""

    status = 503
    heading = "We cannot reach your accounts just now"
    text = "Nothing was shared. Please load this page again in a minute."

    def headers(self) -> Fields:
        """RFC 9110 section 10.2.3."""
        return (("Retry-After", "60"),)
