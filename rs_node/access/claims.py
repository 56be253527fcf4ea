"""
The claims of an access token, whether a JWT or an introspection response has them.

RFC 8705 section 3.2: both forms say the same, so both are judged by one function.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pki.http.checks import Check
from pki.http.journal import Journal
from rs_node.access.challenges import InvalidToken

Claims = Mapping[str, object]

INTENT = "openbanking_intent_id"
"""UK Open Banking: the claim that names the consent which the customer gave."""

CLAIMS = Check(
    "token.claims",
    "the token has the claims of an access token",
    "RFC 9068 section 2.2",
)
TIMES = Check("token.times", "the token's times are times", "RFC 7519 section 4.1")
ISSUER = Check("token.issuer", "the token's issuer", "RFC 9068 section 4")
AUDIENCE = Check(
    "token.audience", "the token is for this resource server", "RFC 9068 section 4"
)

_STRINGS = ("iss", "sub", "client_id", "jti", "scope", INTENT)
_TIMES = ("exp", "nbf", "iat")


@dataclass(frozen=True, slots=True)
class Expectations:
    """
    Whose tokens are believed, and for whom they must be.

    *issuer* is the authorization server's, *resource* our own identifier (RFC 9728
    section 2) that a token must have in `aud`.
    """

    issuer: str
    resource: str


def verify_claims(
    claims: Claims, required: Iterable[str], expected: Expectations, journal: Journal
) -> None:
    """
    The claims are complete and of their types, from our issuer and for us.

    Not checked here: what changes from request to request, which is the time and
    the certificate.

    Raises:
        InvalidToken: a claim is missing, of another type, or another's.
    """
    for name in required:
        if name not in claims:
            raise InvalidToken(f"claim {name} is missing", CLAIMS)
    for name in _STRINGS:
        if name in claims:
            _verify_string(name, claims[name])
    for name in _TIMES:
        if name in claims:
            _verify_time(name, claims[name])
    if "iss" in claims:
        verify_issuer(claims["iss"], expected.issuer, journal)
    verify_audience(claims["aud"], expected.resource, journal)


def verify_issuer(iss: object, issuer: str, journal: Journal) -> None:
    """RFC 9068 section 4: `iss` exactly matches the issuer, character by character."""
    if iss != issuer:
        raise InvalidToken(
            "the token is another issuer's",
            ISSUER,
            expected=issuer,
            presented=str(iss),
        )
    journal.accepted(
        ISSUER,
        verify_issuer,
        expected=issuer,
        presented=str(iss),
    )


def verify_audience(aud: object, resource: str, journal: Journal) -> None:
    """RFC 9068 section 4: `aud`, a string or a list of strings, contains us."""
    listed = aud if isinstance(aud, list) else [aud]
    audience = [each for each in listed if isinstance(each, str)]
    if len(audience) < len(listed):
        raise InvalidToken("aud is neither a string nor strings", AUDIENCE)
    presented = ", ".join(audience)
    if resource not in audience:
        raise InvalidToken(
            "the token is for another resource server",
            AUDIENCE,
            expected=resource,
            presented=presented,
        )
    journal.accepted(
        AUDIENCE,
        verify_audience,
        expected=resource,
        presented=presented,
    )


def _verify_string(name: str, value: object) -> None:
    if not isinstance(value, str) or (not value and name != "scope"):
        raise InvalidToken(f"{name} is not a text", CLAIMS)


def _verify_time(name: str, value: object) -> None:
    """RFC 7519 section 2: a NumericDate is a number, which a boolean is not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidToken(f"{name} is not a number", TIMES)
    if not abs(value) < _END_OF_TIME:  # neither is NaN
        raise InvalidToken(f"{name} is not a time", TIMES)


_END_OF_TIME = 253_402_300_800  # the year 10000, in seconds since the epoch
