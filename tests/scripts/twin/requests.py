"""Single requests to the twins, and what comes of them."""

import json
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, cast
from urllib.parse import urlencode

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from pki.http.messages import Connection, Refusal, Request, Response
from pki.peer import PeerCertificate
from pki.pem import Credential

NOW = 1_700_000_000.0


def clock() -> float:
    """A clock that stands still, in seconds since the epoch."""
    return NOW


def request(
    credential: Credential | None = None,
    *,
    authorization: str | None = None,
    form: Mapping[str, str] | None = None,
) -> Request:
    """A request over a connection that proves *credential*, or nothing."""
    peer = None if credential is None else PeerCertificate(credential.leaf_der)
    headers = {} if authorization is None else {"authorization": (authorization,)}
    return Request(
        method="GET" if form is None else "POST",
        path="/",
        query="",
        headers=headers,
        body=urlencode(form or {}).encode(),
        connection=Connection(
            number=1,
            client_address="127.0.0.1:50000",
            tls_version="TLSv1.3",
            certificate_requested=True,
            peer=peer,
        ),
    )


def answer(
    handler: Callable[[Request], Awaitable[Response]], asked: Request
) -> Response:
    """
    The answer, a refusal's included.

    Handlers of the twins wait for nothing.
    """
    outcome: list[Any] = []
    coroutine = cast("Coroutine[Any, Any, Response]", handler(asked))
    Deferred.fromCoroutine(coroutine).addBoth(outcome.append)
    match outcome:
        case [Failure() as failure]:
            refusal = failure.value
            if not isinstance(refusal, Refusal):
                failure.raiseException()
            return refusal.response()
        case [Response() as response]:
            return response
    raise AssertionError("it waits")


def members(response: Response) -> dict[str, Any]:
    """The JSON object of an answer."""
    value: dict[str, Any] = json.loads(response.body)
    return value
