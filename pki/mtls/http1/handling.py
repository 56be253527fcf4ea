"""From a request to the octets that answer it, whatever its handler does."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from twisted.internet.defer import CancelledError
from twisted.python.failure import Failure

from pki.http.messages import Refusal, Request, Response, json_response
from pki.mtls.http1.answers import octets_of
from pki.observability.witness import Witness

Answer = Callable[[Request], Awaitable[Response]]

_FAULT = json_response(500, {"error": "server_error"})


@dataclass(frozen=True, slots=True)
class Handled:
    """*octets* are what is sent for *response*, which is that of *refusal* if any."""

    response: Response
    refusal: Refusal | None
    octets: bytes


async def handled(
    answer: Answer,
    request: Request,
    witness: Witness,
    *,
    last: bool,
    is_given_up: Callable[[], bool],
) -> Handled:
    """
    The one place where a refusal, or a fault of ours, becomes a response.

    Nothing is read after the *last*.

    Raises:
        CancelledError: *is_given_up*. A handler that gives up by itself is at fault.
    """
    octets = partial(
        octets_of,
        host=request.header("host") or "",
        to_head=request.method == "HEAD",
        last=last,
    )
    try:
        response, refusal = await _decided(answer, request)
        return Handled(response, refusal, octets(response))
    except Exception as error:  # whatever it was, the peer gets a fixed 500
        if isinstance(error, CancelledError) and is_given_up():
            raise
        witness.fault(request, Failure())
        return Handled(_FAULT, None, octets(_FAULT))


async def _decided(answer: Answer, request: Request) -> tuple[Response, Refusal | None]:
    try:
        return await answer(request), None
    except Refusal as refusal:
        return refusal.response(), refusal
