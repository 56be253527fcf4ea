"""What a terminal is given, and how long a person is waited for."""

from client_node.cli.mobile import PATIENCE
from client_node.cli.printer import LONGEST_SHOWN
from client_node.cli.run import LONGEST_TOKEN
from pki.bound import Bound

BOUNDS = (
    Bound(
        name="cli.shown",
        what="one value that is shown at a terminal",
        most=LONGEST_SHOWN,
        unit="characters",
        beyond="cut off, with its length",
        why="a server may send a megabyte",
    ),
    Bound(
        name="cli.token",
        what="a token that is read from standard input",
        most=LONGEST_TOKEN,
        unit="characters",
        beyond="cut off, and refused by whoever verifies it",
        why="more than a header may have",
    ),
    Bound(
        name="cli.patience",
        what="the wait for somebody to come back from the bank",
        most=int(PATIENCE),
        unit="seconds",
        beyond="given up, exit 3",
        why="as long as a pushed request lives",
    ),
)
