"""
Load a server: some callers at a time, in turn.

The turn is what makes a rotation: of the callers that rest, the one that has rested
longest goes on. Where no more than *at_a_time* exist, none rests, and each goes on with
the answer it got; where there are 200, a caller is seen again after all others.
"""

import select
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from scripts.bench.load.callers import Caller, Spent, Step, WrongAnswer
from scripts.bench.load.connection import Broken, Connection

_PATIENCE = 20.0  # seconds for what is still under way
_TURN = 0.05  # seconds that are waited at most, before the clock is looked at


@dataclass
class Measured:
    """
    What a load came to.

    *seconds* are those of each piece of work, in the order of their ends, that ended
    within *lasted*; *done* counts those too that ended afterwards, since the server
    worked for them. *failures* are texts.
    """

    seconds: list[float] = field(default_factory=list)
    lasted: float = 0.0
    done: int = 0
    failures: list[str] = field(default_factory=list)


@dataclass
class _Seat:
    """A caller's piece of work, and its connections by its doors' numbers."""

    caller: Caller
    connections: dict[int, Connection] = field(default_factory=dict)
    begun: float = 0.0


class Loading:
    """
    A load by *callers*, at most *at_a_time* under way.

    With *anew* each piece of work has connections of its own. Used as a context, whose
    end closes the connections.
    """

    def __init__(
        self, callers: Sequence[Caller], at_a_time: int, *, anew: bool = False
    ) -> None:
        self._resting = deque(_Seat(caller) for caller in callers)
        self._at_a_time = at_a_time
        self._anew = anew
        self._epoll = select.epoll()
        self._by_number: dict[int, tuple[_Seat, Connection, int]] = {}
        self._under_way = 0

    def open(self) -> None:
        """
        Connect every caller's every door, unless each piece of work does so anew.

        Raises:
            Broken: a server does not take them.
        """
        if self._anew:
            return
        give_up = time.monotonic() + _PATIENCE
        for seat in self._resting:
            for door in range(len(seat.caller.doors)):
                connection = self._connected(seat, door)
                while not connection.is_ready:
                    if time.monotonic() > give_up:
                        raise Broken("no handshake within seconds")
                    self._epoll.poll(_TURN)
                    connection.go_on()

    def run(self, seconds: float) -> Measured:
        """
        Load for *seconds*, or until every caller is spent; then wait for what is open.

        A piece of work that fails is a failure, and its caller goes on.
        """
        measured = Measured()
        begun = time.perf_counter()
        end = begun + seconds
        self._fill(measured)
        while self._under_way and time.perf_counter() < end:
            self._poll(measured, going_on=True)
        measured.lasted = time.perf_counter() - begun
        within = len(measured.seconds)
        give_up = time.perf_counter() + _PATIENCE
        while self._under_way:
            if time.perf_counter() > give_up:
                measured.failures.append(f"{self._under_way} without an answer")
                self._drop_all()
                break
            self._poll(measured, going_on=False)
        measured.done = len(measured.seconds)
        del measured.seconds[within:]
        return measured

    def close(self) -> None:
        """Close every connection."""
        self._drop_all()
        self._epoll.close()

    def _drop_all(self) -> None:
        for seat in {
            id(seat): seat for seat, _, _ in self._by_number.values()
        }.values():
            self._close_all(seat)
            if seat.begun:
                self._rest(seat)

    def _fill(self, measured: Measured) -> None:
        # Not for ever: where nothing can be begun, everything fails at once.
        for _ in range(self._at_a_time - self._under_way):
            self._begin(measured)

    def _begin(self, measured: Measured) -> None:
        """Let who has rested longest, and has work, go on."""
        while self._resting:
            seat = self._resting.popleft()
            try:
                step = seat.caller.begin()
            except Spent:
                continue  # its connections stay open, as others' do
            seat.begun = time.perf_counter()
            self._under_way += 1
            self._ask(seat, step, measured)
            return

    def _ask(self, seat: _Seat, step: Step, measured: Measured) -> None:
        try:
            connection = seat.connections.get(step.door)
            if connection is None:
                connection = self._connected(seat, step.door)
            connection.send(step.octets)
        except Broken as problem:
            self._failed(seat, str(problem), measured)

    def _connected(self, seat: _Seat, door: int) -> Connection:
        connection = Connection(seat.caller.doors[door])
        seat.connections[door] = connection
        self._by_number[connection.number] = (seat, connection, door)
        self._epoll.register(connection.number, select.EPOLLIN)
        return connection

    def _poll(self, measured: Measured, *, going_on: bool) -> None:
        for number, _ in self._epoll.poll(_TURN):
            found = self._by_number.get(number)
            if found is None:
                continue  # closed by what came before it in this turn
            self._hear(*found, measured)
            if going_on:
                self._fill(measured)

    def _hear(
        self, seat: _Seat, connection: Connection, door: int, measured: Measured
    ) -> None:
        try:
            answer = connection.go_on()
            if answer is None:
                return
            step = seat.caller.heard(answer)
        except (WrongAnswer, Broken) as problem:
            if seat.begun:
                self._failed(seat, str(problem), measured)
            else:  # the server is tired of a connection that rested
                self._close(seat, door)
            return
        if step is not None:
            self._ask(seat, step, measured)
            return
        measured.seconds.append(time.perf_counter() - seat.begun)
        self._rest(seat)

    def _failed(self, seat: _Seat, why: str, measured: Measured) -> None:
        measured.failures.append(why)
        self._close_all(seat)
        self._rest(seat)

    def _rest(self, seat: _Seat) -> None:
        seat.begun = 0.0
        self._under_way -= 1
        self._resting.append(seat)
        if self._anew:
            self._close_all(seat)

    def _close(self, seat: _Seat, door: int) -> None:
        connection = seat.connections.pop(door)
        del self._by_number[connection.number]
        self._epoll.unregister(connection.number)
        connection.close()

    def _close_all(self, seat: _Seat) -> None:
        for door in list(seat.connections):
            self._close(seat, door)
