"""What is remembered of a request that is over."""

from as_node.browser.pending_requests import ANSWERED_SECONDS
from pki.bound import Bound

BOUNDS = (
    Bound(
        name="authorize.answered",
        what="the note that a request was answered",
        most=ANSWERED_SECONDS,
        unit="seconds",
        beyond="400, a page that knows no such request",
        why="for the back button; it is a row of 100 bytes",
    ),
)
