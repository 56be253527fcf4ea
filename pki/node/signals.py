"""Stop, once."""

import signal
from contextlib import suppress
from typing import Any

from twisted.internet.error import ReactorNotRunning

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def stop_once(reactor: Any) -> None:
    """
    Stop *reactor* at the first SIGINT or SIGTERM, and ignore those that follow.

    Ctrl-C reaches a whole group of processes, which then tell each other, and an
    impatient person presses it twice: Twisted 26.10's own handlers log a traceback
    for each signal after the first. To be called when they are in place already,
    that is after the reactor's first turn.
    """

    def stop(*_received: object) -> None:
        for each in _SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        reactor.callFromThread(stop_now, reactor)

    for each in _SIGNALS:
        signal.signal(each, stop)


def stop_now(reactor: Any) -> None:
    """Stop *reactor*, if it is not stopping already."""
    with suppress(ReactorNotRunning):
        reactor.stop()
