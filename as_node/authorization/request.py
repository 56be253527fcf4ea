"""
What a client asks for in an authorization request, and whether it may.

RFC 6749 section 4.1.1 and OpenID Connect Core section 3.1.2.1, in the narrow form of
the FAPI 2.0 Security Profile, section 5.3.2.2. The request was pushed (RFC 9126), so
whoever gets it wrong is the client, and is told directly.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from as_node.authorization.authentication_parameters import (
    RequestedAuthentication,
    requested_authentication,
    requested_claims,
)
from as_node.authorization.claims_parameter import RequestedClaims
from as_node.authorization.response_type import (
    registered_redirect_uri,
    verify_response_type,
)
from as_node.clients.registry import Client
from as_node.protocol.errors import InvalidRequest, UnauthorizedClient
from as_node.protocol.parameters import Parameters
from as_node.protocol.pkce import s256_challenge
from as_node.protocol.scopes import granted_scope
from pki.http.journal import Journal

_FAPI = "FAPI 2.0 Security Profile section 5.3.2.2"

PARAMETERS = (
    "response_type",
    "response_mode",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "acr_values",
    "claims",
)
"""What means something here; the rest is ignored (RFC 6749 section 3.1)."""

LONGEST_STATE = 2048
LONGEST_NONCE = 64  # FAPI 2.0 Security Profile section 5.3.2.2

_VSCHARS = re.compile(r"[ -~]*")  # RFC 6749 appendix A.5


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRequest:
    """
    An authorization request that was found to be in order.

    *state* and *nonce* are as they were sent.
    """

    client_id: str
    redirect_uri: str
    scope: frozenset[str]
    code_challenge: str
    state: str | None
    nonce: str | None
    claims: RequestedClaims
    authentication: RequestedAuthentication


def authorization_request(
    client: Client, parameters: Parameters, journal: Journal
) -> AuthorizationRequest:
    """
    The request that *parameters* make, of a client that may make it.

    Who the client is has to be known before. Whether the consent it names is its
    own is not asked here: the resource server knows.

    Raises:
        OAuthError: as RFC 6749 section 4.1.2.1 and RFC 9126 section 2.3 have it.
    """
    verify_may_ask(client, journal)
    redirect_uri = registered_redirect_uri(client, parameters, journal)
    verify_response_type(parameters, journal)
    code_challenge = s256_challenge(parameters, journal)
    scope = granted_scope(client.scopes, parameters, journal)
    claims = requested_claims(parameters)
    return AuthorizationRequest(
        client_id=client.client_id,
        redirect_uri=redirect_uri,
        scope=scope,
        code_challenge=code_challenge,
        state=_bounded(parameters, "state", LONGEST_STATE),
        nonce=_bounded(parameters, "nonce", LONGEST_NONCE),
        claims=claims,
        authentication=requested_authentication(parameters, claims),
    )


def verify_may_ask(client: Client, journal: Journal) -> None:
    """
    The client is registered for the authorization code grant.

    Raises:
        UnauthorizedClient: it is not.
    """
    expected, registered = "authorization_code", ", ".join(client.grant_types)
    rule = "RFC 6749 section 4.1.2.1"
    if expected not in client.grant_types:
        raise UnauthorizedClient(
            "the client is not registered for the authorization code grant",
            rule=rule,
            expected=expected,
            presented=registered or "none",
        )
    journal.accepted(
        "the client is registered for the authorization code grant",
        verify_may_ask,
        rule=rule,
        expected=expected,
        presented=registered,
    )


def _bounded(parameters: Parameters, name: str, longest: int) -> str | None:
    """A value that is given back as it came, or refused: never cut off."""
    value = parameters.get(name)
    if value is None:
        return None
    if len(value) > longest or not _VSCHARS.fullmatch(value):
        raise InvalidRequest(
            f"{name} is too long, or not in printable ASCII",
            rule=_FAPI if name == "nonce" else "RFC 6749 appendix A.5",
            expected=f"{longest} characters at most",
            presented=f"{len(value)} characters",
        )
    return value


def as_pushed(parameters: Parameters) -> Mapping[str, str]:
    """What is kept of a pushed request: the parameters that mean something."""
    return {name: parameters[name] for name in PARAMETERS if name in parameters}
