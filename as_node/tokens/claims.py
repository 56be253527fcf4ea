"""
What an access token says: the claims of RFC 9068 section 2.2 and the `cnf` of RFC
8705 section 3.1, whether they stand in a JWT or in the answer to an introspection.
"""

import json
from dataclasses import dataclass

from as_node.protocol.sender_constraint import SenderConstraint, read_cnf
from as_node.tokens.status_claim import StatusIndex, read_status

# What stands for a claim that need not be there.
_LEFT_OUT: dict[str, object] = {
    "scope": "",
    "openbanking_intent_id": None,
    "auth_time": None,
    "acr": None,
    "status": None,
}


@dataclass(frozen=True, slots=True)
class AccessToken:
    """
    What an access token says, whatever its form.

    The members are the claims of RFC 9068 section 2.2, *bound_to* is `cnf` (RFC 8705
    section 3.1). *iat*, *nbf* and *exp* are seconds since the epoch.

    Where a customer stands behind the token: *openbanking_intent_id* is the consent
    it is good for, *auth_time*, in seconds since the epoch, and *acr* say when and
    how she was authenticated (RFC 9068 section 2.2.1, RFC 9470 section 6).

    *status* is where a JWT's revocation can be read; an opaque token has none.
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
    bound_to: SenderConstraint
    openbanking_intent_id: str | None = None
    auth_time: int | None = None
    acr: str | None = None
    status: StatusIndex | None = None

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
            "cnf": self.bound_to.cnf(),
            **self._status(),
        }

    def _status(self) -> dict[str, object]:
        return {} if self.status is None else {"status": self.status.claim(self.iss)}

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
    further claims are no fault. A confirmation method that nobody here checks is one:
    see `read_cnf`.

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
            "cnf": cnf,
            **further,
        }:
            pass
        case _:
            return None
    try:
        bound_to = read_cnf(cnf)
    except ValueError:
        return None
    match _LEFT_OUT | further:
        case {
            "scope": str(scope),
            "openbanking_intent_id": str() | None as openbanking_intent_id,
            "auth_time": int() | None as auth_time,
            "acr": str() | None as acr,
            "status": status,
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
        bound_to=bound_to,
        openbanking_intent_id=openbanking_intent_id,
        auth_time=auth_time,
        acr=acr,
        status=read_status(status, iss),
    )
