"""
`x-fapi-interaction-id`: one name for one interaction, on both sides of the wire.

FAPI 1.0 part 1 section 6.2.1: the value that came is sent back, or else a new UUID;
it is in the log. The same value goes on to the authorization server.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import MappingProxyType
from uuid import uuid4

from pki.http.interaction_id import INTERACTION_ID, usable_interaction_id
from pki.http.messages import Refusal, Request, Response

Answer = Callable[[Request], Awaitable[Response]]


def with_interaction_id(answer: Answer) -> Answer:
    """*answer*, whose requests have a usable identifier and whose answers repeat it."""

    async def answer_with_interaction_id(request: Request) -> Response:
        identified = _identified(request)
        field = (INTERACTION_ID, interaction_id_of(identified))
        identified.journal.about(interaction=field[1])
        try:
            response = await answer(identified)
        except Refusal as refusal:
            marked = _Marked(refusal, field)
            raise marked.with_traceback(refusal.__traceback__) from refusal
        return _with(response, field)

    return answer_with_interaction_id


def interaction_id_of(request: Request) -> str:
    """The identifier of an identified request; of another one what it says, if any."""
    return request.header(INTERACTION_ID) or ""


class _Marked(Refusal):
    """A refusal whose answer repeats the identifier; all else is the original's."""

    def __init__(self, refusal: Refusal, field: tuple[str, str]) -> None:
        super().__init__(
            refusal.detail,
            refusal.check,
            expected=refusal.expected,
            presented=refusal.presented,
        )
        self._refusal = refusal
        self._field = field

    def response(self) -> Response:
        return _with(self._refusal.response(), self._field)


def _identified(request: Request) -> Request:
    """The request, with one identifier that can be repeated: its own, or a new one."""
    if usable_interaction_id(request.headers):
        return request
    headers = {**request.headers, INTERACTION_ID: (str(uuid4()),)}
    return replace(request, headers=MappingProxyType(headers))


def _with(response: Response, field: tuple[str, str]) -> Response:
    return replace(response, headers=(*response.headers, field))
