"""The bodies of a client's requests and of their answers."""

from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IConsumer
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from twisted.web.client import ResponseDone
from twisted.web.iweb import IBodyProducer
from zope.interface import implementer


@implementer(IBodyProducer)
class Body:
    """
    A request body that is all there.

    Twisted's own `FileBodyProducer` runs on the global reactor, whatever reactor it
    serves, so it never moves under a test's clock.
    """

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.length = len(body)

    def startProducing(self, consumer: IConsumer) -> Deferred[None]:
        """Write it, all at once."""
        consumer.write(self._body)
        return succeed(None)

    def pauseProducing(self) -> None:
        """Nothing is left to pause."""

    def resumeProducing(self) -> None:
        """Nothing is left to resume."""

    def stopProducing(self) -> None:
        """Nothing is left to stop."""


class TooLarge(Exception):
    """More came than is read, which is *most* bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(f"the answer is larger than is read: more than {most} bytes")


class Reader(Protocol):
    """Collects a body, as far as it is read."""

    transport: Any

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self._parts: list[bytes] = []
        self._length = 0
        self.body: Deferred[bytes] = Deferred(self._cancel)

    def dataReceived(self, data: bytes) -> None:
        """A part came."""
        self._length += len(data)
        self._parts.append(data)
        if self._length > self._largest and not self.body.called:
            self.body.errback(TooLarge(self._largest))
            self._cancel()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """The end, or what should not have been the end."""
        if self.body.called:
            return
        # Not PotentialDataLoss, which is a body that ends with its connection: Twisted
        # does not tell an end that TLS vouches for from a cut (RFC 9112 section 9.8).
        if reason.check(ResponseDone):
            self.body.callback(b"".join(self._parts))
        else:
            self.body.errback(reason)

    def _cancel(self, _body: object = None) -> None:
        self.transport.loseConnection()
