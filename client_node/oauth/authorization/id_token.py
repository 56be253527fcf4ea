"""The ID token: OpenID Connect Core sections 2 and 3.1.3.7, as FAPI 2.0 uses it."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256, sha512
from typing import Literal, get_args

from jwcrypto.common import JWException
from jwcrypto.jwk import JWK, JWKSet
from jwcrypto.jws import JWS

from client_node.oauth.requests.errors import UnusableAnswer
from client_node.oauth.requests.json_answers import optional, required, strict_object
from pki.http.checks import Check

SigningAlg = Literal["ES256", "PS256", "EdDSA"]
"""FAPI 2.0 section 5.4.1."""

SIGNING_ALGS: tuple[SigningAlg, ...] = get_args(SigningAlg)

ID_TOKEN = Check(
    "id-token.claims",
    "the ID token is for us, for this request, and names the consent",
    "OpenID Connect Core section 3.1.3.7",
)

LEEWAY = 10  # seconds that two machines' clocks may differ
OLDEST = 600  # seconds since `iat`: it was issued for the request just made

_WHAT = "ID token"
_KEY_TYPES = {"ES256": "EC", "PS256": "RSA", "EdDSA": "OKP"}
_HASHES = {"ES256": sha256, "PS256": sha256, "EdDSA": sha512}
_REFRESH_TOKEN_EXPIRES_AT = "http://openbanking.org.uk/refresh_token_expires_at"  # noqa: S105 - a name
_END_OF_TIME = 253402300800  # the year 10000, which no calendar here has
LONGEST_SUB = 255  # OpenID Connect Core section 2, in ASCII characters


@dataclass(frozen=True, slots=True)
class Expected:
    """
    What the ID token must say.

    *alg* is the algorithm the client is registered with
    (`id_token_signed_response_alg`), never one the token chooses. *acr_values* are
    those asked for as essential; none where no `acr` was asked for.
    *openbanking_intent_id* is `None` where no consent was asked about.
    *access_token* is the one it came with.
    """

    issuer: str
    client_id: str
    alg: SigningAlg
    nonce: str = field(repr=False)
    acr_values: tuple[str, ...]
    openbanking_intent_id: str | None
    access_token: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class IdToken:
    """
    Who signed in at the bank, and how.

    *refresh_token_exp* is when the refresh token ends that it came with, in seconds
    since the epoch; `None` where the bank does not tell, or there is no end.
    """

    sub: str
    acr: str | None
    auth_time: int | None
    refresh_token_exp: float | None = None


class KeyNotFound(UnusableAnswer):
    """None of the keys that are known signed it; there may be newer ones."""


def verify_id_token(
    token: str, keys: JWKSet, expected: Expected, now: float
) -> IdToken:
    """
    What *token* says, after every check there is.

    Raises:
        KeyNotFound: it names a key that is not among *keys*.
        UnusableAnswer: any check failed; nothing of it is used.
    """
    claims = _verified_claims(token, keys, expected.alg)
    _verify_issuer_and_audience(claims, expected)
    _verify_times(claims, now)
    _verify_equal(claims, "nonce", expected.nonce)
    if expected.openbanking_intent_id is not None:
        _verify_equal(claims, "openbanking_intent_id", expected.openbanking_intent_id)
    _verify_at_hash(claims, expected)
    acr = optional(claims, "acr", str, _WHAT)
    if expected.acr_values and acr not in expected.acr_values:
        raise UnusableAnswer(f"{_WHAT}: 'acr' {acr!r:.80} is not what was asked for")
    sub = required(claims, "sub", str, _WHAT)
    if not 0 < len(sub) <= LONGEST_SUB:
        raise UnusableAnswer(
            f"{_WHAT}: 'sub' has {len(sub)} characters, expected 1 to {LONGEST_SUB}"
        )
    auth_time = optional(claims, "auth_time", int, _WHAT)
    if auth_time is not None and not 0 <= auth_time <= now + LEEWAY:
        raise UnusableAnswer(f"{_WHAT}: 'auth_time' is not of the past")
    return IdToken(sub, acr, auth_time, _refresh_token_exp(claims))


def _refresh_token_exp(claims: dict[str, object]) -> float | None:
    """UK Open Banking: 0 where it never ends. What is no such number is not told."""
    told = claims.get(_REFRESH_TOKEN_EXPIRES_AT)
    if not isinstance(told, (int, float)) or not 0 < told < _END_OF_TIME:
        return None
    return float(told)


def _verified_claims(token: str, keys: JWKSet, alg: SigningAlg) -> dict[str, object]:
    """The claims, signed with *alg* by one of *keys*."""
    jws = JWS()
    jws.allowed_algs = [alg]
    try:
        jws.deserialize(token)
        header = strict_object(jws.objects["protected"].encode(), f"{_WHAT} header")
    except (JWException, KeyError, ValueError, TypeError) as error:
        raise UnusableAnswer(f"{_WHAT}: it is no signed JWT") from error
    if token.count(".") != 2 or "crit" in header:
        raise UnusableAnswer(f"{_WHAT}: it is no plain compact JWS")
    if header.get("alg") != alg:
        named = header.get("alg")
        raise UnusableAnswer(f"{_WHAT}: its 'alg' is {named!r:.40} and not {alg!r}")
    key = _signing_key(keys, optional(header, "kid", str, _WHAT), alg)
    try:
        jws.verify(key, alg)
    except (JWException, ValueError, TypeError) as error:
        raise UnusableAnswer(f"{_WHAT}: its signature is not good") from error
    return strict_object(jws.payload, _WHAT)


def _signing_key(keys: JWKSet, kid: str | None, alg: SigningAlg) -> JWK:
    """
    The one key that may have signed it.

    OpenID Connect Core section 10.1: without `kid` only where there is no choice.
    """
    fitting = [key for key in keys["keys"] if _may_sign(key, alg)]
    if kid is not None:
        fitting = [key for key in fitting if key.get("kid") == kid]
    if len(fitting) != 1:
        raise KeyNotFound(f"{_WHAT}: {len(fitting)} keys may have signed it")
    return fitting[0]


def _may_sign(key: JWK, alg: SigningAlg) -> bool:
    named = (key.get("kty"), key.get("use", "sig"), key.get("alg", alg))
    return named == (_KEY_TYPES[alg], "sig", alg)


def _verify_issuer_and_audience(claims: dict[str, object], expected: Expected) -> None:
    """
    OpenID Connect Core section 3.1.3.7, steps 2 to 5.

    An array of one is as good as a string. Several audiences are refused, whatever
    `azp` says: this client trusts none beside itself.
    """
    _verify_equal(claims, "iss", expected.issuer)
    if claims.get("aud") not in (expected.client_id, [expected.client_id]):
        aud = claims.get("aud")
        raise UnusableAnswer(f"{_WHAT}: it is for {aud!r:.200}, and not for us alone")
    if "azp" in claims:
        _verify_equal(claims, "azp", expected.client_id)


def _verify_times(claims: dict[str, object], now: float) -> None:
    exp = required(claims, "exp", (int, float), _WHAT)
    iat = required(claims, "iat", (int, float), _WHAT)
    nbf = optional(claims, "nbf", (int, float), _WHAT)
    if exp + LEEWAY <= now:
        raise UnusableAnswer(f"{_WHAT}: expired {now - exp:.0f} s ago")
    if max(iat, iat if nbf is None else nbf) - LEEWAY > now:
        raise UnusableAnswer(f"{_WHAT}: it is of the future")
    if iat + OLDEST < now:
        raise UnusableAnswer(f"{_WHAT}: issued {now - iat:.0f} s ago, not just now")


def _verify_equal(claims: dict[str, object], name: str, expected: str) -> None:
    """The claim is there, a string, and the very same."""
    presented = required(claims, name, str, _WHAT)
    if presented != expected:
        raise UnusableAnswer(
            f"{_WHAT}: {name!r} is {presented!r:.100} and not {expected!r:.100}"
        )


def _verify_at_hash(claims: dict[str, object], expected: Expected) -> None:
    """OpenID Connect Core section 3.1.3.8: where it is there, it is right."""
    at_hash = optional(claims, "at_hash", str, _WHAT)
    if at_hash is None:
        return
    digest = _HASHES[expected.alg](expected.access_token.encode()).digest()
    half = urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if at_hash != half:
        raise UnusableAnswer(f"{_WHAT}: 'at_hash' is not that of the access token")
