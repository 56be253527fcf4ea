"""
`/walkthrough`: what the nodes do, while they do it.

The page is empty, and asks `/walkthrough/story` for what happened. There it waits
until something has. Nothing is read and nothing runs while nobody looks.
"""

import json
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from twisted.internet import task

from client_node.pages import Site, html_response
from client_node.walkthrough.following import Following
from client_node.walkthrough.known_holders import KnownHolders
from client_node.walkthrough.live_story import LiveAct, LiveStep, LiveStory
from client_node.walkthrough.mermaid import mermaid_of_act
from client_node.walkthrough.page import as_page, content_security_policy
from client_node.walkthrough.recordings import Event
from client_node.walkthrough.shell import Place
from client_node.walkthrough.story import Act, Story
from client_node.walkthrough.story_json import Json, as_json, looked_up, step_as_json
from pki.mtls.messages import NO_STORE, Fields, Request, Response
from pki.mtls.operator_log import OperatorLog

STORY = "/walkthrough/story"

LONGEST_WAIT = 20  # seconds, then the answer is that nothing is new
LOOK_EVERY = 0.2  # seconds between two looks at the recordings
MOST_WAITING = 16
"""Requests that wait at a time; of more, each is told what is new, or to come back."""

MOST_STEPS_AT_ONCE = 50
_MOST_EVENTS_AT_ONCE = 500  # a few tens of milliseconds
_MOST_TOLD_AT_ONCE = 5  # happenings; the same
_PATIENCE = 1.0  # seconds that reading may take before what there is is told

_NUMBER = re.compile(r"[0-9]{1,15}")
_OF_OTHERS = frozenset({"cross-site", "same-site"})


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
    ) -> None:
        self._reactor = reactor
        self._log = log
        self._place = place
        self._complained: set[str] = set()
        self._following = Following(recordings, self._complain)
        self._holders = KnownHolders(place.issued.directory)
        self._coming: deque[Event] = deque()
        self._looked = float("-inf")
        self._telling = False
        self._begin_anew()

    def catch_up(self) -> bool:
        """A bounded part of what is new; returns whether to call again at once."""
        if self._telling:
            self._telling = self.story.tell(_MOST_TOLD_AT_ONCE)
            return self._telling
        if not self._coming:
            if self._reactor.seconds() < self._looked + LOOK_EVERY / 2:
                return False  # somebody else has just looked
            events, again = self._following.read_on()
            if self._following.run != self.run:
                self._begin_anew()
            self._coming.extend(events)
            if again:
                return True
            self._looked = self._reactor.seconds()
        some = min(len(self._coming), _MOST_EVENTS_AT_ONCE)
        self.story.add([self._coming.popleft() for _ in range(some)])
        # Only what is whole is told: the parts of one step may lie far apart.
        self._telling = not self._coming and self.story.tell(_MOST_TOLD_AT_ONCE)
        return self._telling or bool(self._coming)

    def _begin_anew(self) -> None:
        self.run = self._following.run
        self.story = LiveStory(self._holders, self._place, self._complain)
        self._coming.clear()
        self._complained.clear()
        self._telling = False

    def _complain(self, what: str) -> None:
        """Once a run for each kind: whoever looks again would say it again."""
        kind = what.partition(":")[0]
        if kind not in self._complained:
            self._complained.add(kind)
            self._log.warning(f"walk-through: {what}; more of the kind is not told")


