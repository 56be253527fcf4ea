"""
What a JWT says, for looking at: no signature is verified, no claim is believed.

Whoever decides something by a token verifies it; nothing here is for that.
"""

from base64 import urlsafe_b64decode
from collections.abc import Mapping

from scripts.walkthrough.story.message_contents import json_object

METHOD = "x5t#S256"

_JWT_SEGMENTS = 3


def jwt_claims(token: str) -> Mapping[str, object] | None:
    """The claims of a JWT; `None` if *token* is none."""
    segments = token.split(".")
    if len(segments) != _JWT_SEGMENTS:
        return None
    header, claims = (decoded(segment) for segment in segments[:2])
    return claims if "alg" in header else None


def decoded(segment: str) -> dict[str, object]:
    """The members that a segment of a JWT holds; none if it holds no JSON object."""
    padded = f"{segment}{'=' * (-len(segment) % 4)}"
    try:
        return json_object(urlsafe_b64decode(padded).decode("utf-8"))
    except ValueError:
        return {}


def confirmed(claims: Mapping[str, object]) -> str:
    """The x5t#S256 of a `cnf`, or an empty string: RFC 8705 section 3.1."""
    confirmation = claims.get("cnf")
    if not isinstance(confirmation, dict):
        return ""
    value = confirmation.get(METHOD)
    return value if isinstance(value, str) else ""
