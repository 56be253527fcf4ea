"""
What an access token says: the claims of RFC 9068 section 2.2 and the `cnf` of RFC
8705 section 3.1, whether they stand in a JWT or in the answer to an introspection.
"""

import json
import re
from dataclasses import dataclass

# RFC 8705 section 3.1: 32 octets in base64url without padding.
_X5T_S256 = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class AccessToken:
    """
    What an access token says, whatever its form.

    The members are the claims of RFC 9068 section 2.2, `x5t_s256` the one of `cnf`
    (RFC 8705 section 3.1). *iat*, *nbf* and *exp* are seconds since the epoch.
    """

    iss: str
    exp: int
    aud: str
    sub: str
    client_id: str
    iat: int
    nbf: int
    jti: str
    scope: frozenset[str]
    x5t_s256: str

    def __post_init__(self) -> None:
        """
        Raises:
            ValueError: *x5t_s256* is no thumbprint, so the token would be bound to
                nothing.
        """
        if not _X5T_S256.fullmatch(self.x5t_s256):
            raise ValueError("x5t#S256 must be 43 characters of base64url")

    def claims(self) -> dict[str, object]:
        """
        The claims as they are signed, or kept, or introspected.

        `scope` is left out where there is none: RFC 6749 section 3.3 has no empty
        one.
        """
        scope = {"scope": " ".join(sorted(self.scope))} if self.scope else {}
        return {
            "iss": self.iss,
            "exp": self.exp,
            "aud": self.aud,
            "sub": self.sub,
            "client_id": self.client_id,
            "iat": self.iat,
            "nbf": self.nbf,
            "jti": self.jti,
            **scope,
            "cnf": {"x5t#S256": self.x5t_s256},
        }


def find_access_token(claims: bytes | str) -> AccessToken | None:
    """
    The token of these claims; None of claims that this server would not write.

    *claims* is JSON that this server signed or kept, or a later version of it: so
    further claims are no fault. A confirmation method that is not `x5t#S256` alone
    is one, since it asks for a check that nobody here makes (RFC 8705 section 7.2
    foresees others).

    Signature, times and revocation are not looked at.
    """
    match json.loads(claims):
        case {
            "iss": str(iss),
            "exp": int(exp),
            "aud": str(aud),
            "sub": str(sub),
            "client_id": str(client_id),
            "iat": int(iat),
            "nbf": int(nbf),
            "jti": str(jti),
            "cnf": {"x5t#S256": str(x5t_s256), **others},
            **further,
        } if not others and _X5T_S256.fullmatch(x5t_s256):
            scope = further.get("scope", "")
        case _:
            return None
    if not isinstance(scope, str):
        return None
    return AccessToken(
        iss=iss,
        exp=exp,
        aud=aud,
        sub=sub,
        client_id=client_id,
        iat=iat,
        nbf=nbf,
        jti=jti,
        scope=frozenset(scope.split()),
        x5t_s256=x5t_s256,
    )
