"""A cache that forgets what was least recently used, so that it cannot grow."""

from collections import OrderedDict
from hashlib import sha256
from typing import Generic, TypeVar

T = TypeVar("T")

MOST_TOKENS = 10_000  # of about 2 kB each


class TokenCache(Generic[T]):
    """
    Values by access token.

    The tokens themselves are not kept: a key is the SHA-256 of one, so a look into
    this process's memory yields none from here.
    """

    def __init__(self, most: int = MOST_TOKENS) -> None:
        self._most = most
        self._values: OrderedDict[bytes, T] = OrderedDict()

    def find(self, token: str) -> T | None:
        """What is kept for *token*, if anything is."""
        key = _key(token)
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def keep(self, token: str, value: T) -> None:
        """Keep *value* for *token* until newer ones push it out."""
        self._values[_key(token)] = value
        if len(self._values) > self._most:
            self._values.popitem(last=False)

    def forget(self, token: str) -> None:
        """Keep nothing for *token*."""
        self._values.pop(_key(token), None)


def _key(token: str) -> bytes:
    return sha256(token.encode("ascii")).digest()
