"""What a client may ask for in one request."""

from pki.bound import Bound
from rs_node.open_banking.consent_request import MOST_PERMISSIONS
from rs_node.open_banking.transaction_query import PAGE_SIZE

BOUNDS = (
    Bound(
        name="consent.permissions",
        what="permissions that a consent asks for",
        most=MOST_PERMISSIONS,
        unit="",
        beyond="400 `U002`",
        why="there are 22, and naming one twice is allowed",
    ),
    Bound(
        name="transactions.page",
        what="transactions in one answer",
        most=PAGE_SIZE,
        unit="",
        beyond="on the next page",
        why="60 kB; nobody else is served while one is written",
    ),
)
