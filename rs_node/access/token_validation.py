"""JWT access tokens, verified here without asking anybody: RFC 9068 section 4."""

from collections.abc import Collection
from dataclasses import dataclass

from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.strict_json import json_object
from rs_node.access.challenges import InvalidToken, Unavailable
from rs_node.access.claims import Expectations, verify_claims
from rs_node.access.signed_token import FORM, read_header, verify_signature
from rs_node.access.token_cache import TokenCache
from rs_node.access.unconfirmed_token import UnconfirmedToken
from rs_node.authorization_server.keys import AuthorizationServerKeys
from rs_node.authorization_server.requests import NoUsableAnswer
from rs_node.authorization_server.verification_keys import VerificationKey

SIGNING_KEY = Check(
    "token.signing-key", "the issuer has the key that is named", "RFC 9068 section 4"
)
REMEMBERED = Check(
    "token.remembered",
    "signature, typ, iss and aud: verified when first presented",
    "RFC 9068 section 4",
)

_REQUIRED = ("iss", "exp", "aud", "sub", "client_id", "iat", "jti")


def looks_like_jwt(token: str) -> bool:
    """RFC 7515 section 7.1: three parts. Our opaque tokens have no full stop."""
    return token.count(".") == 2


@dataclass(frozen=True, slots=True)
class _Verified:
    """A token that was verified, and the key that did it."""

    key: VerificationKey
    token: UnconfirmedToken


class TokenValidation:
    """
    Validates JWT access tokens by *keys*, signed with one of *algorithms*.

    A token that was verified is remembered with its key, bounded in number: the
    signature is most of the work of a request (2.1 times the rate without it).
    What may differ at the next request, the time and the certificate, is not part
    of that: see `unconfirmed_token`.
    """

    def __init__(
        self,
        keys: AuthorizationServerKeys,
        expected: Expectations,
        algorithms: Collection[str],
    ) -> None:
        self._keys = keys
        self._expected = expected
        self._algorithms = frozenset(algorithms)
        self._verified: TokenCache[_Verified] = TokenCache()

    async def validate(self, token: str, journal: Journal) -> UnconfirmedToken:
        """
        The token, with signature, type, issuer and audience verified.

        Raises:
            InvalidToken: it is not a JWT access token of our issuer for us.
            Unavailable: its key is not known, and the server that would is away.
        """
        known = self._verified.find(token)
        if known is not None and await self._find_key(known.key) == known.key:
            journal.accepted(
                REMEMBERED,
                self.validate,
                expected=known.key.name,
                presented=known.key.name,
            )
            return known.token
        self._verified.forget(token)
        fresh = await self._verify(token, journal)
        self._verified.keep(token, fresh)
        return fresh.token

    async def _verify(self, token: str, journal: Journal) -> _Verified:
        kid, alg = read_header(token, self._algorithms, journal)
        try:
            key = await self._keys.find(kid, alg)
        except NoUsableAnswer as error:
            raise Unavailable(str(error), SIGNING_KEY) from error
        if key is None:
            raise InvalidToken(
                "the issuer has no such key for this algorithm",
                SIGNING_KEY,
                presented=f"kid {kid}, {alg}",
            )
        payload = verify_signature(token, key, journal)
        try:
            claims = json_object(payload)
        except ValueError as error:
            raise InvalidToken(f"the claims: {error}", FORM) from error
        verify_claims(claims, _REQUIRED, self._expected, journal)
        return _Verified(key, UnconfirmedToken(claims))

    async def _find_key(self, key: VerificationKey) -> VerificationKey | None:
        """A key that its owner has withdrawn takes the verified tokens with it."""
        try:
            return await self._keys.find(key.kid, key.alg)
        except NoUsableAnswer:
            return None
