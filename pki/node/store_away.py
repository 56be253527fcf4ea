"""
The rim of every node that keeps something: a store that fails is 503, and no fault.

A full disk, a read-only one, a locked file: the operation did not happen, nothing was
acknowledged, and the peer may come again (RFC 9110 section 15.6.4). No traceback is
due: the operator has one line that names what SQLite said.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from pki.http.messages import Fields, Refusal, Request, Response
from pki.http.routes import Handler, Route
from pki.node.store_errors import StoreFailed

RETRY_AFTER: Fields = (("Retry-After", "5"),)
"""
RFC 9110 section 10.2.3. Seconds: a lock has gone by then, a disk perhaps not, and a
peer that asks again so often is no load.
"""

StoreAway = Callable[[str], Refusal]
"""The refusal, with status 503, of a node that cannot keep or read; from its detail."""


def unless_store_fails(handler: Handler, away: StoreAway) -> Handler:
    """*handler*, which refuses by *away* where the store fails under it."""

    async def answered(request: Request, **captured: str) -> Response:
        try:
            return await handler(request, **captured)
        except StoreFailed as failed:
            raise away(f"the store: {failed}") from failed

    return answered


def served_unless_store_fails(
    routes: Iterable[Route], away: StoreAway
) -> tuple[Route, ...]:
    """The same routes, each `unless_store_fails`."""
    return tuple(
        replace(each, handler=unless_store_fails(each.handler, away)) for each in routes
    )
