"""
What a customer allowed a client, and what the client is given to make use of it.

Values only: `as_node.tokens.authorizations` makes them, `as_node.store.authorizations`
says how they are kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from as_node.protocol.sender_constraint import SenderConstraint


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationGrant:
    """
    The authorization of one resource owner for one client, RFC 6749 section 1.3.

    *sub* is the resource owner. *openbanking_intent_id* is the consent at the
    resource server that it stands on. *auth_time*, in seconds since the epoch, and
    *acr* say when and how she was authenticated. *nonce* and *claims* are those of
    the authorization request (OpenID Connect Core sections 3.1.2.1 and 5.5), the
    second as it was parsed.

    Everything that is issued because of it is revoked together, by *grant_id*.
    """

    grant_id: str
    client_id: str
    sub: str
    scope: frozenset[str]
    openbanking_intent_id: str | None
    auth_time: int
    acr: str | None = None
    nonce: str | None = None
    claims: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """
    An authorization code as it is kept: not the code, only its SHA-256 hash.

    *redirect_uri* is that of the authorization request, *code_challenge* the one of
    RFC 7636 section 4.2 with the method S256. *exp* is in seconds since the epoch.
    *redeemed*: it has been used.
    """

    sha256: bytes = field(repr=False)
    grant: AuthorizationGrant
    redirect_uri: str
    code_challenge: str
    exp: int
    redeemed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshToken:
    """
    A refresh token as it is kept: not the token, only its SHA-256 hash.

    *bound_to* is the certificate it is bound to, if it is (RFC 8705 section 4).
    *exp* is in seconds since the epoch.
    """

    sha256: bytes = field(repr=False)
    grant: AuthorizationGrant
    bound_to: SenderConstraint | None
    exp: int


@dataclass(frozen=True, slots=True)
class OpaqueToken:
    """
    An opaque access token as it is kept: not the token, only its SHA-256 hash.

    *claims* is a JSON object, as RFC 9068 section 2.2 names its members; *exp* is
    the same number as in it, in seconds since the epoch.
    """

    sha256: bytes
    claims: str
    exp: int


@dataclass(frozen=True, slots=True)
class IssuedAccessToken:
    """
    An access token that is issued from a grant, and revoked with it.

    *opaque* is how it is kept, if it is no JWT; *status_index* is where a status list
    has it, if it is one. *exp* is in seconds since the epoch.
    """

    jti: str
    grant_id: str
    exp: int
    opaque: OpaqueToken | None = None
    status_index: int | None = None
