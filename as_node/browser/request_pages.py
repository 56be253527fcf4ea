"""
Why a browser's link is not one to an authorization request: a page for each reason.

Two people read it: a customer, who can only start again, and whoever builds the client
that sent her here, who wants to know what to mend. The last sentence is for the second.
None repeats what came or tells of anybody else's request: that it is pending, whose it
is, what it asks. Who has a `request_uri` of another client learns that it is one, and
cannot have guessed it.
"""

from as_node.browser.error_pages import PageRefusal

_AGAIN = "Go back to the app or website you came from, and start again."


class RequestNotUsable(PageRefusal):
    """The link is not, or no longer, that of an authorization request."""


class NotOneClientId(RequestNotUsable):
    """RFC 9126 section 4: `client_id` is missing, or there twice."""

    heading = "This link is not complete"
    text = f"{_AGAIN} For its developers: the link needs one client_id."


class NotOneRequestUri(RequestNotUsable):
    """RFC 9126 section 4: `request_uri` is missing, or there twice."""

    heading = "This link is not complete"
    text = (
        f"{_AGAIN} For its developers: the link needs one request_uri. Requests are"
        " pushed to this bank (RFC 9126), and not sent through the browser."
    )


class UnknownRequest(RequestNotUsable):
    """No such request is kept: mistyped, invented, or over for long."""

    heading = "We do not know this request"
    text = (
        f"{_AGAIN} For its developers: this request_uri was not given out here, or it"
        " ended some time ago."
    )


class AnsweredRequest(RequestNotUsable):
    """FAPI 2.0 Security Profile section 5.3.2.2: there is one answer to a request."""

    heading = "This request was answered already"
    text = (
        "If you have just answered, there is nothing left to do here. Otherwise go back"
        " to the app or website you came from, and start again. For its developers: a"
        " request_uri is good for one answer."
    )


class ExpiredRequest(RequestNotUsable):
    """RFC 9126 section 2.2: its time is over."""

    heading = "This link has expired"
    text = (
        f"It is too old, and nothing was shared. {_AGAIN} For its developers: the"
        " expires_in of this request_uri is over."
    )


class AnothersRequest(RequestNotUsable):
    """RFC 9126 section 2.2: the request is bound to the client that pushed it."""

    heading = "This link is not in order"
    text = (
        f"{_AGAIN} For its developers: this request_uri was pushed by another client"
        " than the client_id names."
    )


class NotRegisteredAnyMore(RequestNotUsable):
    """The registration has lost, since the push, what the request needs."""

    heading = "This app may not ask for this any more"
    text = (
        f"Nothing was shared. {_AGAIN} For its developers: the registration has changed"
        " since the request was pushed."
    )
