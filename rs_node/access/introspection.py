"""
Token introspection, RFC 7662: the authorization server is asked about a token.

RFC 8705 section 3.2: its answer has the same `cnf` as a JWT would, and it is ours
to compare that with the certificate of our own connection.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from pki.http.checks import Check
from pki.http.journal import Journal
from pki.node.single_flight import SingleFlight
from rs_node.access.challenges import InvalidToken, Unavailable
from rs_node.access.claims import Claims, Expectations, verify_claims
from rs_node.access.token_cache import TokenCache
from rs_node.access.unconfirmed_token import UnconfirmedToken
from rs_node.authorization_server.requests import (
    AuthorizationServer,
    NoUsableAnswer,
    interaction_fields,
)

REMEMBERED = Check(
    "introspection.remembered",
    "the token was active a moment ago, and that may be kept",
    "RFC 7662 section 4",
)
ANSWERED = Check(
    "introspection.answered",
    "the issuer said whether the token is active",
    "RFC 7662 section 2.2",
)
ACTIVE = Check("introspection.active", "the token is active", "RFC 7662 section 2.2")

_REQUIRED = ("exp", "aud", "sub", "client_id")


@dataclass(frozen=True, slots=True)
class _Said:
    """What the server answered to a question that we sent at *asked*, monotonic."""

    asked: float
    claims: dict[str, object]


@dataclass(frozen=True, slots=True)
class _Kept:
    asked: float
    token: UnconfirmedToken


class Introspection:
    """
    Validates tokens by asking *server*.

    An answer may be used again for *cache_seconds* from when it was asked for, and
    never beyond the token's `exp` (RFC 7662 section 4); so a revocation takes
    effect after that time at the latest. With 0 every request asks. Only answers
    that say `active` are kept.

    *clock* gives seconds since the epoch, for `exp`. *monotonic* is for the age of an
    answer: a clock that is set back makes none young again.
    """

    def __init__(
        self,
        server: AuthorizationServer,
        expected: Expectations,
        clock: Callable[[], float],
        *,
        monotonic: Callable[[], float],
        cache_seconds: float,
    ) -> None:
        self._server = server
        self._expected = expected
        self._clock = clock
        self._monotonic = monotonic
        self._cache_seconds = cache_seconds
        self._kept: TokenCache[_Kept] = TokenCache()
        self._flight: SingleFlight[_Said] = SingleFlight()

    async def validate(
        self, token: str, interaction_id: str, journal: Journal
    ) -> UnconfirmedToken:
        """
        The token, active by the word of its issuer and meant for us.

        Raises:
            InvalidToken: it is not active, or not for us.
            Unavailable: the server is away, or makes no sense.
        """
        kept = self._kept.find(token)
        if kept is not None and self._may_be_kept(kept):
            age = self._monotonic() - kept.asked
            journal.accepted(
                REMEMBERED,
                self.validate,
                expected=f"asked within {self._cache_seconds:.0f} seconds",
                presented=f"asked {age:.0f} seconds ago",
            )
            return kept.token
        try:
            said = await self._ask(token, interaction_id)
        except NoUsableAnswer as error:
            raise Unavailable(str(error), ANSWERED) from error
        verify_active(said.claims, journal)
        verify_claims(said.claims, _REQUIRED, self._expected, journal)
        fresh = UnconfirmedToken(said.claims)
        if self._cache_seconds:
            self._kept.keep(token, _Kept(said.asked, fresh))
        return fresh

    def _may_be_kept(self, kept: _Kept) -> bool:
        age = self._monotonic() - kept.asked
        return age < self._cache_seconds and self._clock() < kept.token.exp

    async def _ask(self, token: str, interaction_id: str) -> _Said:
        """
        Ask, or wait with those who already asked.

        To share an answer is to keep it for the length of one exchange. So where
        nothing is kept nothing is shared: a question that was sent before a
        revocation must not answer a request that came after it.
        """
        ask = partial(self._ask_now, token, interaction_id)
        if not self._cache_seconds:
            return await ask()
        return await self._flight.join(token, ask)

    async def _ask_now(self, token: str, interaction_id: str) -> _Said:
        asked = self._monotonic()
        fields = interaction_fields(interaction_id)
        return _Said(asked, await self._server.introspect(token, fields))


def verify_active(claims: Claims, journal: Journal) -> None:
    """
    RFC 7662 section 2.2: `active` is true, the boolean and nothing like it.

    Raises:
        InvalidToken: the token is revoked, expired, unknown, or not our business:
            the server does not say which.
        Unavailable: `active` is not a boolean, so this is no introspection response.
    """
    active = claims.get("active")
    if not isinstance(active, bool):
        raise Unavailable("the introspection response has no active", ANSWERED)
    if not active:
        raise InvalidToken(
            "the issuer says that the token is not active",
            ACTIVE,
            expected="active: true",
            presented="active: false",
        )
    journal.accepted(
        ACTIVE,
        verify_active,
        expected="active: true",
        presented="active: true",
    )
