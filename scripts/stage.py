"""Where a scenario is played: each step is done, looked up in the recordings, told."""

import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from client_node.challenges import find_bearer_challenge
from client_node.walkthrough.evidence import Evidence
from client_node.walkthrough.recordings import Recordings
from client_node.walkthrough.story import Act, Derivation, Exchange, Message, Step
from pki.mtls.client import Answer, NoAnswer
from scripts.narration import Narration
from scripts.plan import Plan

NODE = "demo"
"""The name under which the demo itself records what it sends."""


@dataclass(slots=True)
class Stage:
    """
    The scenario so far.

    *pause* is awaited after every step: a lecturer may be speaking.
    """

    recordings: Recordings
    narration: Narration
    evidence: Evidence
    pause: Callable[[], Awaitable[None]]
    acts: list[Act] = field(default_factory=list)

    async def act(self, title: str, says: str) -> None:
        """Begin the next act."""
        self.acts.append(Act(title, says, ()))
        self.narration.act(len(self.acts), title, says)

    async def exchange(self, plan: Plan, request: Awaitable[Answer]) -> Answer | None:
        """
        Send *request*, and tell what the recordings show of it.

        Returns the answer, if there was one.
        """
        try:
            answer = await request
        except NoAnswer:
            answer = None
        interaction = self.recordings.last_interaction(NODE) or ""
        events = self.recordings.of(interaction)
        self.evidence.note(self.recordings.handshakes())
        exchange = self.evidence.exchange(events, thief=plan.thief)
        await self._tell(plan, _outcome(exchange), (exchange,))
        return answer

    async def derivation(
        self, plan: Plan, lines: Iterable[tuple[str, str]], came: str
    ) -> None:
        """Tell something that is worked out from what was recorded before."""
        await self._tell(plan, came, (), Derivation(tuple(lines)))

    @property
    def last_exchange(self) -> Exchange:
        """The exchange that was told last."""
        return next(
            step.exchanges[0]
            for act in reversed(self.acts)
            for step in reversed(act.steps)
            if step.exchanges
        )

    def numbered(self) -> list[tuple[str, Step]]:
        """Every step with its number, `2.1` for the first of the second act."""
        return [
            (f"{a}.{s}", step)
            for a, act in enumerate(self.acts, 1)
            for s, step in enumerate(act.steps, 1)
        ]

    async def _tell(
        self,
        plan: Plan,
        came: str,
        exchanges: tuple[Exchange, ...],
        derivation: Derivation | None = None,
    ) -> None:
        step = Step(
            plan.title, plan.says, plan.rule, plan.expected, came, exchanges, derivation
        )
        act = self.acts[-1]
        self.acts[-1] = Act(act.title, act.says, (*act.steps, step))
        number, step = self.numbered()[-1]
        self.narration.step(number, step)
        await self.pause()


def _outcome(exchange: Exchange) -> str:
    """
    What came: status and error code from the client's recording, and the rule of the
    refusal from the server's, so that a refusal for another reason is another outcome.
    """
    if exchange.response is None:
        return exchange.failure or "no answer"
    status = exchange.response.start.removeprefix("HTTP/1.1 ")
    outcome = f"{status} {_error(exchange.response)}".strip()
    rules = [each.rule for each in exchange.decisions if not each.accepted]
    return f"{outcome}, {rules[0]}" if rules else outcome


def _error(answer: Message) -> str:
    """The error code: RFC 6750 section 3 has it in the header, RFC 6749 in the body."""
    fields = [v for name, v in answer.headers if name.lower() == "www-authenticate"]
    challenge = find_bearer_challenge(tuple(fields))
    if challenge is not None:
        return challenge.error
    try:
        members = json.loads(answer.body)
    except ValueError:
        return ""
    if members == {"active": False}:  # RFC 7662 section 2.2: an answer that says no
        return "inactive"
    return str(members.get("error", "")) if isinstance(members, dict) else ""
