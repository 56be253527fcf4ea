"""
One connection: a handshake, then a request and its answer, and so on.

Twisted calls, and everything that waits is here: for the handshake, for octets, for a
handler, for the peer to take an answer, for its agreement to the end.
"""

from enum import Enum, auto
from functools import partial
from typing import Any

from OpenSSL import SSL
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.interfaces import (
    IDelayedCall,
    IHandshakeListener,
    IPushProducer,
)
from twisted.internet.protocol import Protocol, connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from pki.http.messages import Connection, Request, Response
from pki.mtls.alerts import alert_text
from pki.mtls.handshakes import address_text, handshake_to_record
from pki.mtls.http1.answers import CONTINUE, refusal_octets
from pki.mtls.http1.deadline import Deadline
from pki.mtls.http1.ending import Ending
from pki.mtls.http1.facts import facts_of
from pki.mtls.http1.handling import Answer, handled
from pki.mtls.http1.read_request import ReadRequest
from pki.mtls.http1.refusals import BAD_REQUEST, TOO_SLOW, Unreadable
from pki.mtls.http1.request_reader import RequestReader
from pki.mtls.http1.requests import request_of
from pki.mtls.limits import (
    IDLE_DEADLINE,
    LARGEST_AHEAD,
    REQUEST_DEADLINE,
)
from pki.observability.witness import Witness


class _State(Enum):
    """What a connection is about; the last is for good."""

    HANDSHAKE = auto()
    READING = auto()  # the first request, or one of which something came
    HANDLING = auto()  # it is whole, and not answered
    ANSWERED = auto()  # and there is a reason not to begin the next one yet
    IDLE = auto()  # nothing of the next one came
    ENDING = auto()  # all is said; the peer may still have to hear it


