"""An answer with another status than the one asked for, told by what it means."""

from client_node.oauth.requests.errors import Unavailable, UnusableAnswer
from pki.http.answers import Answer

_NOW = (502, 503, 504)  # it, or a server behind it; of 500 nobody knows how long


def unexpected_status(answer: Answer, what: str, expected: int) -> UnusableAnswer:
    """
    What to raise for an *answer* that is neither *expected* nor a refusal.

    RFC 9110 section 15.6.3 and the next two: that a server cannot do its work now says
    nothing about the request; it may say when to come back (section 10.2.3).
    """
    told = f"{what}: {answer.status} instead of {expected}"
    if answer.status not in _NOW:
        return UnusableAnswer(told)
    after = answer.header("retry-after") or ""
    again = f" in {after} seconds" if after.isdecimal() and len(after) < 7 else ""
    return Unavailable(f"{told}: the server cannot answer now, try again{again}")
