"""
What a node says about what happened: its log always, its recording where it is on.

One line in the log for each request, written when its answer is.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from twisted.python.failure import Failure

from pki.http.interaction_id import INTERACTION_ID
from pki.http.messages import Fields, Refusal, Request, Response
from pki.observability.operator_log import OperatorLog
from pki.observability.recording import (
    Recording,
    body_to_record,
    decision_to_record,
    fields_to_record,
    refusal_to_record,
    target_to_record,
)


@dataclass(frozen=True, slots=True)
class Witness:
    """A node's log and, where it was asked for, its recording."""

    log: OperatorLog
    recording: Recording | None = None
    _connections: Iterator[int] = field(default_factory=lambda: count(1))
    _exchanges: Iterator[int] = field(default_factory=lambda: count(1))

    def next_connection(self) -> int:
        """A number for a connection, unique in this process."""
        return next(self._connections)

    def handshake(
        self,
        side: str,
        number: int,
        local: str,
        remote: str,
        facts: Callable[[], Mapping[str, object]],
    ) -> None:
        """
        A handshake was completed, *side* is `server` or `client`.

        *facts* tells what came of it, and is asked only where somebody records.
        """
        if self.recording is not None:
            self.recording.event(
                "handshake",
                side=side,
                connection=number,
                local=local,
                remote=remote,
                **facts(),
            )

    def handshake_failed(
        self,
        side: str,
        local: str,
        remote: str,
        reason: str,
        facts: Callable[[], Mapping[str, object]],
    ) -> None:
        """
        A handshake ended without a connection.

        *facts* tells how far it came: a certificate in them was sent, and not proved.
        """
        self.log.warning(f"TLS handshake with {remote} failed: {reason}")
        if self.recording is not None:
            self.recording.event(
                "failure",
                side=side,
                local=local,
                remote=remote,
                reason=reason,
                **facts(),
            )

    def answered(
        self,
        request: Request,
        response: Response,
        refusal: Refusal | None,
        seconds: float,
    ) -> None:
        """A request was answered, after *seconds*, or refused."""
        line = (
            f"{request.method} {request.path} {response.status} {seconds * 1e3:.1f}ms"
        )
        peer = request.peer
        facts = {"peer": peer.x5t_s256} if peer is not None else {}
        facts |= _facts(request)
        if refusal is None:
            self.log.info(line, facts)
        else:
            facts |= _compared(refusal)
            self.log.warning(f"{line} refused: {refusal.detail}", facts)
        if self.recording is not None:
            self._record(self.recording, request, response, refusal, seconds)

    def asked(
        self, method: str, url: str, fields: Fields, body: bytes
    ) -> dict[str, object]:
        """A request goes out; what to give to `heard` or `unanswered`."""
        if self.recording is None:
            return {}
        said = {
            "side": "client",
            "exchange": next(self._exchanges),
            "interaction": _interaction(fields),
        }
        self.recording.event(
            "request",
            **said,
            method=method,
            target=target_to_record(url),
            headers=fields_to_record(fields),
            body=body_to_record(body),
        )
        return said

    def heard(
        self, said: dict[str, object], status: int, fields: Fields, body: bytes
    ) -> None:
        """The answer to what was asked came."""
        if self.recording is not None:
            headers = fields_to_record(fields)
            text = body_to_record(body)
            self.recording.event(
                "response", **said, status=status, headers=headers, body=text
            )

    def unanswered(self, said: dict[str, object], reason: str) -> None:
        """What was asked has no answer."""
        if self.recording is not None:
            self.recording.event("failure", **said, reason=reason)

    def fault(self, request: Request, failure: Failure) -> None:
        """A handler broke: the operator gets the trace, the peer a fixed 500."""
        text = f"{request.method} {request.path}: {failure.getErrorMessage()}"
        self.log.error(text, _facts(request), failure.getTraceback())

    def _record(
        self,
        recording: Recording,
        request: Request,
        response: Response,
        refusal: Refusal | None,
        seconds: float,
    ) -> None:
        same = {
            "side": "server",
            "connection": request.connection.number,
            "exchange": next(self._exchanges),
            # Its own, or the one that was made because it had none.
            "interaction": request.header(INTERACTION_ID)
            or request.journal.facts.get("interaction"),
        }
        target = f"{request.path}?{request.query}" if request.query else request.path
        fields = [(n, v) for n, values in request.headers.items() for v in values]
        recording.event(
            "request",
            **same,
            method=request.method,
            target=target_to_record(target),
            headers=fields_to_record(fields),
            body=body_to_record(request.body),
            received=recording.now() - seconds,
        )
        for decision in request.journal.decisions:
            recording.event("decision", **same, **decision_to_record(decision))
        if refusal is not None:
            recording.event("decision", **same, **refusal_to_record(refusal))
        recording.event(
            "response",
            **same,
            status=response.status,
            headers=fields_to_record(response.headers),
            body=body_to_record(response.body),
        )


def _facts(request: Request) -> dict[str, str]:
    """What was found out about a request, and which interaction it is part of."""
    facts = dict(request.journal.facts)
    if interaction := request.header(INTERACTION_ID):
        # Where a handler took or made one, that is the one.
        facts.setdefault("interaction", interaction)
    return facts


def _compared(refusal: Refusal) -> dict[str, str]:
    """What a refusal knows beside its detail."""
    facts = {
        "check": "" if refusal.check is None else refusal.check.name,
        "rule": refusal.rule,
        "expected": refusal.expected,
        "presented": refusal.presented,
    }
    return {name: value for name, value in facts.items() if value}


def _interaction(fields: Fields) -> str | None:
    return {name.lower(): value for name, value in fields}.get(INTERACTION_ID)
