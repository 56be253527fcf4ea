"""What is read of a token, and kept of status lists."""

from as_node.tokens.access_tokens import LONGEST_JWT
from as_node.tokens.status_lists import MOST_LISTS
from pki.bound import Bound

BOUNDS = (
    Bound(
        name="token.size",
        what="a JWT access token that somebody presents to its issuer",
        most=LONGEST_JWT,
        unit="characters",
        beyond="unknown: `active` is false, or 401 `invalid_token`",
        why="one of ours takes a thousand",
    ),
    Bound(
        name="status-lists.made",
        what="status lists of the authorization server, in memory",
        most=MOST_LISTS,
        unit="",
        beyond="made again from the store when asked for",
        why="one is of 16 kB and 131 072 tokens",
    ),
)
