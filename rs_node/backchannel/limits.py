"""What the authorization server may report."""

from pki.bound import Bound
from rs_node.backchannel.decision_request import LONGEST_TEXT, MOST_ACCOUNTS

BOUNDS = (
    Bound(
        name="decision.text",
        what="each text of a decision that is reported",
        most=LONGEST_TEXT,
        unit="characters",
        beyond="400 `invalid_request`",
        why="kept with the consent",
    ),
    Bound(
        name="decision.accounts",
        what="accounts of one decision",
        most=MOST_ACCOUNTS,
        unit="",
        beyond="400 `invalid_request`",
        why="a customer has four",
    ),
)
