"""
ID tokens: who signed in, when and how, for the client that asked.

OpenID Connect Core sections 2 and 3.1.3.6; UK Open Banking adds the consent that the
request named. An ID token opens nothing: it is signed as another type of JWT than an
access token, so neither this server nor the resource server takes it for one.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from as_node.clients.registry import Client
from as_node.store.records import AuthorizationGrant
from as_node.tokens.jwt_signing import base64url
from as_node.tokens.signing_keys import SigningKeys

LIFETIME_SECONDS = 300
"""The client reads it once, when it comes."""

REFRESH_TOKEN_EXPIRES_AT = "http://openbanking.org.uk/refresh_token_expires_at"  # noqa: S105 - a name
"""UK Open Banking Security Profile: in seconds since the epoch, where there is one."""


@dataclass(frozen=True, slots=True)
class IdTokens:
    """Issues the ID tokens of *issuer*; *clock* gives seconds since the epoch."""

    signing_keys: SigningKeys
    issuer: str
    clock: Callable[[], float]

    def issue(
        self,
        client: Client,
        grant: AuthorizationGrant,
        access_token: str,
        refresh_token_exp: int | None = None,
    ) -> str | None:
        """
        The ID token that goes with *access_token*; None where none was asked for.

        *refresh_token_exp* is when the refresh token ends that goes with them, if one
        does: UK Open Banking has a client told of it here.

        OpenID Connect Core section 3.1.2.1: without the scope `openid` a request is
        one of OAuth alone.

        Raises:
            StoreFailed: the signing keys cannot be read.
        """
        if "openid" not in grant.scope:
            return None
        signer = self.signing_keys.current_for_id_tokens(
            client.id_token_signed_response_alg
        )
        return signer.sign(self._claims(grant, access_token, refresh_token_exp))

    def find_sub(self, id_token: str, client_id: str) -> str | None:
        """
        Whom an ID token is about that was issued here for this client.

        None of everything else; *id_token* may be anything. It may have expired long
        ago, but its key has to be one that is published.

        Raises:
            StoreFailed: whether the key is still published cannot be read.
        """
        payload = self.signing_keys.find_id_token_payload(id_token)
        match None if payload is None else json.loads(payload):
            case {"iss": self.issuer, "aud": aud, "sub": str(sub)} if aud == client_id:
                return sub
        return None

    def _claims(
        self, grant: AuthorizationGrant, access_token: str, refresh_exp: int | None
    ) -> dict[str, object]:
        now = int(self.clock())
        optional = {
            "nonce": grant.nonce,
            "acr": grant.acr,
            "openbanking_intent_id": grant.openbanking_intent_id,
            REFRESH_TOKEN_EXPIRES_AT: refresh_exp
            if grant.openbanking_intent_id
            else None,
        }
        return {
            "iss": self.issuer,
            "sub": grant.sub,
            "aud": grant.client_id,
            "exp": now + LIFETIME_SECONDS,
            "iat": now,
            "auth_time": grant.auth_time,
            "at_hash": at_hash(access_token),
            **{name: value for name, value in optional.items() if value is not None},
        }


def at_hash(access_token: str) -> str:
    """
    What ties an access token to the ID token it came with.

    OpenID Connect Core section 3.1.3.6: the left half of its hash, by the hash of the
    signature. ES256 and PS256 both have SHA-256.
    """
    return base64url(sha256(access_token.encode("ascii")).digest()[:16])
