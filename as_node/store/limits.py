"""How much peers can have kept."""

from as_node.store.authorizations import (
    MOST_PUSHED_BY_A_CLIENT,
    MOST_PUSHED_FROM_A_NETWORK,
)
from pki.bound import Bound

BOUNDS = (
    Bound(
        name="par.of-a-client",
        what="pushed requests of one client",
        most=MOST_PUSHED_BY_A_CLIENT,
        unit="",
        beyond="429 with `Retry-After`",
        why="166 customers a second for the five minutes that one is good",
    ),
    Bound(
        name="par.of-a-network",
        what="those of a public client from one address or IPv6 /64",
        most=MOST_PUSHED_FROM_A_NETWORK,
        unit="",
        beyond="429 with `Retry-After`",
        why="anybody may push them; 3 MB at the very most",
    ),
)
