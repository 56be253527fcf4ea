"""
What an access token says: the claims of RFC 9068 section 2.2 and the `cnf` of RFC
8705 section 3.1, whether they stand in a JWT or in the answer to an introspection.
"""

import json
import re
from dataclasses import dataclass

# RFC 8705 section 3.1: 32 octets in base64url without padding.
_X5T_S256 = re.compile(r"[A-Za-z0-9_-]{43}")

# What stands for a claim that need not be there.
_LEFT_OUT: dict[str, object] = {
    "scope": "",
    "openbanking_intent_id": None,
    "auth_time": None,
    "acr": None,
}


@dataclass(frozen=True, slots=True)
class AccessToken:
    """
    What an access token says, whatever its form.

    The members are the claims of RFC 9068 section 2.2, `x5t_s256` the one of `cnf`
    (RFC 8705 section 3.1). *iat*, *nbf* and *exp* are seconds since the epoch.

    Where a customer stands behind the token: *openbanking_intent_id* is the consent
    it is good for, *auth_time*, in seconds since the epoch, and *acr* say when and
    how she was authenticated (RFC 9068 section 2.2.1, RFC 9470 section 6).
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
    openbanking_intent_id: str | None = None
    auth_time: int | None = None
    acr: str | None = None

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
            **self._of_the_customer(),
            "cnf": {"x5t#S256": self.x5t_s256},
        }

    def _of_the_customer(self) -> dict[str, object]:
        claims = {
            "openbanking_intent_id": self.openbanking_intent_id,
            "auth_time": self.auth_time,
            "acr": self.acr,
        }
        return {name: value for name, value in claims.items() if value is not None}


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
            pass
        case _:
            return None
    match _LEFT_OUT | further:
        case {
            "scope": str(scope),
            "openbanking_intent_id": str() | None as openbanking_intent_id,
            "auth_time": int() | None as auth_time,
            "acr": str() | None as acr,
        }:
            pass
        case _:
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
        openbanking_intent_id=openbanking_intent_id,
        auth_time=auth_time,
        acr=acr,
    )
