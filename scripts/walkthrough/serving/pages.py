"""
`/`: what the nodes do, while they do it.

The page is empty, and asks `/story` for what happened. There it waits until something
has. Nothing is read and nothing runs while nobody looks.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from twisted.internet import task

from pki.http.messages import Request, Response
from scripts.walkthrough.live.changes import changes_as_json
from scripts.walkthrough.live.walkthrough import LOOK_EVERY, LiveWalkthrough
from scripts.walkthrough.page.page import Served, as_page, content_security_policy
from scripts.walkthrough.page.story_json import as_json
from scripts.walkthrough.serving.responses import html_response, json_response
from scripts.walkthrough.story.story import Story

STORY, DEMO = "/story", "/demo"

_NUMBER = re.compile(r"[0-9]{1,15}")
_OF_OTHERS = frozenset({"cross-site", "same-site"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LongPolling:
    """
    How requests for the story wait.

    For *longest* seconds, then the answer is that nothing is new. At most *most* at a
    time; of more, each is told what is new, or to come back. After *patience* seconds
    of reading, what there is so far is told.
    """

    longest: float = 20
    most: int = 16
    patience: float = 1


LONG_POLLING = LongPolling()


class LivePages:
    """
    Handlers: the page, and the story it asks for.

    *client* is where the banking client's application is: what people do there is seen
    here.
    """

    def __init__(
        self,
        live: LiveWalkthrough,
        reactor: Any,
        client: str,
        polling: LongPolling = LONG_POLLING,
    ) -> None:
        self._polling = polling
        self._live = live
        self._reactor = reactor
        self._waiting = 0
        served = Served(story=STORY, demo=DEMO, client=client)
        self._empty = as_page(as_json(Story("")), served).encode()
        self._policy = content_security_policy()

    async def page(self, request: Request) -> Response:
        """GET /: the page without a story."""
        return html_response(200, self._empty, self._policy)

    async def story(self, request: Request) -> Response:
        """
        GET /story: what is new after a revision of a run.

        `after` and `run` are what the last answer had as `revision` and `run`; without
        `run` it is the current one. Waits until there is something new, and no longer
        than `LongPolling` says.

        It holds tokens, so it is answered to our own pages and to programs: not to
        the page of another origin.
        """
        if request.header("sec-fetch-site") in _OF_OTHERS:
            return json_response(403, {"error": "forbidden"})
        query = parse_qs(request.query)
        after = _number(query.get("after", [""])[0])
        run = query.get("run", [self._live.run])[0]
        waits = request.method != "HEAD"
        if waits and self._waiting < self._polling.most:
            await self._wait(run, after)
        elif (self._live.catch_up() or not self._has_news(run, after)) and waits:
            request.journal.about(
                expected=f"at most {self._polling.most} who wait", presented="one more"
            )
            busy = {"error": "temporarily_unavailable"}
            return json_response(503, busy, (("Retry-After", "2"),))
        story = self._live.story
        known = after if run == self._live.run and after <= story.revision else 0
        return json_response(
            200, changes_as_json(story, self._live.run, known, self._live.limits)
        )

    async def _wait(self, run: str, after: int) -> None:
        """Until there is something newer; cancelled when who asked has gone."""
        began = self._reactor.seconds()
        self._waiting += 1
        try:
            while self._reactor.seconds() < began + self._polling.longest:
                again = self._live.catch_up()
                told_late = self._reactor.seconds() > began + self._polling.patience
                if self._has_news(run, after) and (told_late or not again):
                    return
                await task.deferLater(self._reactor, 0 if again else LOOK_EVERY)
        finally:
            self._waiting -= 1

    def _has_news(self, run: str, after: int) -> bool:
        return run != self._live.run or after != self._live.story.revision


def _number(text: str) -> int:
    """A revision; what is none is the beginning."""
    return int(text) if _NUMBER.fullmatch(text) else 0


async def former_address(request: Request) -> Response:
    """GET /walkthrough: the page, where the banking client once had it."""
    return Response(303, (("Location", "/"),))
