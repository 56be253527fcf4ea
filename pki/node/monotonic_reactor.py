"""Time-outs that a clock which is set neither stretches nor cuts short."""

import time
from typing import Any


def count_monotonically(reactor: Any) -> None:
    """
    *reactor* counts its delayed calls by the monotonic clock from now on.

    Twisted counts them by the time of day (`twisted.python.runtime.seconds`): where the
    clock is set back by an hour every deadline is an hour longer, and where it is set
    forward they all are over at once. Nothing may be delayed yet.
    """
    reactor.seconds = time.monotonic
