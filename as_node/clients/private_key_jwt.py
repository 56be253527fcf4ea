"""
Client authentication with a signed assertion: RFC 7523 section 3, OpenID Connect Core
section 9, as FAPI 2.0 section 5.3.2.1 narrows it.

It says who the client is and nothing else. The certificate of the connection says
nothing about that here, and an access token is bound to it all the same (RFC 8705
section 3: authentication and binding are two matters).
"""

from collections.abc import Callable
from math import ceil

from jwcrypto.common import JWException
from jwcrypto.jws import JWS

from as_node.clients.client_assertion import ClientAssertion
from as_node.clients.client_keys import RegisteredKeys, VerificationKey
from as_node.protocol.errors import InvalidClient
from as_node.store.authorizations import AssertionStore
from pki.http.checks import Check
from pki.http.journal import Journal

_RULE = "RFC 7523 section 3"

KEY = Check(
    "assertion.key",
    "the client's assertion names one of its keys",
    "RFC 7515 section 4.1.4",
)
TYPE = Check(
    "assertion.type", "the client's JWT is an assertion", "RFC 8725 section 3.11"
)
ALGORITHM = Check(
    "assertion.algorithm",
    "the algorithm of the client's assertion is its key's",
    "RFC 8725 section 3.1",
)
NOT_CRITICAL = Check(
    "assertion.critical-extensions",
    "the client's assertion asks for no extension",
    "RFC 7515 section 4.1.11",
)
SIGNATURE = Check(
    "assertion.signature",
    "the client's assertion is signed with its registered key",
    _RULE,
)
ISSUER = Check("assertion.issuer", "the iss of the client's assertion", _RULE)
SUBJECT = Check("assertion.subject", "the sub of the client's assertion", _RULE)
AUDIENCE = Check("assertion.audience", "the aud of the client's assertion", _RULE)
IN_FORCE = Check("assertion.in-force", "the client's assertion is in force", _RULE)
NOT_BEFORE = Check(
    "assertion.not-before",
    "the client's assertion is not of the future",
    "FAPI 2.0 Security Profile section 5.3.2.1",
)
USED_ONCE = Check(
    "assertion.used-once", "the client's assertion is used for the first time", _RULE
)

LONGEST_LIFETIME = 3600
"""Seconds an assertion may still have; so long is its `jti` remembered at most."""

CLOCK_SKEW = 10
"""
Seconds that `iat` and `nbf` may lie in the future.

FAPI 2.0 section 5.3.2.1 has 10 accepted, more than 60 refused, and leaves the rest.
"""

LONGEST_JTI = 256

# RFC 8725 section 3.11: a JWT that was made for something else says so, and is no
# assertion. The second is that of draft-ietf-oauth-rfc7523bis.
_TYPES = ("jwt", "client-authentication+jwt")


class PrivateKeyJwt:
    """
    The method `private_key_jwt`, for assertions addressed to *issuer*.

    *assertions* remembers which have been used; *clock* gives seconds since the epoch.
    """

    def __init__(
        self, assertions: AssertionStore, *, issuer: str, clock: Callable[[], float]
    ) -> None:
        self._assertions = assertions
        self._issuer = issuer
        self._clock = clock

    async def verify(
        self,
        client_id: str,
        registered: RegisteredKeys,
        assertion: ClientAssertion,
        journal: Journal,
    ) -> None:
        """
        *assertion* is this client's, was made for us, is in force, and is new.

        It is used up last, so that nobody who has no key of the client's uses up an
        identifier of its.

        Raises:
            InvalidClient: one of these is not so.
            StoreFailed: whether it is new cannot be told.
        """
        verify_signature(assertion, registered, journal)
        verify_names(assertion, client_id, self._issuer, journal)
        exp = verify_times(assertion, self._clock(), journal)
        await self._use_once(client_id, assertion, exp, journal)

    async def _use_once(
        self, client_id: str, assertion: ClientAssertion, exp: int, journal: Journal
    ) -> None:
        """RFC 7523 section 3: the `jti`, here required, for an assertion's one use."""
        jti = assertion.claims.get("jti")
        if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI:
            raise InvalidClient(
                "private_key_jwt: no jti",
                USED_ONCE,
                expected=f"a text of at most {LONGEST_JTI} characters",
                presented=_size(jti),
            )
        expected = "an assertion that has not been used"
        if not await self._assertions.use_assertion(client_id, jti, exp):
            raise InvalidClient(
                "private_key_jwt: the assertion has been used before",
                USED_ONCE,
                expected=expected,
                presented=f"jti {jti!a}",
            )
        journal.accepted(
            USED_ONCE,
            AssertionStore.use_assertion,
            expected=expected,
            presented=f"jti {jti!a}",
        )


