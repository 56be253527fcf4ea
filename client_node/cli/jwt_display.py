"""A JWT taken apart, for a person to look at."""

from base64 import urlsafe_b64decode
from dataclasses import dataclass

from pki.http.strict_json import json_object


@dataclass(frozen=True, slots=True)
class ShownJwt:
    """Header and claims as they stand in the token; nothing is verified."""

    header: dict[str, object]
    claims: dict[str, object]

    @property
    def x5t_s256(self) -> str | None:
        """The confirmation `x5t#S256` among the claims: RFC 8705 section 3.1."""
        cnf = self.claims.get("cnf")
        value = cnf.get("x5t#S256") if isinstance(cnf, dict) else None
        return value if isinstance(value, str) else None


def find_jwt(token: str) -> ShownJwt | None:
    """
    *token* as a JWT, or `None` where it is not one (RFC 7519 section 7.2).

    To a client an access token is opaque (RFC 9068 section 6): no program may
    decide by what it finds here.
    """
    parts = token.split(".")
    if len(parts) != 3:
        return None
    header, claims = _find_object(parts[0]), _find_object(parts[1])
    if header is None or claims is None:
        return None
    return ShownJwt(header, claims)


def _find_object(part: str) -> dict[str, object] | None:
    try:
        return json_object(urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except ValueError:
        return None
