"""
Each JWT access token gets an index of its own in the status lists.

The counter is in the store, and a block of indexes is reserved there, durably, before
the first of them is given out: a process that crashes loses the rest of its block, and
no index is ever given out twice. One commit goes with a block, not with a token.

They are given out one after the other. The draft recommends random ones, for tokens
that are shown to many who should not be able to join what they saw (Token Status List
section 12): these are shown to one resource server, and have a `jti`.
"""

from dataclasses import dataclass, field

from as_node.store.status_lists import StatusListStore
from as_node.tokens.status_claim import StatusIndex
from pki.node.single_flight import SingleFlight

BLOCK = 1024

_RESERVE = "reserve"


@dataclass(slots=True)
class StatusIndexes:
    """The indexes of *store*; several processes may draw from one."""

    store: StatusListStore
    _next: int = 0
    _end: int = 0
    _flight: SingleFlight[None] = field(default_factory=SingleFlight)

    async def draw(self) -> StatusIndex:
        """
        An index that no token has.

        Raises:
            StoreFailed: none could be reserved.
        """
        # All who waited for a block may have used it up before this one's turn.
        while self._next == self._end:
            await self._flight.join(_RESERVE, self._reserve)
        drawn = StatusIndex(self._next)
        self._next += 1
        return drawn

    async def _reserve(self) -> None:
        first = await self.store.reserve_status_indexes(BLOCK)
        self._next, self._end = first, first + BLOCK
