"""
One form sent twice, and one answer.

Somebody who presses a button twice is shown the answer to the second press; of the
first her browser shows nothing. Were that the page of a request that is over, she
would be told that nothing was shared a moment after she shared it.
"""

from collections import OrderedDict
from collections.abc import Callable
from urllib.parse import urlencode

from as_node.browser.sessions import Visitor
from as_node.protocol.parameters import Parameters
from as_node.tokens.random_values import sha256_of
from pki.http.messages import Response

SECONDS = 10
"""Long enough for an impatient finger; a code lives six times as long."""

LARGEST = 1000
"""Answers remembered: the oldest is forgotten first."""


class RecentAnswers:
    """The last answers, in memory alone; *clock* is monotonic."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._answers: OrderedDict[bytes, tuple[float, Response]] = OrderedDict()

    def keep(self, visitor: Visitor, form: Parameters, answer: Response) -> None:
        """What this visitor was answered to this very form."""
        self._answers[_name(visitor, form)] = (self._clock() + SECONDS, answer)
        while len(self._answers) > LARGEST:
            self._answers.popitem(last=False)

    def find(self, visitor: Visitor, form: Parameters) -> Response | None:
        """The answer, if the same visitor was given one to the same form just now."""
        end, answer = self._answers.get(_name(visitor, form), (0.0, None))
        return answer if self._clock() < end else None


def _name(visitor: Visitor, form: Parameters) -> bytes:
    """A hash, so that what is remembered names no session."""
    return sha256_of(f"{visitor.session_id} {urlencode(sorted(form.items()))}")
