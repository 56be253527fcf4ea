"""How much of the recordings is followed."""

from pki.bound import Bound
from scripts.walkthrough.recordings.following import LARGEST_LEAP, MOST_FILES

BOUNDS = (
    Bound(
        name="walkthrough.files",
        what="recordings that the walk-through follows",
        most=MOST_FILES,
        unit="",
        beyond="not followed",
        why="three nodes write one each",
    ),
    Bound(
        name="walkthrough.leap",
        what="what it reads of a recording that nobody has looked at for a while",
        most=LARGEST_LEAP,
        unit="bytes",
        beyond="what is older is passed over",
        why="it was long ago",
    ),
)
