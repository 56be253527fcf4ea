"""
The indexes of JWT access tokens in status lists, and which of them are revoked.

Part of the `Store` of `as_node.store.store`, whose promises it shares. An index is one
of all that were ever given out; which list it falls into is not this part's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Revocations:
    """
    The indexes revoked since an earlier look, and *revision*: what to name at the next.
    """

    revision: int
    indexes: Sequence[int]


class StatusListStore(Protocol):
    """
    What a status list is made of.

    Indexes come in by `note_issued` and `revoke_access_token`: those of a revoked
    token, or of a token whose grant is revoked, are revoked.
    """

    async def reserve_status_indexes(self, count: int) -> int:
        """
        The first of *count* indexes, which are nobody else's now or later.

        Whoever crashes with some of them unused has lost those: none comes back.
        """
        raise NotImplementedError

    async def count_status_indexes(self) -> int:
        """How many have been reserved: every index in a token is below that."""
        raise NotImplementedError

    async def revoked_since(self, revision: int, first: int, end: int) -> Revocations:
        """
        The indexes from *first* to before *end* that were revoked after *revision*.

        After 0 are all of them, but for those of tokens that have expired. An index
        may come twice.
        """
        raise NotImplementedError
