"""
`/walkthrough`: what the nodes do, while they do it.

The page is empty, and asks `/walkthrough/story` for what happened. There it waits
until something has. Nothing is read and nothing runs while nobody looks.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

from twisted.internet import task

from client_node.web.pages.layout import Site, html_response
from pki.http.messages import NO_STORE, Fields, Request, Response
from scripts.walkthrough.live.changes import changes_as_json
from scripts.walkthrough.live.walkthrough import LOOK_EVERY, LiveWalkthrough
from scripts.walkthrough.page.page import as_page, content_security_policy
from scripts.walkthrough.page.story_json import as_json
from scripts.walkthrough.story.story import Story

STORY = "/walkthrough/story"

LONGEST_WAIT = 20  # seconds, then the answer is that nothing is new
MOST_WAITING = 16
"""Requests that wait at a time; of more, each is told what is new, or to come back."""

_PATIENCE = 1.0  # seconds that reading may take before what there is is told

_NUMBER = re.compile(r"[0-9]{1,15}")
_OF_OTHERS = frozenset({"cross-site", "same-site"})


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
        story = self._live.story
        known = after if run == self._live.run and after <= story.revision else 0
        return _json_response(200, changes_as_json(story, self._live.run, known))

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
