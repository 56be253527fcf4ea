"""The end of a connection: all is written, and the peer agrees or does not."""

from collections.abc import Callable
from typing import Any

from pki.mtls.limits import CLOSE_DEADLINE, LARGEST_UNHEARD


class Ending:
    """
    Gives a peer CLOSE_DEADLINE seconds to take its last answer, and to agree.

    Twisted waits for both without end. *complain* is told what the peer does not do.
    """

    __slots__ = ("_complain", "_cut", "_transport", "_unheard")

    def __init__(
        self, clock: Any, transport: Any, complain: Callable[[str], None]
    ) -> None:
        self._transport = transport
        self._complain = complain
        self._unheard = 0  # octets
        self._cut = clock.callLater(CLOSE_DEADLINE, self._cut_off)

    @property
    def hears(self) -> bool:
        """Whether anything is read still; its agreement is behind what it sends on."""
        return self._unheard <= LARGEST_UNHEARD

    def throw_away(self, size: int) -> None:
        """So many octets came."""
        heard = self.hears
        self._unheard += size
        if heard and not self.hears:
            least = f"more than {LARGEST_UNHEARD} bytes after its last answer"
            self._complain(f"is not read any more: {least}")

    def over(self) -> None:
        """The connection is gone."""
        if self._cut.active():
            self._cut.cancel()

    def _cut_off(self) -> None:
        self._complain(f"cut off: no agreement to its end in {CLOSE_DEADLINE} seconds")
        self._transport.abortConnection()