class LivePages:
    """Handlers: the page, and the story it asks for."""

    def __init__(self, site: Site, live: LiveWalkthrough, reactor: Any) -> None:
        self._site = site
        self._live = live
        self._reactor = reactor
        self._waiting = 0
        self._empty = as_page(as_json(Story("")), live=STORY).encode()
        self._policy = content_security_policy()

    async def page(self, request: Request) -> Response:
        """GET /walkthrough: the page without a story."""
        elsewhere = self._site.elsewhere(request)
        answer = elsewhere or html_response(200, self._empty, self._policy)
        return replace(answer, recorded=False)

    async def story(self, request: Request) -> Response:
        """
        GET /walkthrough/story: what is new after a revision of a run.

        `after` and `run` are what the last answer had as `revision` and `run`; without
        `run` it is the current one. Waits until there is something new, for
        LONGEST_WAIT seconds at most.

        It holds tokens, so it is answered to our own pages and to programs: not to
        the page of another origin, and not under a name that is not ours, which
        somebody's name server may have lead here.
        """
        if not self._site.is_ours(request):
            return replace(self._site.misdirected(), recorded=False)
        if request.header("sec-fetch-site") in _OF_OTHERS:
            return _json_response(403, {"error": "forbidden"})
        query = parse_qs(request.query)
        after = _number(query.get("after", [""])[0])
        run = query.get("run", [self._live.run])[0]
        waits = request.method != "HEAD"
        if waits and self._waiting < MOST_WAITING:
            await self._wait(run, after)
        elif (self._live.catch_up() or not self._has_news(run, after)) and waits:
            busy = {"error": "temporarily_unavailable"}
            return _json_response(503, busy, (("Retry-After", "2"),))
        return _json_response(200, self._since(run, after))

    async def _wait(self, run: str, after: int) -> None:
        """Until there is something newer; cancelled when who asked has gone."""
        began = self._reactor.seconds()
        self._waiting += 1
        try:
            while self._reactor.seconds() < began + LONGEST_WAIT:
                again = self._live.catch_up()
                told_late = self._reactor.seconds() > began + _PATIENCE
                if self._has_news(run, after) and (told_late or not again):
                    return
                await task.deferLater(self._reactor, 0 if again else LOOK_EVERY)
        finally:
            self._waiting -= 1

    def _has_news(self, run: str, after: int) -> bool:
        return run != self._live.run or after != self._live.story.revision

    def _since(self, run: str, after: int) -> Json:
        """The story's changes; all of it, for who knows another run or none."""
        story = self._live.story
        known = after if run == self._live.run and after <= story.revision else 0
        changed = story.changed_since(known, MOST_STEPS_AT_ONCE)
        complete = len(changed) < MOST_STEPS_AT_ONCE
        return {
            "version": 2,
            "run": self._live.run,
            "revision": story.revision if complete else changed[-1].revision,
            "made_at": f"{datetime.now(UTC):%d %B %Y, %H:%M UTC}",
            "parties": [],
            **looked_up(each.step for each in changed),
            "acts": self._acts(changed),
        }

    def _acts(self, changed: list[LiveStep]) -> list[Json]:
        """The acts that *changed* are of, each with those of its steps."""
        acts: dict[LiveAct, list[LiveStep]] = {}
        for step in changed:
            acts.setdefault(step.act, []).append(step)
        return [
            {
                "number": act.number,
                "title": act.title,
                "says": "",
                "steps": [
                    step_as_json(f"{act.number}.{each.number}", each.step)
                    for each in sorted(of_act, key=lambda step: step.number)
                ],
                "mermaid": self._mermaid(act),
            }
            for act, of_act in sorted(acts.items(), key=lambda pair: pair[0].number)
        ]

    def _mermaid(self, act: LiveAct) -> str:
        """The act as a diagram, unless it is too long for one."""
        steps = self._live.story.steps_of(act)
        if len(steps) > MOST_STEPS_AT_ONCE:
            return ""
        return mermaid_of_act(Act(act.title, "", steps))


def _number(text: str) -> int:
    """A revision; what is none is the beginning."""
    return int(text) if _NUMBER.fullmatch(text) else 0


def _json_response(
    status: int, members: Mapping[str, object], more: Fields = ()
) -> Response:
    fields: Fields = (
        ("Content-Type", "application/json"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        *NO_STORE,
        *more,
    )
    body = json.dumps(members, ensure_ascii=True, separators=(",", ":")).encode()
    return Response(status, fields, body, recorded=False)
