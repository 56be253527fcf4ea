# mypy: disallow-untyped-calls=False
# Twisted's methods have no types where they are inherited.
"""
One request while it is on the wire: read into a `Request`, and its answer written.

Everything that a peer can write into a request is parsed here, once.
"""

import re
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.python.failure import Failure
from twisted.web import http

from pki.http.interaction_id import usable_interaction_id
from pki.http.journal import Journal
from pki.http.messages import Refusal, Request, Response, json_response
from pki.http.transport_security import strict_transport_security
from pki.mtls.limits import LARGEST_BODY

Answer = Callable[[Request], Awaitable[Response]]

BAD_REQUEST = json_response(400, {"error": "invalid_request"})
_TOO_LARGE = json_response(413, {"error": "content_too_large"})
_FAULT = json_response(500, {"error": "server_error"})

_ABSOLUTE_FORM = re.compile(r"(https?)://([^/?#]*)", re.IGNORECASE)
# RFC 9110 section 7.2, RFC 3986 section 3.2.2: a name or an address, and a port.
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~!$&'()*+,;=%-]*)(:[0-9]{0,5})?")


class WireRequest(http.Request):
    """One request while it is on the wire."""

    channel: Any  # a `pki.mtls.server._Channel`; Twisted sets it
    content: Any
    _answering: Deferred[None] | None = None
    _abandoned = False

    def parseCookies(self) -> None:
        """Left to those who want cookies."""

    def gotLength(self, length: int | None) -> None:
        """The headers are complete and announce a body of *length* bytes."""
        super().gotLength(length)
        if fault := self._coding_fault():
            self.channel.refuse(BAD_REQUEST, fault)
        elif length is not None and length > LARGEST_BODY:
            self.channel.refuse(_TOO_LARGE, f"body of {length} bytes announced")

    def _coding_fault(self) -> str:
        """
        RFC 9112 sections 6.1, 6.3: why nobody can say where the body ends, or nothing.

        Twisted 26.10 takes `identity` for no coding at all, whatever else is named,
        and any coding from a peer that speaks HTTP/1.0.
        """
        codings = self.requestHeaders.getRawHeaders(b"transfer-encoding")
        if codings is None:
            return ""
        if self.channel.version != b"HTTP/1.1":
            return "Transfer-Encoding in HTTP/1.0"
        if [each.lower() for each in codings] != [b"chunked"]:
            return "a Transfer-Encoding that is not chunked alone"
        if self.requestHeaders.hasHeader(b"content-length"):
            return "Transfer-Encoding beside Content-Length"
        return ""

    def handleContentChunk(self, data: bytes) -> None:
        """A part of the body came; a chunked one announces no length."""
        super().handleContentChunk(data)
        if self.content.tell() > LARGEST_BODY:
            self.channel.refuse(_TOO_LARGE, f"body of more than {LARGEST_BODY} bytes")

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:
        """The request is complete. Everything is parsed here, once."""
        if self.channel.refused:  # its end came together with what was too much of it
            return
        if self.channel.too_costly:
            self.channel.refuse(BAD_REQUEST, self.channel.too_costly)
            return
        hosts = len(self.requestHeaders.getRawHeaders(b"host", []))
        if hosts > 1 or (hosts == 0 and version == b"HTTP/1.1"):
            self.channel.refuse(BAD_REQUEST, f"{hosts} Host fields")
            return
        self.method, self.uri, self.clientproto = command, path, version
        self.content.seek(0)
        authority, target = _taken_apart(path.decode("latin-1"))
        where, _, query = target.partition("?")
        headers = {
            name.decode("ascii").lower(): tuple(
                value.decode("latin-1") for value in values
            )
            for name, values in self.requestHeaders.getAllRawHeaders()
        }
        if authority is not None:  # RFC 9112 section 3.2.2: and not by its Host field
            headers["host"] = (authority,)
        if not all(_HOST.fullmatch(host) for host in headers.get("host", ())):
            self.channel.refuse(BAD_REQUEST, "a Host that is none")
            return
        request = Request(
            method=command.decode("latin-1"),
            path=where,
            query=query,
            headers=MappingProxyType(headers),
            body=self.content.read(),
            connection=self.channel.connection,
            journal=Journal(usable_interaction_id(headers)),
        )
        self._answering = Deferred.fromCoroutine(self._answer(request))

    def connectionLost(self, reason: Failure) -> None:
        """Nobody is left to answer, so nothing more is worked out."""
        super().connectionLost(reason)
        self._abandoned = True
        if self._answering is not None:
            self._answering.cancel()

    async def _answer(self, request: Request) -> None:
        """The one place where a refusal, or a fault of ours, becomes a response."""
        listener = self.channel.factory
        started = listener.reactor.seconds()
        try:
            response, refusal = await _decided(listener.answer, request)
        except CancelledError:
            return
        except Exception:  # noqa: BLE001 - whatever it was, the peer gets a fixed 500
            listener.witness.fault(request, Failure())
            response, refusal = _FAULT, None
        if self._abandoned:  # the handler went on where it was to stop
            return
        seconds = listener.reactor.seconds() - started
        # Before the answer goes out: whoever has it finds recorded what led to it.
        listener.witness.answered(request, response, refusal, seconds)
        self._write(response, request.header("host") or "")

    def _write(self, response: Response, host: str) -> None:
        # Twisted 26.10 has no words for 421.
        phrase = HTTPStatus(response.status).phrase
        self.setResponseCode(response.status, phrase.encode("ascii"))
        headers = self.responseHeaders
        for name, value in (*response.headers, *strict_transport_security(host)):
            headers.addRawHeader(name, value)
        headers.setRawHeaders(b"Date", [http.datetimeToString()])
        if response.status not in http.NO_BODY_CODES:
            length = b"%d" % len(response.body)
            headers.setRawHeaders(b"Content-Length", [length])
        self.write(response.body)
        self.finish()


async def _decided(answer: Answer, request: Request) -> tuple[Response, Refusal | None]:
    try:
        return await answer(request), None
    except Refusal as refusal:
        return refusal.response(), refusal


def _taken_apart(target: str) -> tuple[str | None, str]:
    """
    RFC 9112 section 3.2.2: a server accepts a target with scheme and authority.

    Returns the authority, where there is one, and the target without it. One for
    `http` is at the port of that scheme, if it names none.
    """
    absolute = _ABSOLUTE_FORM.match(target)
    if absolute is None:
        return None, target
    path = target[absolute.end() :]
    authority = absolute[2]
    if absolute[1].lower() == "http" and ":" not in authority.rpartition("]")[2]:
        authority += ":80"
    return authority, path if path.startswith("/") else f"/{path}"
