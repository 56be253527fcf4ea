"""What is remembered of a request and of a form that were answered."""

from as_node.browser.double_submit import LARGEST, SECONDS
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
    Bound(
        name="form.answers",
        what="answers to forms of customers, for one that is sent twice",
        most=LARGEST,
        unit="",
        beyond="the oldest forgotten: a page says what the form is too late for",
        why="in memory, of 1 kB each",
    ),
    Bound(
        name="form.answered-again",
        what="how long such an answer is given again",
        most=SECONDS,
        unit="seconds",
        beyond="a page says what the form is too late for",
        why="an impatient finger",
    ),
)
