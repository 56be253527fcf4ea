"""
What a handler is given, and what it gives back.

Plain values: a handler takes a `Request` and returns a `Response`, or raises a
`Refusal`, which knows its own response. None of them knows Twisted.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from pki.http.checks import Check
from pki.http.journal import Journal
from pki.peer import PeerCertificate

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Connection:
    """
    Facts about the connection a request came over, made once per connection.

    *number* counts the connections of one process. *tls_version* is OpenSSL's
    name, for example `TLSv1.3`. *certificate_requested* tells whether the server
    sent a CertificateRequest, so whether the lack of *peer* means anything.
    *local_port* is the port it came to, 0 where that is not known.
    """

    number: int
    client_address: str
    tls_version: str
    certificate_requested: bool
    peer: PeerCertificate | None
    local_port: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """
    One HTTP request, complete.

    *path* is as sent, without the query, not percent-decoded: the paths served
    here need no escapes, so an escaped spelling of one is another path. *headers*
    maps lower-case names to the values in the order they came; a field is never
    joined or dropped, since a repeated `Authorization` must be seen to be refused.
    """

    method: str
    path: str
    query: str
    headers: Mapping[str, tuple[str, ...]]
    body: bytes
    connection: Connection
    journal: Journal = field(default_factory=Journal)

    @property
    def peer(self) -> PeerCertificate | None:
        """The certificate proved by the other end of this very connection."""
        return self.connection.peer

    def header(self, name: str) -> str | None:
        """The first value of a header field, by lower-case name, if it was sent."""
        values = self.headers.get(name)
        return values[0] if values else None


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer; `Content-Length` and `Date` are added at the rim."""

    status: int
    headers: Fields = ()
    body: bytes = b""


class Refusal(Exception):
    """
    We answer no, by protocol.

    A refusal has two texts. What the peer is told is in the response, and constant
    for its kind: no oracle. *detail* is for the operator's log and says exactly
    what was expected and what came. *check* is the one that was not passed, which
    names its *rule* and is the same that an acceptance names; there is none where
    nothing was decided, as where a store is away. *expected* and *presented* are the
    values compared.

    Subclasses give the response.
    """

    def __init__(
        self,
        detail: str,
        check: Check | None = None,
        *,
        expected: str = "",
        presented: str = "",
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.check = check
        self.expected = expected
        self.presented = presented

    @property
    def rule(self) -> str:
        """The requirement that was not met; empty where nothing was decided."""
        return "" if self.check is None else self.check.rule

    def response(self) -> Response:
        """What the peer is told."""
        raise NotImplementedError


NO_STORE: Fields = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))


def json_response(
    status: int, members: Mapping[str, object], headers: Fields = ()
) -> Response:
    """A JSON object as an answer; UTF-8, as RFC 8259 section 8.1 has it."""
    body = json.dumps(members, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(status, (("Content-Type", "application/json"), *headers), body)


EMPTY: Mapping[str, tuple[str, ...]] = MappingProxyType({})
