"""JWT access tokens as any library makes them: RFC 7515, RFC 9068 section 2."""

import json
import secrets
from collections.abc import Callable, Mapping

from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT

LIFETIME = 300
"""Seconds."""


class TokenSigning:
    """The tokens of the authorization server *issuer*, signed with a key of its own."""

    def __init__(self, issuer: str, clock: Callable[[], float]) -> None:
        self.issuer = issuer
        self._clock = clock
        key = JWK.generate(kty="EC", crv="P-256", use="sig", alg="ES256")
        key.update(kid=key.thumbprint())
        self._key = key

    @property
    def public_key(self) -> JWK:
        """What a resource server verifies the tokens with."""
        return JWK(**self._key.export_public(as_dict=True))

    def token(
        self, client_id: str, audience: str, scope: str, more: Mapping[str, object]
    ) -> str:
        """A token for *client_id*; *more* are claims beside those all tokens have."""
        now = int(self._clock())
        claims = {
            "iss": self.issuer,
            "sub": client_id,
            "client_id": client_id,
            "aud": audience,
            "scope": scope,
            "iat": now,
            "exp": now + LIFETIME,
            "jti": secrets.token_urlsafe(16),
            **more,
        }
        header = {"typ": "at+jwt", "alg": "ES256", "kid": self._key["kid"]}
        token = JWT(header=json.dumps(header), claims=json.dumps(claims))
        token.make_signed_token(self._key)
        return str(token.serialize())
