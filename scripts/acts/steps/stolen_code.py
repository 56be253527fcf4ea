"""A code that the thief has seen: RFC 6749 sections 4.1.2 and 4.1.3."""

from client_node.oauth.metadata.server_metadata import ServerMetadata, choose_endpoint
from client_node.oauth.token.introspection_request import request_introspection
from scripts.acts.steps.approval import approve
from scripts.acts.steps.code_flow import ask_consent, push, redeem, redemption
from scripts.stage.cast import Cast
from scripts.stage.person import Person
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage

_STOLEN = Plan(
    "thief.code",
    "A stolen code, redeemed by the thief",
    "He saw it pass through the browser, and has the PKCE verifier too. He "
    "authenticates as himself, with his own good certificate.",
    "RFC 6749 section 4.1.3",
    "400 invalid_grant, RFC 6749 section 4.1.3",
    thief=True,
)
_REDEEMED = Plan(
    "thief.code-is-still-good",
    "The client redeems it",
    "The theft has not burnt it: that would be a way to disturb every customer.",
    "RFC 6749 section 4.1.3",
)
_AGAIN = Plan(
    "thief.code-again",
    "The same code a second time",
    "Somebody has a copy, so all that was issued from it is revoked.",
    "RFC 6749 section 4.1.2",
    "400 invalid_grant, RFC 6749 section 4.1.2",
)
_ENDED = Plan(
    "thief.code-tokens-end",
    "What was issued from it, at the introspection endpoint",
    "Revoked before its time. A resource server that verifies the JWT itself learns "
    "it from the status list that the token refers to, within five seconds.",
    "RFC 7662 section 2.2",
    "200 inactive",
)


async def stolen_code(
    stage: Stage, cast: Cast, customer: Person, metadata: ServerMetadata
) -> None:
    """
    A code is good for the client it was given to, and once.

    The thief has the PKCE verifier too, which is more than a thief should have.
    """
    client, thief = cast.honest("banking-client"), cast.honest("other-tpp")
    consent_id = await ask_consent(stage, cast, client, metadata, told=False)
    request = await push(stage, cast, client, metadata, consent_id, told=None)
    code = await approve(stage, customer, cast.wait, metadata, request, told=False)
    endpoint = choose_endpoint(metadata, "token_endpoint")
    await stage.exchange(_STOLEN, redemption(thief, endpoint, request, code))
    tokens = await redeem(stage, client, metadata, request, code, _REDEEMED)
    await stage.exchange(_AGAIN, redemption(client, endpoint, request, code))
    introspection = choose_endpoint(metadata, "introspection_endpoint")
    asked = request_introspection(
        cast.honest("accounts-rs"), introspection, tokens.access_token
    )
    await stage.exchange(_ENDED, asked)
