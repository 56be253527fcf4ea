"""What is read of whatever comes, and how long an answer is waited for."""

from pki.bound import Bound
from pki.http.answers import DEADLINE
from pki.http.interaction_id import LONGEST_ID
from pki.http.strict_json import DEEPEST

BOUNDS = (
    Bound(
        name="json.depth",
        what="levels of a JSON object",
        most=DEEPEST,
        unit="",
        beyond="no JSON: 400, or an answer that is not used",
        why="those of Open Banking have five; Python writes one with a call a level",
    ),
    Bound(
        name="interaction-id",
        what="`x-fapi-interaction-id`, which is said again",
        most=LONGEST_ID,
        unit="characters",
        beyond="not said again; the resource server takes a new one",
        why="a UUID has 36",
    ),
    Bound(
        name="exchange.deadline",
        what="the wait for any other answer to us",
        most=int(DEADLINE),
        unit="seconds",
        beyond="no answer, connection cut off",
        why="a server need not say anything",
    ),
)
