"""
A JWT as it is told: shortened, and its claims in plain text.

Nothing is verified here; this is for looking at.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from scripts.walkthrough.story.unverified_jwt import METHOD, confirmed, decoded

_JWT = re.compile(r"eyJ[A-Za-z0-9_-]+\.eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_SHORT = re.compile(r"(eyJ[\w-]{7}…)(\.eyJ[\w-]{7}…)(\.[\w-]{10}…)", re.ASCII)
_CLAIMS = ("sub", "aud", "exp", "cnf")
_PART = 10


def find_jwts(text: str) -> list[str]:
    """Every JWT in a text."""
    return _JWT.findall(text)


def with_short_jwts(text: str) -> str:
    """*text* with of each JWT the beginnings of header, claims and signature."""
    return _JWT.sub(lambda found: _short(found[0]), text)


def split_short_jwt(text: str) -> tuple[str, ...] | None:
    """What is before a shortened JWT, its three parts, and what is after it."""
    found = _SHORT.search(text)
    if found is None:
        return None
    return text[: found.start()], *found.groups(), text[found.end() :]


def signature_of(jwt: str) -> str:
    """Of its signature what a shortened JWT shows: by that it is known again."""
    return jwt.rpartition(".")[2][:_PART]


def claims_of(jwt: str) -> dict[str, object]:
    """The claims, or none where they are not such."""
    return decoded(jwt.split(".")[1])


def thumbprint_of(jwt: str) -> str:
    """The `x5t#S256` that a JWT is bound to, or empty."""
    return confirmed(claims_of(jwt))


def told_claims(jwt: str) -> Iterator[tuple[str, str]]:
    """The claims that decide who may use a token, each by its name."""
    claims = claims_of(jwt)
    for name in _CLAIMS:
        if name in claims:
            yield name, _in_words(name, claims[name])
    header = decoded(jwt.partition(".")[0])
    if "cnf" not in claims and header.get("typ") == "at+jwt":
        yield "cnf", "none: whoever holds the token may use it"


def _short(jwt: str) -> str:
    header, claims, _ = jwt.split(".")
    return f"{header[:_PART]}….{claims[:_PART]}….{signature_of(jwt)}…"


def _in_words(name: str, value: object) -> str:
    if name == "exp" and isinstance(value, int | float):
        try:
            return (
                f"{value}, {datetime.fromtimestamp(value, UTC):%d %B %Y, %H:%M:%S UTC}"
            )
        except (ValueError, OverflowError, OSError):
            return str(value)
    if name == "cnf" and isinstance(value, dict) and value.keys() == {METHOD}:
        return str(value[METHOD])
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
