"""What was told, page by page: nothing is played backwards, but it is shown again."""

from collections.abc import Awaitable, Callable

from scripts.showing.key_presses import Key
from scripts.telling.terminal import Writable

NextKey = Callable[[str], Awaitable[Key]]

_HERE = "      [Enter] next   [b] back   [s] skip the act   [q] quit "
_BEFORE = "      {} back:  [Enter] forward   [b] back   [s] skip the act   [q] quit "
# Playing takes a few seconds, told or not.
_GOES_ON: dict[Key, str] = {
    "skip": "      The rest of the act is played untold.\n",
    "quit": "      The rest is played untold, for the page. Ctrl-C ends at once.\n",
}


class Pages:
    """
    A stream that remembers what is written to it, as pages.

    A page is what was written between two stops, at which *next_key* is asked for one.
    """

    def __init__(self, stream: Writable, next_key: NextKey) -> None:
        self._stream = stream
        self._next_key = next_key
        self._pages: list[str] = []
        self._written = ""

    def write(self, text: str, /) -> None:
        """Write *text*, and keep it."""
        self._written += text
        self._stream.write(text)

    def flush(self) -> None:
        """Nothing is kept back."""
        self._stream.flush()

    async def stop(self) -> Key:
        """
        The page is full: wait until it is time for the next, or for something else.

        Going back, and forward to this page again, happens here.
        """
        self._pages.append(self._written)
        self._written = ""
        last = at = len(self._pages) - 1
        while True:
            key = await self._next_key(
                _BEFORE.format(last - at) if at < last else _HERE
            )
            if key == "back":
                at = self._shown(max(at - 1, 0))
            elif key == "next" and at < last:
                at = self._shown(at + 1)
            else:
                self._stream.write(_GOES_ON.get(key, ""))
                return key

    def _shown(self, at: int) -> int:
        self._stream.write(self._pages[at])
        self._stream.flush()
        return at
