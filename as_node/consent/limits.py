"""What a customer's answer may take."""

from as_node.consent.backchannel import DEADLINE
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
)
