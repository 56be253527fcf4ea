"""
A story that grows while it happens.

Nobody planned it, so it is told as it comes: a step for whatever somebody does, by
arrival; an act for what is done without a long pause. A step that turns out to be a
part of more, or of which more becomes known, is replaced and keeps its number.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from scripts.walkthrough.curl.shell import Place
from scripts.walkthrough.evidence.correlation import Correlation
from scripts.walkthrough.live.evidence import LiveEvidence
from scripts.walkthrough.live.limits import LIMITS, MOST_NODES, Limits
from scripts.walkthrough.recordings.interactions import Happening
from scripts.walkthrough.recordings.recordings import Event
from scripts.walkthrough.story.certificate_holders import CertificateHolders
from scripts.walkthrough.story.outcome import outcome_of
from scripts.walkthrough.story.step_titles import rule_of, says_of, title_of, who
from scripts.walkthrough.story.story import Exchange, Step

PAUSE = 30  # seconds without anything, after which a new act begins

_MOST_NAMED = 3  # who took part, in the title of an act


@dataclass(slots=True, eq=False)
class LiveAct:
    """What was done without a long pause."""

    number: int
    began: float
    steps_so_far: int = 0
    took_part: dict[str, None] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """When it began, and who took part."""
        names = list(self.took_part)
        if len(names) > _MOST_NAMED:
            names = [*names[:_MOST_NAMED], f"{len(names) - _MOST_NAMED} more"]
        began = datetime.fromtimestamp(self.began, UTC)
        return f"{began:%H:%M} UTC: {', '.join(names)}"


@dataclass(slots=True, eq=False)
class LiveStep:
    """A step, its place, and the revision of the story that has it as it is."""

    act: LiveAct
    number: int
    revision: int
    step: Step


class LiveStory:
    """
    What one run of the nodes has recorded so far, as acts and steps.

    *place* is where the deployment lies. *complain* is told what could not be shown.
    *full* are the nodes whose recordings hold no more, *gone* those whose recordings
    are no longer there. Of more than *limits* allow, the
    oldest steps are forgotten.
    """

    def __init__(
        self,
        holders: CertificateHolders,
        place: Place,
        complain: Callable[[str], None],
        limits: Limits = LIMITS,
    ) -> None:
        self.revision = 0
        self.full: tuple[str, ...] = ()
        self.gone: tuple[str, ...] = ()
        self._most_steps = limits.most_steps
        self._evidence = LiveEvidence(holders, place, complain, limits.most_handshakes)
        self._correlation = Correlation(limits.most_events, limits.most_happenings)
        self._untold: dict[Happening, None] = {}
        self._steps: dict[Happening, LiveStep] = {}
        self._act: LiveAct | None = None
        self._last = 0.0

    def add(self, events: Iterable[Event]) -> None:
        """Take in *events*, which are new, in the order of their time."""
        for event in events:
            if event["event"] == "full":
                self._note_full(event["node"])
                continue
            if event["event"] == "handshake":
                self._evidence.note(event)
            happening = self._correlation.add(event)
            if happening is not None:
                self._untold[happening] = None

    def note_gone(self, nodes: tuple[str, ...]) -> None:
        """Whose recordings have been taken away; that one is back is news as well."""
        if nodes != self.gone:
            self.gone = nodes
            self.revision += 1

    def _note_full(self, node: str) -> None:
        """Nothing more of this node comes: news, although no step has changed."""
        if node not in self.full and len(self.full) < MOST_NODES:
            self.full = (*self.full, node)
            self.revision += 1

    def tell(self, most: int) -> bool:
        """Make steps of at most so many happenings; returns whether there are more."""
        while len(self._untold) > self._most_steps:
            del self._untold[next(iter(self._untold))]  # forgotten as soon as told
        for happening in list(self._untold)[:most]:
            del self._untold[happening]
            exchanges = self._evidence.exchanges(happening)
            if exchanges:
                self._show(happening, exchanges)
        return bool(self._untold)

    def steps_of(self, act: LiveAct) -> tuple[Step, ...]:
        """All the steps of an act that are kept, in their order."""
        return tuple(each.step for each in self._steps.values() if each.act is act)

    def changed_since(self, revision: int, most: int) -> list[LiveStep]:
        """The steps that are new or changed, the oldest change first."""
        changed = [step for step in self._steps.values() if step.revision > revision]
        changed.sort(key=lambda step: step.revision)
        return changed[:most]

    def _show(self, happening: Happening, exchanges: tuple[Exchange, ...]) -> None:
        telling = exchanges[0]
        step = Step(
            title=title_of(telling),
            says=says_of(telling),
            rule=rule_of(telling),
            expected="",
            came=outcome_of(telling),
            exchanges=exchanges,
        )
        known = self._steps.get(happening)
        if (known is None and happening.shown) or (known and known.step == step):
            return  # it was forgotten, or nothing is new
        self.revision += 1
        if known is None:
            act = self._act_at(telling.started)
            act.steps_so_far += 1
            known = LiveStep(act, act.steps_so_far, self.revision, step)
            self._steps[happening] = known
            happening.shown = True
            self._forget_the_oldest()
        known.step, known.revision = step, self.revision
        known.act.took_part[who(telling)] = None
        self._last = max(
            self._last, *(float(i.last) for i in happening.interactions), 0.0
        )

    def _act_at(self, started: float) -> LiveAct:
        if self._act is None or started > self._last + PAUSE:
            number = 1 if self._act is None else self._act.number + 1
            self._act = LiveAct(number, started)
        return self._act

    def _forget_the_oldest(self) -> None:
        while len(self._steps) > self._most_steps:
            del self._steps[next(iter(self._steps))]
