"""
What a client asks for in an authorization request, and whether it may.

RFC 6749 section 4.1.1 and OpenID Connect Core section 3.1.2.1, in the narrow form of
the FAPI 2.0 Security Profile, section 5.3.2.2. Judged once, when the request comes;
what comes of it is kept.
"""

import re

from as_node.authorization.authentication_parameters import (
    requested_authentication,
    requested_claims,
)
from as_node.authorization.registration import verify_grant_type, verify_redirect_uri
from as_node.authorization.request import AuthorizationRequest
from as_node.authorization.response_type import verify_response_type
from as_node.authorization.wanted_customer import SubOfIdToken, wanted_customers
from as_node.clients.registry import Client
from as_node.protocol.errors import InvalidRequest
from as_node.protocol.parameters import Parameters, require
from as_node.protocol.pkce import s256_challenge
from as_node.protocol.scopes import granted_scope
from pki.http.checks import Check
from pki.http.journal import Journal

STATE = Check(
    "authorization.state",
    "the state can be given back as it came",
    "RFC 6749 appendix A.5",
)
NONCE = Check(
    "authorization.nonce",
    "the nonce can be given back as it came",
    "FAPI 2.0 Security Profile section 5.3.2.2",
)

LONGEST_STATE = 2048
LONGEST_NONCE = 64  # FAPI 2.0 Security Profile section 5.3.2.2

_VSCHARS = re.compile(r"[ -~]*")  # RFC 6749 appendix A.5


def judged_request(
    client: Client,
    parameters: Parameters,
    sub_of_id_token: SubOfIdToken,
    journal: Journal,
) -> AuthorizationRequest:
    """
    The request that *parameters* make, of a client that may make it.

    Who the client is has to be known before, and how the parameters came is not
    looked at. *sub_of_id_token* reads ID tokens that were issued here. A parameter
    that is not read here is ignored (RFC 6749 section 3.1).
    Whether the consent it names is the client's own is not asked here: the resource
    server knows.

    Raises:
        OAuthError: as RFC 6749 section 4.1.2.1 and RFC 9126 section 2.3 have it.
    """
    verify_grant_type(client, journal)
    # FAPI 2.0 section 5.3.2.2: required, also where only one is registered.
    redirect_uri = require(parameters, "redirect_uri")
    verify_redirect_uri(client, redirect_uri, journal)
    verify_response_type(parameters, journal)
    code_challenge = s256_challenge(parameters, journal)
    scope = granted_scope(client.scopes, parameters, journal)
    claims = requested_claims(parameters)
    return AuthorizationRequest(
        client_id=client.client_id,
        redirect_uri=redirect_uri,
        scope=scope,
        code_challenge=code_challenge,
        state=_bounded(parameters, "state", LONGEST_STATE, STATE),
        nonce=_bounded(parameters, "nonce", LONGEST_NONCE, NONCE),
        claims=claims.members,
        openbanking_intent_id=claims.openbanking_intent_id,
        subs=wanted_customers(
            client.client_id, parameters, claims, sub_of_id_token, journal
        ),
        authentication=requested_authentication(parameters, claims),
    )


def _bounded(
    parameters: Parameters, name: str, longest: int, check: Check
) -> str | None:
    """A value that is given back as it came, or refused: never cut off."""
    value = parameters.get(name)
    if value is None:
        return None
    if len(value) > longest or not _VSCHARS.fullmatch(value):
        raise InvalidRequest(
            f"{name} is too long, or not in printable ASCII",
            check,
            expected=f"{longest} characters at most",
            presented=f"{len(value)} characters",
        )
    return value
