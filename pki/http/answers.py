"""What a client gets from a server: an answer, or the reason why there is none."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pki.http.messages import Fields

DEADLINE = 15.0  # seconds, from the call to the last byte of the answer


@dataclass(frozen=True, slots=True)
class Answer:
    """
    An HTTP answer; *headers* maps lower-case names to the values in order.

    *url* is what was asked for, where that is known: who refuses is told by it.
    """

    status: int
    headers: Mapping[str, tuple[str, ...]]
    body: bytes
    url: str = ""

    def header(self, name: str) -> str | None:
        """The first value of a header field, by lower-case name, if it came."""
        values = self.headers.get(name)
        return values[0] if values else None


class NoAnswer(Exception):
    """The exchange broke; the text says why, in words for a person."""


class NoConnection(NoAnswer):
    """Nobody was reached there: no such name, nobody who listens."""


class HandshakeRefused(NoAnswer):
    """
    One of the two ends did not accept the other's certificate, or its terms.

    Under TLS 1.2 the handshake fails; under TLS 1.3 the client learns at its first
    read. Both are this, and neither is ever tried again without a certificate.
    """


class HttpClient(Protocol):
    """Whoever sends requests and hears the answers: `pki.mtls.client` is one."""

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Fields = (),
        body: bytes = b"",
        deadline: float = DEADLINE,
    ) -> Answer:
        """
        Send one request and read the whole answer, within *deadline* seconds.

        Any status is an answer: judging it is the caller's.

        Raises:
            HandshakeRefused: see there.
            NoAnswer: no connection, or it broke, or the answer came too late or was
                too large. Whether the server acted on the request is not known.
        """

    async def close(self) -> None:
        """Close the kept connections."""
