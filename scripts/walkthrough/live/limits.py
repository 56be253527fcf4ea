"""How much of a story is kept, read in one go, and sent in one part."""

from dataclasses import dataclass

from pki.bound import Bound
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


MOST_NODES = 16  # whose full recordings are told of

LIMITS = Limits()
"""Those of the observer as it is served."""

_FORGOTTEN = "the oldest is forgotten"
_NEXT = "in the next turn; others are served meanwhile"

BOUNDS = (
    Bound(
        name="walkthrough.steps",
        what="steps of the live walk-through",
        most=LIMITS.most_steps,
        unit="",
        beyond=_FORGOTTEN,
        why="a long day; 10 kB each",
    ),
    Bound(
        name="walkthrough.handshakes",
        what="connections it knows the certificates of",
        most=LIMITS.most_handshakes,
        unit="",
        beyond=_FORGOTTEN,
        why="4 kB each",
    ),
    Bound(
        name="walkthrough.happenings",
        what="requests it is gathering the parts of",
        most=LIMITS.most_happenings,
        unit="",
        beyond=_FORGOTTEN,
        why="an answer may never come",
    ),
    Bound(
        name="walkthrough.events",
        what="parts of one of them",
        most=LIMITS.most_events,
        unit="",
        beyond="left out",
        why="a request has thirty",
    ),
    Bound(
        name="walkthrough.turn",
        what="what it reads of the recordings in one turn",
        most=LIMITS.largest_turn,
        unit="bytes",
        beyond=_NEXT,
        why="a few tens of milliseconds",
    ),
    Bound(
        name="walkthrough.taken-in",
        what="events it takes in, in one turn",
        most=LIMITS.most_events_at_once,
        unit="",
        beyond=_NEXT,
        why="as above",
    ),
    Bound(
        name="walkthrough.told",
        what="happenings it tells, in one turn",
        most=LIMITS.most_told_at_once,
        unit="",
        beyond=_NEXT,
        why="as above",
    ),
    Bound(
        name="walkthrough.part",
        what="steps in one answer of it",
        most=LIMITS.most_steps_at_once,
        unit="",
        beyond="in the next answer",
        why="a browser shows them as they come",
    ),
    Bound(
        name="walkthrough.part-size",
        what="characters of them",
        most=LIMITS.largest_part,
        unit="",
        beyond="in the next answer, but for one alone",
        why="a step may be large",
    ),
    Bound(
        name="walkthrough.nodes",
        what="nodes of which it is told that their recordings are full",
        most=MOST_NODES,
        unit="",
        beyond="not told",
        why="as many as there are recordings; an event may name any",
    ),
)