@implementer(IHandshakeListener, IPushProducer)
class ServerConnection(Protocol):
    """
    The server's end, over a transport that is TLS.

    There is one deadline at a time: for the handshake and the first request together,
    for the wait between two requests, and for each further request from its first
    octet. A handler has none.
    """

    transport: Any
    connection: Connection
    _state = _State.HANDSHAKE
    _too_costly = ""
    _answers_wait = False  # for the peer, who reads more slowly than we write
    _is_paused = False
    _is_gone = False
    _local = ""
    _remote = ""
    _answering: Deferred[None] | None = None
    _turn: IDelayedCall | None = None
    _ending: Ending | None = None

    def __init__(
        self,
        reactor: Any,
        witness: Witness,
        answer: Answer,
        *,
        request_certificate: bool,
    ) -> None:
        self._reactor = reactor
        self._witness = witness
        self._answer = answer
        self._request_certificate = request_certificate
        self._deadline = Deadline(reactor, self._too_late)
        self._reader = RequestReader()

    # The handshake

    def connectionMade(self) -> None:
        """TCP's handshake is over; a socket that was closed tells no address."""
        self._local = address_text(self.transport.getHost())
        self._remote = address_text(self.transport.getPeer())
        self.transport.registerProducer(self, True)  # noqa: FBT003 - Twisted's
        self._deadline.set(REQUEST_DEADLINE)

    def handshakeCompleted(self) -> None:
        """Make the facts of this connection, once."""
        number = self._witness.next_connection()
        self.connection, self._too_costly = facts_of(
            self.transport, number, certificate_requested=self._request_certificate
        )
        self._state = _State.READING
        self._witness.handshake(
            "server",
            number,
            self._local,
            self._remote,
            partial(handshake_to_record, self.transport.getHandle()),
        )

    def _handshake_failed(self, reason: str) -> None:
        self._witness.handshake_failed(
            "server",
            self._local,
            self._remote,
            reason,
            partial(handshake_to_record, self.transport.getHandle()),
        )

    # A request and its answer

    def dataReceived(self, data: bytes) -> None:
        """What came is read, or waits until the request before it is answered."""
        if self._reads_requests:
            self._read(data)
            return
        if self._ending is not None:
            self._ending.throw_away(len(data))
        else:
            self._reader.keep(data)
        self._take_or_leave()

    @property
    def _reads_requests(self) -> bool:
        """Whether what comes is looked at, and not only kept."""
        return not self._answers_wait and self._state in (_State.IDLE, _State.READING)

    def _read(self, data: bytes) -> None:
        try:
            read = self._reader.read(data)
            if read is not None:
                self._begin(read)
                return
        except Unreadable as error:
            self._refuse(error.response, error.detail)
            return
        if self._state is _State.IDLE and self._reader.has_begun:
            self._state = _State.READING
            self._deadline.set(REQUEST_DEADLINE)
        if self._reader.waits_for_our_word:
            self.transport.write(CONTINUE)

    def _begin(self, read: ReadRequest) -> None:
        """
        Hand a whole request to the handler.

        Raises:
            Unreadable: see `request_of`; or its certificates cost too much.
        """
        if self._too_costly:
            raise Unreadable(BAD_REQUEST, self._too_costly)
        request = request_of(read, self.connection)
        self._state = _State.HANDLING
        self._deadline.clear()
        answering = Deferred.fromCoroutine(self._respond(request, read.keeps))
        self._answering = None if answering.called else answering

    async def _respond(self, request: Request, keeps: bool) -> None:  # noqa: FBT001
        started = self._reactor.seconds()
        try:
            ours = await handled(
                self._answer,
                request,
                self._witness,
                last=not keeps,
                is_given_up=lambda: self._is_gone,
            )
        except CancelledError:
            return
        if self._is_gone:  # the handler went on where it was to stop
            return
        seconds = self._reactor.seconds() - started
        # Before the answer goes out: whoever has it finds recorded what led to it.
        self._witness.answered(request, ours.response, ours.refusal, seconds)
        self.transport.write(ours.octets)
        if keeps:
            self._answered()
        else:
            self._end()

    # The next one

    def _answered(self) -> None:
        """
        Go on when the peer takes its answers.

        A request that is here already begins after the reactor has looked after
        everybody else: a peer may send a thousand at once.
        """
        self._state = _State.ANSWERED
        self._deadline.set(IDLE_DEADLINE)
        if self._reader.unread and not self._answers_wait:
            self._turn = self._reactor.callLater(0, self._go_on)
        else:
            self._go_on()

    def _go_on(self) -> None:
        """With the next request, or what came of it; or wait for the peer."""
        self._turn = None
        if self._answers_wait:
            self._take_or_leave()
            return
        if self._state is _State.ANSWERED:
            self._state = _State.IDLE
        self._take_or_leave()
        if self._reader.unread and self._reads_requests:
            self._read(b"")

    def pauseProducing(self) -> None:
        """The peer is slower to read than we are to write."""
        self._answers_wait = True
        self._take_or_leave()

    def resumeProducing(self) -> None:
        """The peer has read on."""
        self._answers_wait = False
        if self._turn is None:
            self._go_on()

    def stopProducing(self) -> None:
        """The connection is gone; see `connectionLost`."""

    def _take_or_leave(self) -> None:
        """Whether we read on, which is back-pressure to a peer that does not."""
        if self._ending is not None:
            leave = not self._ending.hears
        else:
            leave = self._answers_wait or self._reader.unread > LARGEST_AHEAD
        if leave is self._is_paused:
            return
        self._is_paused = leave
        if leave:
            self.transport.pauseProducing()
        else:
            self.transport.resumeProducing()

    # The end

    def _too_late(self) -> None:
        """
        The deadline passed.

        A connection that ends by it leaves a line, as a handshake that fails does: no
        more than one or two for each, so a flood of them fills no log faster than one
        of handshakes would.
        """
        if self._state is _State.HANDSHAKE:
            self._handshake_failed(f"not completed in {REQUEST_DEADLINE} seconds")
            self.transport.abortConnection()
        elif self._state is _State.READING:
            detail = f"no whole request in {REQUEST_DEADLINE} seconds"
            self._refuse(TOO_SLOW, detail)
        elif self._answers_wait:
            self._complain(f"closed: no answers taken in {IDLE_DEADLINE} seconds")
            self._end()
        else:
            what = f"closed: no request in {IDLE_DEADLINE} seconds"
            self._witness.log.info(f"{self._called} {what}")
            self._end()

    def _refuse(self, response: Response, detail: str) -> None:
        """Answer what is no request, and hear nothing more."""
        self._witness.log.warning(f"{response.status} to {self._remote}: {detail}")
        self.transport.write(refusal_octets(response))
        self._end()

    def _end(self) -> None:
        """Close, as soon as all is written and the peer has agreed."""
        self._state = _State.ENDING
        self._deadline.stop()
        self._ending = Ending(self._reactor, self.transport, self._complain)
        self._take_or_leave()
        self.transport.unregisterProducer()
        self.transport.loseConnection()

    def _complain(self, what: str) -> None:
        """A line about this connection, whose peer does less or more than it may."""
        self._witness.log.warning(f"{self._called} {what}")

    @property
    def _called(self) -> str:
        return f"connection of {self._remote}"

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """Nobody is left to answer; before a handshake's end, that is worth a line."""
        self._is_gone = True
        self._deadline.stop()
        if self._ending is not None:
            self._ending.over()
        if self._turn is not None:
            self._turn.cancel()
        if self._answering is not None:
            self._answering.cancel()
        if self._state is _State.HANDSHAKE and isinstance(reason.value, SSL.Error):
            self._handshake_failed(alert_text(reason.value))
