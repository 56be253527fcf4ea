"""Where a scenario is played: each step is done, looked up in the recordings, told."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from pki.http.answers import Answer, NoAnswer
from pki.observability.recording import function_to_record
from pki.pem import Credential
from pki.thumbprint import x5t_s256
from scripts.showing.showing import Showing
from scripts.stage.plan import ActPlan, Plan
from scripts.walkthrough.evidence.evidence import Evidence, NoEvidence
from scripts.walkthrough.evidence.observer import Seen, seen_on_the_way
from scripts.walkthrough.recordings.recordings import Event, Recordings
from scripts.walkthrough.recordings.request_tree import find_same, is_a
from scripts.walkthrough.recordings.wire import carried
from scripts.walkthrough.story.outcome import outcome_of
from scripts.walkthrough.story.story import Act, Derivation, Exchange, Step

NODE = "demo"
"""The name under which the demo itself records what it sends."""

_MOST_MOMENTS = 1000


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

    async def failed_handshake(
        self,
        plan: Plan,
        request: Awaitable[Answer],
        moment: Callable[[], Awaitable[None]],
    ) -> None:
        """
        Send *request*, whose handshake is to fail, and tell how far it came.

        The listener records that when its connection is gone, which may be after we
        have heard of it: *moment* is awaited in between. Where the handshake does not
        fail, it is told as the exchange that it then is.

        Raises:
            NoEvidence: the listener has recorded nothing.
        """
        with suppress(NoAnswer):  # it is in the recordings
            await request
        events = self.recordings.of(self.recordings.last_interaction(NODE) or "")
        asked = next(e for e in events if is_a(e, "request", "client"))
        heard = find_same(events, asked, "failure")
        if heard is None:
            self.evidence.note(self.recordings.handshakes())
            exchange = self.evidence.exchange(events, thief=plan.thief)
        else:
            broken = await self._broken_since(float(asked["time"]), moment)
            exchange = self.evidence.attempt(asked, broken, heard["reason"])
        await self._tell(plan, outcome_of(exchange), (exchange,))

    async def _broken_since(
        self, time: float, moment: Callable[[], Awaitable[None]]
    ) -> Event:
        for _ in range(_MOST_MOMENTS):
            broken = self.recordings.broken_since(time)
            if broken is not None:
                return broken
            await moment()
        raise NoEvidence("no listener has recorded a handshake that failed")

    def seen_on_the_way(self) -> tuple[Seen, ...]:
        """What anybody on the way has seen of the connection of our last request."""
        events = self.recordings.of(self.recordings.last_interaction(NODE) or "")
        received = next(e for e in events if is_a(e, "request", "server"))
        (handshake,) = (
            each
            for each in self.recordings.handshakes()
            if is_a(each, "handshake", "server")
            and each["node"] == received["node"]
            and each["connection"] == received["connection"]
        )
        return seen_on_the_way(carried(self.recordings.folder, handshake), self.holders)

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

    def told(self, name: str) -> Exchange:
        """The exchange of the step of this *name*, which was told before."""
        return next(
            step.exchanges[0]
            for act in self.acts
            for step in act.steps
            if step.name == name
        )

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
            words="" if self._plan is None else self._plan.words.get(plan.name, ""),
        )
        act = self.acts[-1]
        self.acts[-1] = replace(act, steps=(*act.steps, step))
        self.showing.step(f"{len(self.acts)}.{len(act.steps) + 1}", step)
        await self.showing.pause()
