"""Access tokens kept for later, for whoever holds the very same certificate."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from client_node.oauth.token.token_request import TokenResponse

LARGEST = 1000  # tokens; the one not used for longest makes room
LONGEST = 86400.0  # seconds a token is kept, whatever its server promises
MARGIN = 10.0  # seconds: a token this close to its end would end on the way


@dataclass(frozen=True, slots=True)
class CacheKey:
    """
    Whose token it is.

    *x5t_s256* is the thumbprint of the certificate, and not of its key: a renewed
    certificate for the same key is another certificate, and a token bound to the
    old one is refused with it (RFC 8705 section 6.3).
    """

    issuer: str
    client_id: str
    scope: str
    x5t_s256: str | None


@dataclass(frozen=True, slots=True)
class _Kept:
    access_token: str = field(repr=False)
    good_until: float


class TokenCache:
    """
    A bounded number of tokens.

    *clock* gives seconds, a monotonic one where the process lives long: lifetimes are
    counted from when a token was asked for.
    """

    def __init__(self, clock: Callable[[], float], *, largest: int = LARGEST) -> None:
        self._clock = clock
        self._largest = largest
        self._tokens: OrderedDict[CacheKey, _Kept] = OrderedDict()

    def now(self) -> float:
        """The time by the cache's clock."""
        return self._clock()

    def find(self, key: CacheKey) -> str | None:
        """The token for *key*, if it has more than a moment to live."""
        kept = self._tokens.get(key)
        if kept is None:
            return None
        if kept.good_until <= self._clock():
            del self._tokens[key]
            return None
        self._tokens.move_to_end(key)
        return kept.access_token

    def keep(self, key: CacheKey, token: TokenResponse, asked_at: float) -> None:
        """
        Keep the token that was asked for at *asked_at*: its time began after that.

        One without `expires_in` is not kept: nothing is known about its life.
        """
        if token.expires_in is None:
            return
        lifetime = min(token.expires_in, LONGEST) - MARGIN
        self._tokens[key] = _Kept(token.access_token, asked_at + lifetime)
        self._tokens.move_to_end(key)
        if len(self._tokens) > self._largest:
            self._tokens.popitem(last=False)

    def forget(self, key: CacheKey, access_token: str) -> None:
        """Drop *access_token*, and not a newer one that took its place meanwhile."""
        kept = self._tokens.get(key)
        if kept is not None and kept.access_token == access_token:
            del self._tokens[key]
