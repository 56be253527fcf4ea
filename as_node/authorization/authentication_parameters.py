"""
How the customer is to be authenticated: OpenID Connect Core section 3.1.2.1 (`prompt`,
`max_age`, `acr_values`) and section 5.5.1.1 (`acr`).
"""

import re

from as_node.authorization.claims_parameter import RequestedClaims, parse_claims
from as_node.authorization.request import RequestedAuthentication
from as_node.protocol.acr import SCA
from as_node.protocol.errors import InvalidRequest, UnmetAuthenticationRequirements
from as_node.protocol.parameters import Parameters
from pki.http.checks import Check

CLAIMS = Check(
    "authorization.claims",
    "the claims parameter can be read",
    "OpenID Connect Core section 5.5",
)
ESSENTIAL_ACR = Check(
    "authorization.essential-acr",
    "the authentication that is essential can be had here",
    "OpenID Connect Core section 5.5.1.1",
)
PROMPT = Check(
    "authorization.prompt",
    "the prompt says whether the customer may be asked",
    "OpenID Connect Core section 3.1.2.1",
)
MAX_AGE = Check(
    "authorization.max-age",
    "max_age is a number of seconds",
    "OpenID Connect Core section 3.1.2.1",
)

ACR_VALUES = Check(
    "authorization.acr-values",
    "acr_values is of a reasonable length",
    "OpenID Connect Core section 3.1.2.1",
)

LONGEST_ACR_VALUES = 1024  # characters; the one value that is known here has 23

_SECONDS = re.compile(r"[0-9]{1,9}")
_PROMPTS = frozenset({"none", "login", "consent", "select_account"})


def requested_authentication(
    parameters: Parameters, claims: RequestedClaims
) -> RequestedAuthentication:
    """
    What the parameters ask for; a second factor also where the client would do
    without: what can be had is given.

    Raises:
        InvalidRequest: `prompt` or `max_age` is none, or `acr_values` is too long.
    """
    prompt = _prompt(parameters)
    acr_values = _acr_values(parameters)
    return RequestedAuthentication(
        may_ask="none" not in prompt,
        anew=bool(prompt & {"login", "select_account"}),
        max_age=_max_age(parameters),
        second_factor=SCA in acr_values or SCA in claims.acr_values,
        acr_is_essential=claims.acr_is_essential,
    )


def requested_claims(parameters: Parameters) -> RequestedClaims:
    """
    What the `claims` parameter asks for, if there is one.

    Raises:
        InvalidRequest: it cannot be read.
        UnmetAuthenticationRequirements: an `acr` is essential, and none of its
            values can be had here (OpenID Connect Core section 5.5.1.1).
    """
    try:
        claims = parse_claims(parameters.get("claims", "{}"))
    except ValueError as error:
        raise InvalidRequest(f"claims: {error!s:.200}", CLAIMS) from error
    if claims.acr_is_essential and claims.acr_values and SCA not in claims.acr_values:
        raise UnmetAuthenticationRequirements(
            "no such authentication is done here",
            ESSENTIAL_ACR,
            expected=SCA,
            presented=ascii(", ".join(sorted(claims.acr_values))[:200]),
        )
    return claims


def _acr_values(parameters: Parameters) -> list[str]:
    text = parameters.get("acr_values", "")
    if len(text) > LONGEST_ACR_VALUES:
        raise InvalidRequest(
            "acr_values is too long",
            ACR_VALUES,
            expected=f"at most {LONGEST_ACR_VALUES} characters",
            presented=f"{len(text)} characters",
        )
    return text.split(" ")


def _prompt(parameters: Parameters) -> frozenset[str]:
    """Whether the customer may be asked, and for what."""
    text = parameters.get("prompt")
    if text is None:
        return frozenset()
    asked = frozenset(text.split(" "))
    if not asked <= _PROMPTS or ("none" in asked and len(asked) > 1):
        raise InvalidRequest(
            "prompt asks for what is not known, or for nothing and something",
            PROMPT,
            expected="none, or some of login, consent, select_account",
            presented=ascii(text[:80]),
        )
    return asked


def _max_age(parameters: Parameters) -> int | None:
    text = parameters.get("max_age")
    if text is None:
        return None
    if not _SECONDS.fullmatch(text):
        raise InvalidRequest(
            "max_age is no number of seconds", MAX_AGE, presented=ascii(text[:80])
        )
    return int(text)
