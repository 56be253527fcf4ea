"""What a customer's answer may take."""

from as_node.consent.backchannel import DEADLINE
from as_node.consent.double_submit import LARGEST, SECONDS
from pki.bound import Bound

BOUNDS = (
    Bound(
        name="consent.backchannel",
        what="the wait for the resource server",
        most=int(DEADLINE),
        unit="seconds",
        beyond="503, a page or `temporarily_unavailable`",
        why="a person waits",
    ),
    Bound(
        name="consent.answers",
        what="answers to consent forms, for one that is sent twice",
        most=LARGEST,
        unit="",
        beyond="the oldest forgotten: a page says that the request was answered",
        why="in memory, of 1 kB each",
    ),
    Bound(
        name="consent.answered-again",
        what="how long such an answer is given again",
        most=SECONDS,
        unit="seconds",
        beyond="a page says that the request was answered",
        why="an impatient finger",
    ),
)
