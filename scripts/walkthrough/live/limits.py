"""How much of a story is kept, read in one go, and sent in one part."""

from dataclasses import dataclass

from scripts.walkthrough.evidence.correlation import MOST_EVENTS, MOST_HAPPENINGS
from scripts.walkthrough.recordings.following import LARGEST_TURN


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """
    What keeps a long day small, and a flood from standing in the way of others.

    Kept are *most_steps*, *most_handshakes* and *most_happenings*, of each the latest,
    and *most_events* of one interaction. One turn of the reactor reads *largest_turn*
    bytes, takes in *most_events_at_once* and tells *most_told_at_once* happenings: a
    few tens of milliseconds each.

    A part of the story has *most_steps_at_once*, and *largest_part* characters of them;
    a step that has more by itself is one alone.
    """

    most_steps: int = 300
    most_handshakes: int = 2000
    most_happenings: int = MOST_HAPPENINGS
    most_events: int = MOST_EVENTS
    largest_turn: int = LARGEST_TURN
    most_events_at_once: int = 500
    most_told_at_once: int = 5
    most_steps_at_once: int = 50
    largest_part: int = 4 * 1024 * 1024


LIMITS = Limits()
"""Those of the observer as it is served."""
