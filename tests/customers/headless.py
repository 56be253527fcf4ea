"""
The browser of `scripts.headless`, for tests, which wait for nothing.

Whatever carries their requests has the answer at once: a network in memory turns until
it is there, a socket blocks.
"""

from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from pki.http.answers import Answer
from pki.http.messages import Fields
from scripts.headless.browser import Send

T = TypeVar("T")

SendNow = Callable[[str, str, Fields, bytes], Answer]
"""Sends a request: method, URL, header fields, body."""


def sent_by(send: SendNow) -> Send:
    """What the browser takes."""

    async def sending(method: str, url: str, headers: Fields, body: bytes) -> Answer:
        return send(method, url, headers, body)

    return sending


def now(coroutine: Coroutine[Any, Any, T]) -> T:
    """What it returns or raises, as it never waits."""
    try:
        coroutine.send(None)
    except StopIteration as ended:
        result: T = ended.value
        return result
    raise AssertionError("it waits")
