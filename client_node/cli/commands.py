"""The commands of the command line, each from its first request to its output."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from client_node.cli.binding_display import show_binding
from client_node.cli.command_line import Options
from client_node.cli.mobile import MobileApp
from client_node.cli.printer import Printer, print_table, safe
from client_node.cli.tables import COLUMNS, as_table, find_records
from client_node.config import Config
from client_node.oauth.flow import ClientCredentialsFlow
from client_node.oauth.metadata.server_metadata import (
    DIRECT_ENDPOINTS,
    choose_endpoint,
    discover,
)
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.json_answers import json_object
from client_node.oauth.requests.resource_request import (
    judge_resource_response,
    request_resource,
)
from client_node.oauth.token.client_assertion import client_assertion, load_signing_key
from client_node.oauth.token.introspection_request import (
    judge_introspection_response,
    request_introspection,
)
from client_node.oauth.token.revocation_request import (
    judge_revocation_response,
    request_revocation,
)
from client_node.oauth.token.token_cache import TokenCache
from client_node.oauth.token.token_request import judge_token_response, request_token
from pki.issuing.layout import Layout


@dataclass(frozen=True, slots=True)
class Errand:
    """One run of the command line: what was asked, by whom, and where to say it."""

    config: Config
    options: Options
    token: str | None
    identity: Identity
    clock: Callable[[], float]
    out: Printer
    reactor: Any
    open_browser: Callable[[str], object]


async def show_resource(errand: Errand) -> None:
    """`accounts`, `balances` and `transactions`."""
    answer = await _get(errand, _path(errand.options))
    records = find_records(answer)
    if errand.options.json or records is None:
        errand.out.json(answer)
    elif records:
        columns = COLUMNS[errand.options.command]
        print_table(errand.out, *as_table(records, columns))
    else:
        errand.out.line("none")


async def show_token(errand: Errand) -> None:
    """`token`: obtain one, or take the one that was given, and show it."""
    out, options = errand.out, errand.options
    token, members = await _obtain(errand)
    if options.raw:
        out.line(token)
    elif options.json:
        out.json(members)
    else:
        for name, value in members.items():
            out.line(f"{safe(name):<13} {safe(value)}")
        show_binding(out, token, errand.identity.x5t_s256)


async def revoke(errand: Errand) -> None:
    """`revoke`."""
    metadata = await discover(errand.identity, errand.config.issuer)
    endpoint = choose_endpoint(metadata, "revocation_endpoint")
    judge_revocation_response(
        await request_revocation(errand.identity, endpoint, errand.token or "")
    )
    errand.out.line(
        "The authorization server holds it for void now (RFC 7009 section 2.2). A "
        "resource server that verifies JWTs by itself may take it for a few seconds."
    )


async def introspect(errand: Errand) -> None:
    """`introspect`."""
    metadata = await discover(errand.identity, errand.config.issuer)
    endpoint = choose_endpoint(metadata, "introspection_endpoint")
    answer = await request_introspection(errand.identity, endpoint, errand.token or "")
    errand.out.json(dict(judge_introspection_response(answer)))


async def show_metadata(errand: Errand) -> None:
    """`metadata`: which endpoint is used for what."""
    out = errand.out
    metadata = await discover(errand.identity, errand.config.issuer)
    if errand.options.json:
        out.json(dict(metadata.members))
        return
    same = out.good("as configured (RFC 8414 section 3.3)")
    out.line(f"issuer  {safe(metadata.issuer)}  {same}")
    out.line()
    rows = [
        [name, choose_endpoint(metadata, name), metadata.endpoints.get(name, "")]
        for name in DIRECT_ENDPOINTS
        if name in metadata.endpoints or name in metadata.mtls_endpoint_aliases
    ]
    print_table(out, ["endpoint", "used (RFC 8705 section 5)", "conventional"], rows)


async def sign_assertion(errand: Errand) -> None:
    """`assertion`: for one request, within a minute; nothing is sent."""
    config, client_id = errand.config, errand.options.client_id
    key = load_signing_key(Layout(config.credentials).signing_key(client_id))
    errand.out.line(client_assertion(key, client_id, config.issuer, errand.clock()))


async def mobile(errand: Errand) -> None:
    """`mobile`."""
    app = MobileApp(
        errand.identity,
        errand.config.issuer,
        errand.reactor,
        errand.clock,
        errand.out,
        errand.open_browser if errand.options.open_browser else None,
    )
    await app.run()


COMMANDS: Mapping[str, Callable[[Errand], Awaitable[None]]] = {
    "accounts": show_resource,
    "balances": show_resource,
    "transactions": show_resource,
    "token": show_token,
    "revoke": revoke,
    "introspect": introspect,
    "metadata": show_metadata,
    "assertion": sign_assertion,
    "mobile": mobile,
}


def _path(options: Options) -> str:
    if options.command == "accounts":
        return "/accounts"
    return f"/accounts/{quote(options.account, safe='')}/{options.command}"


async def _get(errand: Errand, path: str) -> Mapping[str, object]:
    """With the token that was given, as it is; else with one of our own."""
    url = f"{errand.config.resource.rstrip('/')}{path}"
    if errand.token is not None:
        answer = await request_resource(errand.identity, url, errand.token)
        return judge_resource_response(answer)
    metadata = await discover(errand.identity, errand.config.issuer)
    cache = TokenCache(errand.clock)
    scope = errand.config.scope
    return await ClientCredentialsFlow(errand.identity, metadata, scope, cache).get(url)


async def _obtain(errand: Errand) -> tuple[str, dict[str, object]]:
    """A new token and the response it came in, unless a token was given."""
    if errand.token is not None:
        return errand.token, {"access_token": errand.token}
    metadata = await discover(errand.identity, errand.config.issuer)
    endpoint = choose_endpoint(metadata, "token_endpoint")
    answer = await request_token(errand.identity, endpoint, errand.config.scope)
    token = judge_token_response(answer)
    return token.access_token, json_object(answer, "token response")
