"""How many consents may wait, and for how long."""

from pki.bound import Bound
from rs_node.consents.awaiting import MOST_OF_A_CLIENT, MOST_OF_ALL
from rs_node.consents.consent import AUTHORISATION_SECONDS

BOUNDS = (
    Bound(
        name="consents.of-a-client",
        what="consents of one client that await their customers",
        most=MOST_OF_A_CLIENT,
        unit="",
        beyond="429 with `Retry-After`",
        why="as many customers on their way within a day; 600 bytes each",
    ),
    Bound(
        name="consents.of-all",
        what="those of all clients",
        most=MOST_OF_ALL,
        unit="",
        beyond="503 with `Retry-After`",
        why="12 MB, however many clients there are",
    ),
    Bound(
        name="consents.awaiting",
        what="how long one awaits its customer",
        most=int(AUTHORISATION_SECONDS),
        unit="seconds",
        beyond="rejected, and deleted a day later",
        why="whoever has a token may ask for consents",
    ),
)
