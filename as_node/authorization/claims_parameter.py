"""
The `claims` parameter of an authorization request, OpenID Connect Core section 5.5.

Three claims mean something here: `openbanking_intent_id`, by which UK Open Banking
names the consent that the customer is asked about, `acr`, and `sub`. Whatever else is
asked for is ignored, as section 5.5 has it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pki.http.strict_json import json_object

LONGEST_CLAIMS = 4096  # bytes in UTF-8: that is what is kept of it, or nearly

_INTENT_ID = re.compile(r"[!-~]{1,128}")  # Open Banking: Max128Text


@dataclass(frozen=True, slots=True)
class RequestedClaims:
    """
    What was asked for, as far as it is known here.

    *subs* are the customers it can be about, None if that is anybody (section 5.5.1).
    *acr_values* are the values of `acr` that would do; *acr_is_essential* says that
    no other would (section 5.5.1.1). *members* is the parameter as it was parsed.
    """

    members: Mapping[str, object] = field(default_factory=dict)
    openbanking_intent_id: str | None = None
    subs: frozenset[str] | None = None
    acr_values: frozenset[str] = frozenset()
    acr_is_essential: bool = False


def parse_claims(text: str) -> RequestedClaims:
    """
    The claims that the value of the parameter asks for.

    Raises:
        ValueError: it is not what section 5.5 describes, or names two consents.
    """
    size = len(text.encode("utf-8"))
    if size > LONGEST_CLAIMS:
        raise ValueError(f"{size} bytes, expected at most {LONGEST_CLAIMS}")
    members = json_object(text)
    id_token = _object("id_token", members.get("id_token"))
    userinfo = _object("userinfo", members.get("userinfo"))
    acr = _object("acr", id_token.get("acr"))
    return RequestedClaims(
        members,
        openbanking_intent_id=_intent_id(id_token, userinfo),
        subs=_subs(id_token, userinfo),
        acr_values=_values("acr", acr),
        acr_is_essential=acr.get("essential") is True,
    )


def _object(name: str, value: object) -> dict[str, object]:
    """Section 5.5.1: a claim may be `null`, which asks for it without a condition."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"{name} is no JSON object")  # noqa: TRY004 - of the peer
    return value


def _intent_id(*places: dict[str, object]) -> str | None:
    """
    The consent that is named, in the ID token's claims or in userinfo's or both.

    `null` names none: it asks for the claim, whatever it comes to be.
    """
    name = "openbanking_intent_id"
    named = [place[name] for place in places if place.get(name) is not None]
    asked = [_object(name, each) for each in named]
    found = {_known_as(each.get("value")) for each in asked}
    if len(found) > 1:
        raise ValueError(f"two values of {name}")
    return found.pop() if found else None


def _known_as(value: object) -> str:
    if not isinstance(value, str) or not _INTENT_ID.fullmatch(value):
        raise ValueError("openbanking_intent_id must have the id of a consent as value")
    return value


def _subs(*places: dict[str, object]) -> frozenset[str] | None:
    """Those who fit wherever somebody is asked for."""
    wanted: frozenset[str] | None = None
    for place in places:
        sub = _object("sub", place.get("sub"))
        if sub.keys() & {"value", "values"}:
            values = _values("sub", sub)
            wanted = values if wanted is None else wanted & values
    return wanted


def _values(name: str, claim: dict[str, object]) -> frozenset[str]:
    """Section 5.5.1: one `value`, or several `values` in order of preference."""
    if claim.keys() >= {"value", "values"}:
        raise ValueError(f"{name} has both value and values")
    values = claim.get("values", [claim["value"]] if "value" in claim else [])
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise ValueError(f"the values of {name} must be texts")
    return frozenset(values)
