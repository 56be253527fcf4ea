"""What is remembered of tokens."""

from pki.bound import Bound
from rs_node.access.token_cache import MOST_TOKENS

BOUNDS = (
    Bound(
        name="tokens.kept",
        what="tokens that the resource server has verified, or asked about; of each"
        " kind",
        most=MOST_TOKENS,
        unit="",
        beyond="the one used least recently is verified again",
        why="2 kB each",
    ),
)
