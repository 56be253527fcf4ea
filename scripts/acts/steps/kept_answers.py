"""Of an introspection answer that is kept: RFC 7662 section 4, RFC 8705 section 3.2."""

from client_node.oauth.metadata.server_metadata import ServerMetadata, choose_endpoint
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.resource_request import request_resource
from client_node.oauth.token.revocation_request import request_revocation
from scripts.stage.cast import Cast, obtain_token
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage
from scripts.twin.servers import CACHE_SECONDS

_KEPT = Plan(
    "introspection.kept",
    f"A bank that keeps the answer for {CACHE_SECONDS} seconds",
    "The same program, configured to (cache_seconds), and the second request with this "
    "token: nobody is asked. The certificate is compared all the same.",
    "RFC 7662 section 4",
)
_THIEF = Plan(
    "introspection.kept-thief",
    "The thief, while the answer is kept",
    "What is kept is the answer with its cnf, and not the verdict on the last request. "
    "So it is compared with the certificate of his own connection.",
    "RFC 8705 section 3.2",
    "401 invalid_token, RFC 8705 section 3",
    thief=True,
)
_VERDICT = Plan(
    "introspection.kept-verdict",
    "The thief, where the verdict is kept",
    "A careless server, started for this step, compares once and remembers that the "
    "token was good, not for whom. An API gateway did so (WSO2 API Manager, issue "
    "1344).",
    "RFC 8705 section 3.2",
    thief=True,
)
_STALE = Plan(
    "introspection.kept-revoked",
    "A revoked token, while the answer is kept",
    "Its client has just given it back, and this bank does not know. A kept answer is "
    "right about whose the token is, and late about whether it still is one.",
    "RFC 7662 section 4",
)


async def kept_answers(
    stage: Stage, cast: Cast, client: Identity, metadata: ServerMetadata
) -> None:
    """
    Right about the binding, late about a revocation.

    Each step has a token of its own, of which the bank has just heard: somebody may be
    speaking between two steps for longer than an answer is kept.
    """
    kept, careless = cast.twins.caching_accounts, cast.twins.kept_verdict_accounts
    thief = cast.honest("other-tpp")
    for plan, who, bank in (
        (_KEPT, client, kept),
        (_THIEF, thief, kept),
        (_VERDICT, thief, careless),
    ):
        token = await _known_at(stage, client, metadata, bank)
        await stage.exchange(plan, request_resource(who, bank, token))
    token = await _known_at(stage, client, metadata, kept)
    endpoint = choose_endpoint(metadata, "revocation_endpoint")
    await request_revocation(client, endpoint, token)
    await stage.exchange(_STALE, request_resource(client, kept, token))


async def _known_at(
    stage: Stage, client: Identity, metadata: ServerMetadata, bank: str
) -> str:
    """A token with which its own client has read the accounts at *bank*."""
    token = await obtain_token(stage, client, metadata, told=None)
    await request_resource(client, bank, token)
    return token
