"""What is kept for a browser that nobody has signed in at."""

from client_node.web.store.store import (
    ATTEMPT_LIFETIME,
    MOST_ATTEMPTS,
    SESSION_LIFETIME,
)
from pki.bound import Bound

BOUNDS = (
    Bound(
        name="web.attempts",
        what="ways to the bank that one browser has begun",
        most=MOST_ATTEMPTS,
        unit="",
        beyond="the oldest is forgotten: 400, a page",
        why="tabs; 500 bytes each",
    ),
    Bound(
        name="web.attempt-time",
        what="how long one may take, and its session is kept for it",
        most=ATTEMPT_LIFETIME,
        unit="seconds",
        beyond="400, a page",
        why="an hour is time enough, and anybody can begin one",
    ),
    Bound(
        name="web.session-time",
        what="how long a session is kept from the last bank that was connected",
        most=SESSION_LIFETIME,
        unit="seconds",
        beyond="forgotten with its connections",
        why="consents live for 90 days",
    ),
)
