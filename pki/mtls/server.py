"""A listener: it answers requests over the TLS connections it is given."""

from typing import Any

from twisted.internet.interfaces import IAddress
from twisted.internet.protocol import Factory

from pki.mtls.http1.connection import ServerConnection
from pki.mtls.http1.handling import Answer
from pki.observability.witness import Witness

__all__ = ["Answer", "Listener"]


class Listener(Factory):
    """Serves *answer* over the connections it is given, which must be TLS."""

    noisy = False

    def __init__(
        self,
        reactor: Any,
        witness: Witness,
        answer: Answer,
        *,
        request_certificate: bool,
    ) -> None:
        self.reactor = reactor
        self.witness = witness
        self.answer = answer
        self.request_certificate = request_certificate

    def buildProtocol(self, addr: IAddress | None) -> ServerConnection:
        """One connection's end."""
        return ServerConnection(
            self.reactor,
            self.witness,
            self.answer,
            request_certificate=self.request_certificate,
        )
