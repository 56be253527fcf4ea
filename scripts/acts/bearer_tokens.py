"""An act: RFC 6750 alone, and what it lets a thief do."""

import json
from base64 import urlsafe_b64encode

from client_node.oauth.metadata.server_metadata import ServerMetadata
from client_node.oauth.requests.resource_request import request_resource
from client_node.oauth.token.token_request import judge_token_response, request_token
from scripts.acts.outline import ACTS
from scripts.stage.cast import (
    SCOPE,
    Cast,
    members,
    obtain_token,
    present,
    read_accounts,
)
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage
from scripts.twin.servers import CLIENT_ID
from scripts.walkthrough.story.unverified_jwt import decoded


async def bearer_tokens(stage: Stage, cast: Cast, metadata: ServerMetadata) -> None:
    """A stolen unbound token works; a stolen bound one does not."""
    await stage.act(ACTS["bearer"])
    token = await _unbound_token(stage, cast)
    await _used(stage, cast, token)
    await _stolen(stage, cast, token)
    await _changed(stage, cast, token)
    bound = await obtain_token(
        stage, cast.honest("banking-client"), metadata, told=None
    )
    plan = Plan(
        "bearer.bound-token",
        "The same theft, of a token bound to a certificate",
        "Our bank, our token, the same thief with the same perfectly good "
        "certificate. How that comes about is what the other acts show.",
        "RFC 8705 section 3",
        "401 invalid_token, RFC 8705 section 3",
        thief=True,
    )
    await read_accounts(stage, cast, cast.honest("other-tpp"), bound, plan)


async def _unbound_token(stage: Stage, cast: Cast) -> str:
    client = cast.honest(CLIENT_ID)
    plan = Plan(
        "bearer.asks-with-a-secret",
        "The client asks for a token, with a secret",
        "As most clients do today. The secret travels with every request, and this "
        "listener asks nobody for a certificate.",
        "RFC 6749 section 2.3.1",
    )
    request = request_token(
        client,
        cast.twins.token_endpoint,
        SCOPE,
        {"client_secret": cast.twins.client_secret},
    )
    answer = await stage.exchange(plan, request)
    token = judge_token_response(present(answer)).access_token
    header, claims = (decoded(part) for part in token.split(".")[:2])
    plan = Plan(
        "bearer.token-says",
        "What the token says, and what it does not",
        "For whom, from whom, until when. Who may use it is not said: there is no cnf.",
        "RFC 6750 section 1.2",
        "no cnf",
    )
    came = "cnf" if "cnf" in claims else "no cnf"
    await stage.derivation(plan, [*members(header), *members(claims)], came)
    return token


async def _used(stage: Stage, cast: Cast, token: str) -> None:
    plan = Plan(
        "bearer.client-reads",
        "The client reads its accounts",
        "The server verifies the token, as it should.",
        "RFC 6750 section 2.1",
    )
    client = cast.honest(CLIENT_ID)
    await stage.exchange(plan, request_resource(client, cast.twins.accounts, token))


async def _stolen(stage: Stage, cast: Cast, token: str) -> None:
    """The harm."""
    plan = Plan(
        "bearer.thief-reads",
        "A thief, who copied it from a log, reads them too",
        "Over a connection of his own, without any certificate. Nothing was broken "
        "and no rule was: who bears the token may use it.",
        "RFC 6750 section 1.2",
        thief=True,
    )
    thief = cast.identity("thief", None)
    await stage.exchange(plan, request_resource(thief, cast.twins.accounts, token))
    plan = Plan(
        "bearer.thief-in-his-own-name",
        "And so he does in his own name",
        "Now with his own certificate. This server speaks mutual TLS and knows "
        "exactly who is there. It has nothing to compare that with.",
        "RFC 6750 section 1.2",
        thief=True,
    )
    thief = cast.honest("other-tpp")
    await stage.exchange(plan, request_resource(thief, cast.twins.accounts, token))


async def _changed(stage: Stage, cast: Cast, token: str) -> None:
    plan = Plan(
        "bearer.changed-token",
        "A token that he has changed",
        "A signature keeps him from writing tokens, not from using them.",
        "RFC 9068 section 4",
        "401 invalid_token, RFC 9068 section 4",
        thief=True,
    )
    thief = cast.honest("other-tpp")
    request = request_resource(thief, cast.twins.accounts, _for_another(token))
    await stage.exchange(plan, request)


def _for_another(token: str) -> str:
    """*token* with another client's name in it, under the same signature."""
    header, claims, signature = token.split(".")
    changed = json.dumps({**decoded(claims), "client_id": "another-client"}).encode()
    payload = urlsafe_b64encode(changed).rstrip(b"=").decode("ascii")
    return f"{header}.{payload}.{signature}"
