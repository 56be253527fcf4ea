"""
The certificates that clients register by reference (`jwks_uri`), kept for a while.

A client rotates its certificate by changing its document. A new certificate is known
at its first use, for it makes us fetch the document again; one taken out of it stops
authenticating after FRESH_SECONDS, or, where the document cannot be fetched, after
KEPT_SECONDS.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from as_node.clients.jwks_uri import JwksUri
from pki.node.single_flight import SingleFlight

FRESH_SECONDS = 300.0
"""How long a fetched set is used without asking again."""

KEPT_SECONDS = 3600.0
"""How long it is used at most, while its host does not answer."""

PAUSE_SECONDS = 10.0
"""
The least time from one fetch to the next, whoever asks and whatever came of it.

Requests with unknown certificates cost an attacker nothing, and must not become as
many requests to the client's host.
"""

_NOTHING: frozenset[str] = frozenset()


class JwksNotFetched(Exception):
    """There is no JWK set to be had now; the text says why, for the operator's log."""


@dataclass(frozen=True, slots=True)
class KnownCertificates:
    """What we know of a document: the thumbprints in it, and how well we know it."""

    uri: JwksUri
    thumbprints: frozenset[str]
    problem: str

    def __str__(self) -> str:
        return f"{self.uri} ({self.problem})" if self.problem else str(self.uri)


@dataclass(slots=True)
class _Document:
    """One document: what it said when, and when it was last asked for."""

    thumbprints: frozenset[str] = _NOTHING
    fetched: float = float("-inf")
    asked: float = float("-inf")
    problem: str = "never fetched"

    def within(self, seconds: float, now: float) -> bool:
        """Whether what it said is that young; not so if the clock was set back."""
        return 0 <= now - self.fetched < seconds


class JwksCache:
    """
    Finds certificates behind `jwks_uri`s.

    *clock* gives seconds for ages and pauses: a monotonic one, which is never set.

    *fetch* gives the thumbprints in a document, or raises `JwksNotFetched`. It must
    end by itself within a bounded time. It is told the interaction that it is part
    of. *warn* takes a line for the operator.
    """

    def __init__(
        self,
        fetch: Callable[[JwksUri, str], Awaitable[frozenset[str]]],
        *,
        clock: Callable[[], float],
        warn: Callable[[str], None],
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._warn = warn
        self._documents: dict[JwksUri, _Document] = {}
        self._fetching: SingleFlight[None] = SingleFlight()

    async def find(
        self, uri: JwksUri, wanted: str, interaction_id: str
    ) -> KnownCertificates:
        """
        What the document says, fetched again if it is old or lacks *wanted*.

        *wanted* is the thumbprint of a certificate that somebody presented, in the
        interaction *interaction_id*. Where nothing recent enough is known, the answer
        holds no thumbprints.
        """
        document = self._documents.setdefault(uri, _Document())
        known = wanted in document.thumbprints
        if not (known and document.within(FRESH_SECONDS, self._clock())):
            await self._refresh(uri, document, interaction_id)
        if document.within(KEPT_SECONDS, self._clock()):
            return KnownCertificates(uri, document.thumbprints, document.problem)
        return KnownCertificates(uri, _NOTHING, document.problem)

    async def _refresh(
        self, uri: JwksUri, document: _Document, interaction_id: str
    ) -> None:
        """
        Fetch, or wait for a fetch under way, or leave it where the last was just now.

        The fetch is part of the interaction that began it, and goes on without it:
        when that is given up, others still wait.
        """
        name = str(uri)
        if not self._fetching.is_under_way(name):
            now = self._clock()
            if 0 <= now - document.asked < PAUSE_SECONDS:
                return
            document.asked = now
        fetch = partial(self._fetched, uri, document, interaction_id)
        await self._fetching.join(name, fetch)

    async def _fetched(
        self, uri: JwksUri, document: _Document, interaction_id: str
    ) -> None:
        try:
            document.thumbprints = await self._fetch(uri, interaction_id)
            document.fetched, document.problem = self._clock(), ""
        except JwksNotFetched as error:
            document.problem = f"not fetched: {error}"
            self._warn(f"jwks_uri {uri}: {error}")
