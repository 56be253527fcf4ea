"""What is taken apart of one message, and remembered of it."""

from pki.bound import Bound
from scripts.walkthrough.story.message_contents import MOST_PARAMETERS
from scripts.walkthrough.story.token_bindings import MOST_TOKENS

BOUNDS = (
    Bound(
        name="walkthrough.parameters",
        what="parameters of a message that are told apart",
        most=MOST_PARAMETERS,
        unit="",
        beyond="none of them is",
        why="a peer may send thousands",
    ),
    Bound(
        name="walkthrough.tokens",
        what="tokens whose bindings are remembered",
        most=MOST_TOKENS,
        unit="",
        beyond="the oldest is forgotten",
        why="they end after minutes",
    ),
)
