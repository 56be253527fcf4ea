"""Stop, once."""

import signal
from contextlib import suppress
from typing import Any

from twisted.internet.error import ReactorNotRunning

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def stop_once(reactor: Any) -> None:
    """
    Stop *reactor* at the first SIGINT or SIGTERM; those that follow do nothing.

    Ctrl-C reaches a whole group of processes, which then tell each other, and an
    impatient person presses it twice: Twisted 26.10's own handlers log a traceback
    for each signal after the first. To be called when they are in place already,
    that is after the reactor's first turn.

    The handler stays. Where SIG_IGN took its place Python would complain of a signal
    that had come by then and was not handled yet ("ignored due to race condition").
    """
    stopping = False

    def stop(*_received: object) -> None:
        nonlocal stopping
        if not stopping:
            stopping = True
            reactor.callFromThread(stop_now, reactor)

    for each in _SIGNALS:
        signal.signal(each, stop)


def hear_no_more() -> None:
    """
    Leave every further signal unheard, for the last moments of a process.

    Python gives signals back to the system before it ends, which would kill it then:
    an exit code of -15 for a node that has closed in good order. They are blocked and
    not ignored, see above; the log's thread, which may be there still, hears none.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)


def stop_now(reactor: Any) -> None:
    """Stop *reactor*, if it is not stopping already."""
    with suppress(ReactorNotRunning):
        reactor.stop()
