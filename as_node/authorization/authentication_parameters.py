"""
How the customer is to be authenticated, and whether she was: OpenID Connect Core
section 3.1.2.1 (`prompt`, `max_age`, `acr_values`) and section 5.5.1.1 (`acr`).
"""

import re
from dataclasses import dataclass

from as_node.authorization.claims_parameter import SCA, RequestedClaims, parse_claims
from as_node.protocol.errors import InvalidRequest, UnmetAuthenticationRequirements
from as_node.protocol.parameters import Parameters

_RULE = "OpenID Connect Core section 3.1.2.1"

_SECONDS = re.compile(r"[0-9]{1,9}")
_PROMPTS = frozenset({"none", "login", "consent", "select_account"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedAuthentication:
    """
    What a client asks about the authentication of its customer.

    *may_ask*: she may be shown a page (`prompt=none` forbids it). *anew*: she has to
    sign in even if she just did. *max_age*, in seconds, is how long ago that may be.
    *second_factor*: the `acr` asked for needs one.
    """

    may_ask: bool
    anew: bool
    max_age: int | None
    second_factor: bool

    def is_recent(self, auth_time: int, *, asked_at: float, now: float) -> bool:
        """
        Whether a sign-in at *auth_time* is recent enough for a request of *asked_at*.

        One that was made for this very request is; else a `max_age` of a few
        seconds could never be met by somebody who has a page to read after it.
        """
        if auth_time >= int(asked_at):
            return True
        if self.anew:
            return False
        return self.max_age is None or int(now) <= auth_time + self.max_age


def requested_authentication(
    parameters: Parameters, claims: RequestedClaims
) -> RequestedAuthentication:
    """
    What the parameters ask for; a second factor also where the client would do
    without: what can be had is given.

    Raises:
        InvalidRequest: `prompt` or `max_age` is none.
    """
    prompt = _prompt(parameters)
    acr_values = parameters.get("acr_values", "").split(" ")
    return RequestedAuthentication(
        may_ask="none" not in prompt,
        anew=bool(prompt & {"login", "select_account"}),
        max_age=_max_age(parameters),
        second_factor=SCA in acr_values or SCA in claims.acr_values,
    )


def requested_claims(parameters: Parameters) -> RequestedClaims:
    """
    What the `claims` parameter asks for, if there is one.

    Raises:
        InvalidRequest: it cannot be read.
        UnmetAuthenticationRequirements: an `acr` is essential, and none of its
            values can be had here (OpenID Connect Core section 5.5.1.1).
    """
    rule = "OpenID Connect Core section 5.5"
    try:
        claims = parse_claims(parameters.get("claims", "{}"))
    except ValueError as error:
        raise InvalidRequest(f"claims: {error!s:.200}", rule=rule) from error
    if claims.acr_is_essential and claims.acr_values and SCA not in claims.acr_values:
        raise UnmetAuthenticationRequirements(
            "no such authentication is done here",
            rule="OpenID Connect Core section 5.5.1.1",
            expected=SCA,
            presented=ascii(", ".join(sorted(claims.acr_values))[:200]),
        )
    return claims


def _prompt(parameters: Parameters) -> frozenset[str]:
    """Whether the customer may be asked, and for what."""
    text = parameters.get("prompt")
    if text is None:
        return frozenset()
    asked = frozenset(text.split(" "))
    if not asked <= _PROMPTS or ("none" in asked and len(asked) > 1):
        raise InvalidRequest(
            "prompt asks for what is not known, or for nothing and something",
            rule=_RULE,
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
            "max_age is no number of seconds", rule=_RULE, presented=ascii(text[:80])
        )
    return int(text)
