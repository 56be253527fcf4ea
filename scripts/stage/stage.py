"""Where a scenario is played: each step is done, looked up in the recordings, told."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field, replace

from pki.http.answers import Answer, NoAnswer
from pki.observability.recording import function_to_record
from pki.pem import Credential
from pki.thumbprint import x5t_s256
from scripts.showing.showing import Showing
from scripts.stage.plan import ActPlan, Plan
from scripts.walkthrough.evidence.evidence import Evidence
from scripts.walkthrough.recordings.recordings import Recordings
from scripts.walkthrough.story.outcome import outcome_of
from scripts.walkthrough.story.story import Act, Derivation, Exchange, Step

NODE = "demo"
"""The name under which the demo itself records what it sends."""


@dataclass(slots=True)
class Stage:
    """
    The scenario so far.

    *holders* names the holder of each known certificate, by its x5t#S256; *evidence*
    has the same. *showing* tells it, and may wait after a step.
    """

    recordings: Recordings
    showing: Showing
    evidence: Evidence
    holders: dict[str, str]
    acts: list[Act] = field(default_factory=list)
    _plan: ActPlan | None = None
    _looked_at: set[str] = field(default_factory=set)

    async def act(self, plan: ActPlan) -> None:
        """Begin the next act."""
        self._plan = plan
        self.acts.append(
            Act(
                plan.title,
                plan.says,
                (),
                name=plan.name,
                sentence=plan.sentence,
                question=plan.question,
                answer=plan.answer,
            )
        )
        self.showing.act(len(self.acts), self.acts[-1])

    def call(self, holder: str, credential: Credential | None) -> None:
        """A certificate that was made for this play is *holder*'s from now on."""
        if credential is not None:
            self.holders[x5t_s256(credential.leaf_der)] = holder

    async def exchange(
        self,
        plan: Plan,
        request: Awaitable[Answer],
        lines: Iterable[tuple[str, str]] = (),
    ) -> Answer | None:
        """
        Send *request*, and tell what the recordings show of it, and *lines* beside it.

        Returns the answer, if there was one.
        """
        try:
            answer = await request
        except NoAnswer:
            answer = None
        interaction = self.recordings.last_interaction(NODE) or ""
        events = self.recordings.of(interaction)
        self.evidence.note(self.recordings.handshakes())
        self._look_at_what_is_not_told(interaction)
        exchange = self.evidence.exchange(events, thief=plan.thief)
        derivation = Derivation(pairs) if (pairs := tuple(lines)) else None
        await self._tell(plan, outcome_of(exchange), (exchange,), derivation)
        return answer

    def _look_at_what_is_not_told(self, told: str) -> None:
        """A token of the story may have been obtained behind the scenes."""
        for each in self.recordings.interactions():
            if each not in {told, *self._looked_at}:
                self.evidence.exchanges(self.recordings.of(each))
            self._looked_at.add(each)

    async def derivation(
        self,
        plan: Plan,
        lines: Iterable[tuple[str, str]],
        came: str,
        *,
        by: Callable[..., object] | None = None,
    ) -> None:
        """
        Tell something that is worked out from what was recorded before.

        *by* is the function of ours that does so, if one does.
        """
        named = {} if by is None else function_to_record(by)
        await self._tell(plan, came, (), Derivation(tuple(lines), **named))

    @property
    def last_exchange(self) -> Exchange:
        """The exchange that was told last."""
        return next(
            step.exchanges[0]
            for act in reversed(self.acts)
            for step in reversed(act.steps)
            if step.exchanges
        )

    async def _tell(
        self,
        plan: Plan,
        came: str,
        exchanges: tuple[Exchange, ...],
        derivation: Derivation | None = None,
    ) -> None:
        step = Step(
            plan.title,
            plan.says,
            plan.rule,
            plan.expected,
            came,
            exchanges,
            derivation,
            name=plan.name,
            central=self._plan is not None and plan.name in self._plan.central,
        )
        act = self.acts[-1]
        self.acts[-1] = replace(act, steps=(*act.steps, step))
        self.showing.step(f"{len(self.acts)}.{len(act.steps) + 1}", step)
        await self.showing.pause()
