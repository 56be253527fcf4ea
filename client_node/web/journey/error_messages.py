"""What went wrong between us and the bank, in words a customer understands."""

from dataclasses import dataclass

from client_node.oauth.requests.errors import (
    AuthorizationRefused,
    ErrorResponse,
    ResourceRefused,
    Unavailable,
    UnusableAnswer,
)
from client_node.web.journey.browser_session import COOKIE
from client_node.web.journey.connecting import NotOurs, RenewalRefused
from client_node.web.journey.customer_access import AccessEnded, ConnectionEnded
from pki.http.answers import HandshakeRefused, NoAnswer
from pki.node.store_errors import StoreFailed


@dataclass(frozen=True, slots=True)
class Words:
    """
    A status, a heading, what it means and what to do about it.

    *connect_again* says that a new connection is the way on; otherwise it is to
    try the same once more, later.
    """

    status: int
    heading: str
    text: str
    connect_again: bool = False


_AWAY = Words(
    503,
    "Your bank cannot be reached just now",
    "Nothing is lost, and nothing has changed. Please try again in a moment.",
)
_NO_SECURE_LINE = Words(
    502,
    "No secure line to your bank",
    "Your bank and we could not agree on who we are, so nothing was sent. It is not"
    " your doing, and we have made a note of it. Please try again later.",
)
_NOT_USABLE = Words(
    502,
    "Your bank's answer was not as it should be",
    "To be safe we used nothing of it. Your accounts are as they were. You can start"
    " again from the beginning.",
    connect_again=True,
)
_WE_ARE_REFUSED = Words(
    502,
    "Your bank does not accept this application",
    "It refused our request, not yours: there is nothing you did wrong, and nothing"
    " was shared. We have made a note of it. Please try again later.",
)
_ENDED = Words(
    410,
    "Your bank shares nothing with us any more",
    "What you agreed to has come to its end: its time is over, or it was ended at"
    " your bank. If you would like to see your accounts here again, connect them"
    " anew; your bank will ask you first.",
    connect_again=True,
)
_ACCESS_ENDED = Words(
    410,
    "Your bank shares nothing with us any more",
    "It wants you to sign in there again, or what you agreed to has come to its end."
    " If you would like to see your accounts here, renew access: what you share stays"
    " as it was. For other accounts, or if your bank has ended it, connect anew.",
    connect_again=True,
)
_NOT_SHARED = Words(
    403,
    "You have not shared this",
    "Your bank shows us only what you chose. To see more here, connect again and"
    " choose more.",
    connect_again=True,
)
_SHE_SAID_NO = Words(
    403,
    "Nothing was shared",
    "You did not agree at your bank, so it told us nothing. That is quite all"
    " right. Should you change your mind, connect again.",
    connect_again=True,
)
_NOT_RENEWED = Words(
    403,
    "Nothing was renewed",
    "You did not confirm it at your bank, so all is as it was. Should you change your"
    " mind, you will find it on the page of what you share.",
)
_SOMEBODY_ELSE = Words(
    403,
    "Somebody else signed in",
    "Only the customer who agreed to share these accounts can renew that, so all is as"
    " it was. You will find it on the page of what you share.",
)
_BANK_RENEWED_NOTHING = Words(
    502,
    "Your bank could not renew this",
    "It stopped half-way, so all is as it was. Please try again later; if it has ended"
    " what you agreed to, connect again.",
    connect_again=True,
)
_BANK_BUSY = Words(
    503,
    "Your bank is busy",
    "It could not finish just now, and nothing was shared. Please connect again in a"
    " few minutes.",
    connect_again=True,
)
_BANK_GAVE_UP = Words(
    502,
    "Your bank could not do this",
    "It stopped half-way, and nothing was shared. You can connect again; it will"
    " begin anew.",
    connect_again=True,
)
_NOT_OURS = Words(
    400,
    "This way back from your bank is closed",
    "It was used before, took too long, or began in another browser. If your bank is"
    " connected you will find it under your accounts; if not, start again here.",
    connect_again=True,
)
_OUR_STORE = Words(
    503,
    "We could not make a note of that",
    "Something is wrong on our side, so we stopped rather than forget it half-way."
    " Please try again in a moment.",
)
_BY_KIND: tuple[tuple[type[Exception], Words], ...] = (
    (HandshakeRefused, _NO_SECURE_LINE),  # before NoAnswer, which it is too
    (NoAnswer, _AWAY),
    (AccessEnded, _ACCESS_ENDED),  # before ConnectionEnded, which it is too
    (ConnectionEnded, _ENDED),
    (NotOurs, _NOT_OURS),
    (ErrorResponse, _WE_ARE_REFUSED),
    (StoreFailed, _OUR_STORE),
    (Unavailable, _AWAY),  # before UnusableAnswer, which it is too
    (UnusableAnswer, _NOT_USABLE),
)
_BY_AUTHORIZATION_ERROR = {
    "access_denied": _SHE_SAID_NO,
    "temporarily_unavailable": _BANK_BUSY,
    "server_error": _BANK_GAVE_UP,
}

_BY_RENEWAL_ERROR = {
    "access_denied": _NOT_RENEWED,
    "login_required": _SOMEBODY_ELSE,
    "temporarily_unavailable": _AWAY,
}

NO_COOKIE = Words(
    400,
    "We do not recognise this browser",
    "Your browser did not bring the cookie we gave it. Cookies may be switched off for"
    " this page, or you began in another browser or a private window. Allow cookies"
    " for this page, and start again here.",
    connect_again=True,
)
NOT_OUR_FORM = Words(
    403,
    "That did not come from our page",
    "To protect you, we did nothing. The page may have been open for very long, or"
    f" cookies are switched off (we need one, {COOKIE}). Go back to the first page and"
    " try again.",
)
NO_SUCH_ACCOUNT = Words(
    404,
    "There is no such account here",
    "You may not have shared it, or the connection to your bank has ended.",
)
NO_SUCH_CONNECTION = Words(
    404,
    "There is no such connection",
    "It may have been disconnected before. Nothing is shared under it.",
)
NO_SUCH_PAGE = Words(
    404,
    "There is no such page",
    "The address may be mistyped, or the page has moved.",
)
WRONG_METHOD = Words(
    405,
    "This page cannot be opened like that",
    "It is reached from a button on another page. Go back to the first page and"
    " start there.",
)

KNOWN: tuple[type[Exception], ...] = (
    AuthorizationRefused,
    ResourceRefused,
    *(kind for kind, _ in _BY_KIND),
)
"""The exceptions there are words for."""


def words_for(error: Exception) -> Words:
    """
    The words for one of `KNOWN`.

    What a server wrote is never among them: a page of ours does not speak with
    somebody else's voice.
    """
    if isinstance(error, RenewalRefused):
        return _BY_RENEWAL_ERROR.get(error.error, _BANK_RENEWED_NOTHING)
    if isinstance(error, AuthorizationRefused):
        return _BY_AUTHORIZATION_ERROR.get(error.error, _BANK_GAVE_UP)
    if isinstance(error, ResourceRefused):
        return _of_resource(error.status)
    return next(words for kind, words in _BY_KIND if isinstance(error, kind))


def _of_resource(status: int) -> Words:
    if status == 401:
        return _ENDED
    if status == 403:
        return _NOT_SHARED
    if status == 429:
        return _AWAY
    return _BANK_GAVE_UP
