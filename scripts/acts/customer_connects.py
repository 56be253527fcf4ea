"""An act: a customer connects her bank, and an application of her own."""

import json
import time
from collections.abc import Mapping

from client_node.oauth.authorization.id_token import Expected, verify_id_token
from client_node.oauth.metadata.key_set import judge_key_set, request_key_set
from client_node.oauth.metadata.server_metadata import ServerMetadata, choose_endpoint
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.resource_request import request_resource
from client_node.oauth.token.introspection_request import request_introspection
from client_node.oauth.token.token_request import (
    TokenResponse,
    judge_token_response,
    request_refresh,
)
from client_node.open_banking.open_banking_request import BASE_PATH
from scripts.acts.outline import ACTS
from scripts.acts.steps.approval import CUSTOMER, approve
from scripts.acts.steps.code_flow import SCA, ask_consent, push, redeem
from scripts.stage.cast import CannotGoOn, Cast, members, present
from scripts.stage.person import Person
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage
from scripts.walkthrough.story.unverified_jwt import decoded

_PUSHES = Plan(
    "customer.application-pushes",
    "An application on a telephone pushes its own",
    "It can keep no secret that all its copies share. It has made a certificate for "
    "itself; nobody vouches for it, and nobody has to.",
    "RFC 9126 section 2.1",
    "201",
)


async def customer_connects(
    stage: Stage, cast: Cast, person: Person, metadata: ServerMetadata
) -> TokenResponse:
    """From the consent to the accounts, and both ways of confirmation on the way."""
    await stage.act(ACTS["customer"])
    client = cast.honest("banking-client")
    consent_id = await ask_consent(stage, cast, client, metadata)
    request = await push(stage, cast, client, metadata, consent_id)
    code = await approve(stage, person, cast.wait, metadata, request, told=True)
    plan = Plan(
        "customer.redeems",
        "The client redeems the code",
        "With the PKCE verifier, over its own certificate. The token is hers, the "
        "binding is the client's.",
        "RFC 6749 section 4.1.3",
    )
    tokens = await redeem(stage, client, metadata, request, code, plan)
    await _who_signed_in(stage, client, metadata, tokens, (request.nonce, consent_id))
    await _figures(stage, cast, metadata, tokens.access_token)
    plan = Plan(
        "customer.client-reads",
        "The client reads her accounts",
        "The token names her consent; the bank looks it up for every request.",
        "RFC 8705 section 3",
    )
    url = f"{cast.resource}{BASE_PATH}/accounts"
    await stage.exchange(plan, request_resource(client, url, tokens.access_token))
    return tokens


async def native_application(
    stage: Stage, cast: Cast, application: Identity, metadata: ServerMetadata
) -> str:
    """A client without credentials; returns its refresh token."""
    request = await push(
        stage, cast, application, metadata, None, told=_PUSHES, scope="openid"
    )
    telephone = Person(cast.identity("browser", None))
    code = await approve(stage, telephone, cast.wait, metadata, request, told=False)
    plan = Plan(
        "customer.application-redeems",
        "The application redeems the code",
        "There is no client authentication; the certificate only binds.",
        "RFC 8705 section 4",
    )
    tokens = await redeem(stage, application, metadata, request, code, plan)
    if tokens.refresh_token is None:
        raise CannotGoOn("there is no refresh token")
    plan = Plan(
        "customer.application-refreshes",
        "Its refresh token, with its own certificate",
        "A public client's refresh token is bound to its certificate, as its access "
        "token is: there is nothing else to know the client by.",
        "RFC 8705 section 4",
    )
    endpoint = choose_endpoint(metadata, "token_endpoint")
    request_again = request_refresh(application, endpoint, tokens.refresh_token)
    answer = await stage.exchange(plan, request_again)
    return judge_token_response(present(answer)).refresh_token or tokens.refresh_token


async def _who_signed_in(
    stage: Stage,
    client: Identity,
    metadata: ServerMetadata,
    tokens: TokenResponse,
    asked: tuple[str, str],
) -> None:
    """The ID token, verified as the web application does; *asked*: nonce, consent."""
    nonce, consent_id = asked
    jwks_uri = str(metadata.members["jwks_uri"])
    keys = judge_key_set(await request_key_set(client, jwks_uri))
    if tokens.id_token is None:
        raise CannotGoOn("there is no ID token")
    expected = Expected(
        issuer=metadata.issuer,
        client_id=client.client_id,
        alg="ES256",
        nonce=nonce,
        acr_values=(SCA,),
        openbanking_intent_id=consent_id,
        access_token=tokens.access_token,
    )
    verified = verify_id_token(tokens.id_token, keys, expected, time.time())
    plan = Plan(
        "customer.who-signed-in",
        "The client learns who signed in, from the ID token",
        "It verifies signature, issuer, audience and times, the nonce of its request, "
        "the consent, and that the bank has asked for a second factor (acr).",
        "OpenID Connect Core section 3.1.3.7",
        CUSTOMER,
    )
    claims = decoded(tokens.id_token.split(".")[1])
    await stage.derivation(plan, members(claims), verified.sub, by=verify_id_token)


async def _figures(
    stage: Stage, cast: Cast, metadata: ServerMetadata, access_token: str
) -> None:
    """RFC 8705 sections 3.1 and 3.2: the two ways of one confirmation, side by side."""
    _, claims = (decoded(part) for part in access_token.split(".")[:2])
    plan = Plan(
        "customer.jwt-figure",
        "One way to the confirmation: the JWT itself",
        "Her name in the token, the client's certificate in cnf.",
        "RFC 8705 section 3.1",
        CUSTOMER,
    )
    await stage.derivation(plan, members(claims), str(claims["sub"]))
    plan = Plan(
        "customer.introspection-figure",
        "The other way: token introspection",
        "The same token, asked about with the resource server's certificate.",
        "RFC 8705 section 3.2",
    )
    endpoint = choose_endpoint(metadata, "introspection_endpoint")
    resource_server = cast.honest("accounts-rs")
    answer = await stage.exchange(
        plan, request_introspection(resource_server, endpoint, access_token)
    )
    told: dict[str, object] = json.loads(present(answer).body)
    plan = Plan(
        "customer.both-say-the-same",
        "Both say the same",
        "iss, sub, exp, nbf and cnf, whichever way the resource server learns them.",
        "RFC 8705 section 3.2",
        _same(claims),
    )
    await stage.derivation(plan, members(told), _same(told))


def _same(claims: Mapping[str, object]) -> str:
    """What both ways tell."""
    names = ("iss", "sub", "exp", "nbf", "cnf")
    return json.dumps({name: claims.get(name) for name in names})