def verify_signature(
    assertion: ClientAssertion, registered: RegisteredKeys, journal: Journal
) -> None:
    """
    The assertion is signed with a key that the client registered.

    The key decides about the algorithm (RFC 8725 section 3.1), and a `crit` or `b64`
    asks for what is not done here (RFC 7515 section 4.1.11, RFC 7797).

    Raises:
        InvalidClient: it is not, or says it is something else than an assertion.
    """
    keys = _keys(assertion, registered)
    header = assertion.header
    typ = header.get("typ", "JWT")
    if not isinstance(typ, str) or typ.lower() not in _TYPES:
        raise _refused("another typ", TYPE, "JWT", typ)
    fitting = [key for key in keys if key.alg == header.get("alg")]
    if not fitting:
        raise _refused(
            "another algorithm than the key's",
            ALGORITHM,
            ", ".join(dict.fromkeys(key.alg for key in keys)),
            header.get("alg"),
        )
    if header.keys() & {"crit", "b64"}:
        raise _refused("an extension", NOT_CRITICAL, "none", "crit or b64")
    key = next((key for key in fitting if _is_signed_with(key, assertion)), None)
    if key is None:
        raise InvalidClient(
            "private_key_jwt: the signature is not one of the client's key", SIGNATURE
        )
    journal.accepted(
        SIGNATURE,
        verify_signature,
        expected=f"{key.alg}, kid {key.kid}",
        presented=f"{key.alg}, kid {header.get('kid')!a}",
    )


def verify_names(
    assertion: ClientAssertion, client_id: str, issuer: str, journal: Journal
) -> None:
    """
    `iss` and `sub` are the client, `aud` is this authorization server and nobody else.

    FAPI 2.0 section 5.3.2.1: `aud` is the issuer identifier, as a string. An array is
    refused even with one element, and so is the URL of an endpoint: an assertion that
    two servers take for their own can be carried from one to the other.

    Raises:
        InvalidClient: one of them is something else.
    """
    for name, check, expected in (
        ("iss", ISSUER, client_id),
        ("sub", SUBJECT, client_id),
        ("aud", AUDIENCE, issuer),
    ):
        if (presented := assertion.claims.get(name)) != expected:
            raise _refused(f"another {name}", check, expected, presented)
        journal.accepted(
            check,
            verify_names,
            expected=expected,
            presented=expected,
        )


def verify_times(assertion: ClientAssertion, now: float, journal: Journal) -> int:
    """
    The assertion is in force at *now*; its `exp`, rounded up.

    Raises:
        InvalidClient: `exp` is missing, past, or too far away; or `nbf` or `iat`, which
            may be left out, lies in the future.
    """
    exp = _seconds(assertion, "exp")
    until = f"between {now:.0f} and {now + LONGEST_LIFETIME:.0f}"
    if exp is None or not now < exp <= now + LONGEST_LIFETIME:
        raise _refused(
            "not in force", IN_FORCE, f"exp {until}", assertion.claims.get("exp")
        )
    for name in ("nbf", "iat"):
        begin = _seconds(assertion, name)
        if begin is not None and not begin <= now + CLOCK_SKEW:
            raise _refused(
                f"{name} in the future",
                NOT_BEFORE,
                f"at most {now + CLOCK_SKEW:.0f}",
                begin,
            )
    journal.accepted(
        IN_FORCE,
        verify_times,
        expected=f"exp {until}",
        presented=f"exp {exp}",
    )
    return ceil(exp)


def _is_signed_with(key: VerificationKey, assertion: ClientAssertion) -> bool:
    try:
        jws = JWS.from_jose_token(assertion.token)
        jws.allowed_algs = [key.alg]
        jws.verify(key.jwk)
    except JWException:
        return False
    return True


def _keys(
    assertion: ClientAssertion, registered: RegisteredKeys
) -> list[VerificationKey]:
    """
    The keys that `kid` names, or without one the only key there is.

    RFC 7515 section 4.1.4. Several may have one name (FAPI 2.0 section 5.6.4): the
    algorithm, and then the signature, decides among them. No key in the header itself
    (`jwk`, `jku`, `x5c`) is ever looked at.
    """
    kid = assertion.header.get("kid")
    keys = [key for key in registered.keys if kid is None or key.kid == kid]
    if not keys or (kid is None and len(keys) > 1):
        raise _refused(
            "the kid names none of the client's keys, or is needed and missing",
            KEY,
            ", ".join(str(key.kid) for key in registered.keys),
            kid,
        )
    return keys


def _seconds(assertion: ClientAssertion, name: str) -> float | None:
    """
    A NumericDate, RFC 7519 section 2; None if the claim is left out.

    Raises:
        InvalidClient: it is something else.
    """
    value = assertion.claims.get(name)
    if name not in assertion.claims:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        what, expected = f"{name} is no number", "seconds since the epoch"
        raise _refused(what, IN_FORCE, expected, value)
    return value


def _size(jti: object) -> str:
    """What came in place of a `jti`: of a text how long it is, and not the text."""
    return f"{len(jti)} characters" if isinstance(jti, str) else f"{jti!a:.120}"


def _refused(
    what: str, check: Check, expected: str, presented: object
) -> InvalidClient:
    """As a refusal; what was presented is anybody's text, so it is escaped and cut."""
    return InvalidClient(
        f"private_key_jwt: {what}",
        check,
        expected=expected,
        presented=f"{presented!a:.120}",
    )
