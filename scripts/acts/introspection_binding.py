"""An act: an opaque token, asked about and given back, RFC 8705 section 3.2."""

from client_node.oauth.metadata.server_metadata import ServerMetadata, choose_endpoint
from client_node.oauth.token.revocation_request import request_revocation
from scripts.acts.outline import ACTS
from scripts.acts.steps.kept_answers import kept_answers
from scripts.stage.cast import Cast, obtain_token, read_accounts
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage


async def introspection_binding(
    stage: Stage, cast: Cast, metadata: ServerMetadata
) -> None:
    """The resource server asks what an opaque token means, until it means nothing."""
    await stage.act(ACTS["introspection"])
    client = cast.honest("tpp-opaque")
    plan = Plan(
        "introspection.asks",
        "Another client asks for a token",
        "A random string. The authorization server keeps what it means under its hash.",
        rule="RFC 8705 section 2",
    )
    token = await obtain_token(stage, client, metadata, told=plan)
    plan = Plan(
        "introspection.client-reads",
        "It reads its accounts",
        "The resource server authenticates to the introspection endpoint with its "
        "own certificate, and compares the cnf of the answer with the certificate "
        "the client has proved to it, not with its own.",
        rule="RFC 8705 section 3.2",
    )
    await read_accounts(stage, cast, client, token, plan)
    plan = Plan(
        "introspection.gives-back",
        "It gives its token back",
        "Recorded before it is answered, so that no crash brings the token back.",
        "RFC 7009 section 2",
    )
    endpoint = choose_endpoint(metadata, "revocation_endpoint")
    await stage.exchange(plan, request_revocation(client, endpoint, token))
    plan = Plan(
        "introspection.revoked",
        "The revoked token, with the right certificate",
        "Introspection now says that the token is not active, and nothing else.",
        "RFC 7662 section 2.2",
        "401 invalid_token, RFC 7662 section 2.2",
    )
    await read_accounts(stage, cast, client, token, plan)
    await kept_answers(stage, cast, client, metadata)
