"""
The story so far of the nodes that run now, for all who look at it.

Nothing is read and nothing runs while nobody looks; whoever does reads on, a small
part at a time, so that others are served meanwhile.
"""

from collections import deque
from pathlib import Path
from typing import Any

from pki.observability.operator_log import OperatorLog
from scripts.walkthrough.curl.shell import Place
from scripts.walkthrough.live.limits import LIMITS, Limits
from scripts.walkthrough.live.story import LiveStory
from scripts.walkthrough.recordings.following import Following
from scripts.walkthrough.recordings.recordings import Event
from scripts.walkthrough.story.certificate_holders import CertificateHolders

LOOK_EVERY = 0.2  # seconds between two looks at the recordings


class LiveWalkthrough:
    """
    The story so far, shared by all who look.

    *recordings* is the folder that the nodes record into; it need not be there.
    *place* is where the deployment lies, with the certificates of those who are known
    by name.
    """

    def __init__(
        self,
        recordings: Path,
        place: Place,
        reactor: Any,
        log: OperatorLog,
        limits: Limits = LIMITS,
    ) -> None:
        self.limits = limits
        self._reactor = reactor
        self._log = log
        self._place = place
        self._complained: set[str] = set()
        self._following = Following(
            recordings, self._complain, largest_turn=limits.largest_turn
        )
        self._holders = CertificateHolders(place.issued.directory)
        self._coming: deque[Event] = deque()
        self._looked = float("-inf")
        self._telling = False
        self._begin_anew()

    def catch_up(self) -> bool:
        """A bounded part of what is new; returns whether to call again at once."""
        if self._telling:
            self._telling = self.story.tell(self.limits.most_told_at_once)
            return self._telling
        if not self._coming:
            if self._reactor.seconds() < self._looked + LOOK_EVERY / 2:
                return False  # somebody else has just looked
            events, again = self._following.read_on()
            if self._following.run != self.run:
                self._begin_anew()
            self.story.note_gone(self._following.gone)
            self._coming.extend(events)
            if again:
                return True
            self._looked = self._reactor.seconds()
        some = min(len(self._coming), self.limits.most_events_at_once)
        self.story.add([self._coming.popleft() for _ in range(some)])
        # Only what is whole is told: the parts of one step may lie far apart.
        self._telling = not self._coming and self.story.tell(
            self.limits.most_told_at_once
        )
        return self._telling or bool(self._coming)

    def _begin_anew(self) -> None:
        self.run = self._following.run
        self.story = LiveStory(self._holders, self._place, self._complain, self.limits)
        self._coming.clear()
        self._complained.clear()
        self._telling = False

    def _complain(self, what: str) -> None:
        """Once a run for each kind: whoever looks again would say it again."""
        kind = what.partition(":")[0]
        if kind not in self._complained:
            self._complained.add(kind)
            self._log.warning(f"{what}; more of the kind is not told")
