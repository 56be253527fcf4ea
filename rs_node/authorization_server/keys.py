"""
The authorization server's keys, kept here so that it may be away for a while.

A key that is known goes on working whatever happens to the server. A `kid` that is
not known makes us ask once: keys are rotated, and the first token of a new key must
not fail. But anybody can invent a `kid`, so that is done at most once in a while.
"""

from collections.abc import Callable, Sequence

from pki.node.single_flight import SingleFlight
from rs_node.authorization_server.requests import AuthorizationServer, NoUsableAnswer
from rs_node.authorization_server.verification_keys import (
    VerificationKey,
    verification_keys,
)

REFRESH_SECONDS = 300.0  # a key withdrawn by its owner is believed no longer than this
RETRY_SECONDS = 1.0  # after an attempt that failed
MOST_TOLD = 8  # keys that are passed over, in a line of the log

_FETCH = "jwks"


class AuthorizationServerKeys:
    """
    The keys of *server*.

    *clock* gives seconds for ages and pauses: a monotonic one, for after two rotations
    a clock that was set back would keep every new key from being asked for.
    *refetch_seconds* is the least time between two requests for unknown keys. *warn*
    takes a line for the operator.
    """

    def __init__(
        self,
        server: AuthorizationServer,
        clock: Callable[[], float],
        warn: Callable[[str], None],
        *,
        refetch_seconds: float,
    ) -> None:
        self._server = server
        self._clock = clock
        self._warn = warn
        self._refetch_seconds = refetch_seconds
        self._flight: SingleFlight[None] = SingleFlight()
        self._keys: dict[tuple[str, str], VerificationKey] = {}
        self._asked = float("-inf")
        self._fetched = float("-inf")
        self._failure = ""
        self._told = ""

    async def find(self, kid: str, alg: str) -> VerificationKey | None:
        """
        The key of this name for this algorithm, `None` if the server has none.

        Raises:
            NoUsableAnswer: it is not known here, and the server cannot be asked.
        """
        key = self._keys.get((kid, alg))
        if key is not None:
            self._refresh_if_old()
            return key
        if self._may_ask() or self._flight.is_under_way(_FETCH):
            await self._flight.join(_FETCH, self._fetch)
            key = self._keys.get((kid, alg))
        if key is None and self._failure:
            raise NoUsableAnswer(self._failure)
        return key

    def _may_ask(self) -> bool:
        pause = RETRY_SECONDS if self._failure else self._refetch_seconds
        return self._clock() - self._asked >= pause

    def _refresh_if_old(self) -> None:
        """Nobody waits: the request at hand has its key."""
        if self._clock() - self._fetched >= REFRESH_SECONDS and self._may_ask():
            self._flight.begin(_FETCH, self._fetch)

    async def _fetch(self) -> None:
        self._asked = self._clock()
        try:
            passed_over: list[str] = []
            document = await self._server.jwks()
            self._keys = verification_keys(document, passed_over.append)
        except (NoUsableAnswer, ValueError) as error:
            self._failure = f"no keys of {self._server.issuer}: {error}"
            self._warn(self._failure)
            return
        self._failure = ""
        self._fetched = self._clock()
        self._tell(passed_over)

    def _tell(self, passed_over: Sequence[str]) -> None:
        """In one line, and not again while the set has the same."""
        line = "; ".join(passed_over[:MOST_TOLD])
        if len(passed_over) > MOST_TOLD:
            line += f"; and {len(passed_over) - MOST_TOLD} more"
        if line and line != self._told:
            self._warn(f"keys of {self._server.issuer} are passed over: {line}")
        self._told = line
