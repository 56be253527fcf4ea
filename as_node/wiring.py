"""
The composition root: from the configuration to what is served.

With its two halves, `as_node.client_channel_wiring` and `as_node.front_channel_wiring`,
it is what knows all the others; nothing is decided here.
"""

from collections.abc import Sequence

from as_node.client_channel_wiring import ClientChannel
from as_node.clients.jwks_fetch import LARGEST_JWK_SET
from as_node.clients.registry import Clients
from as_node.clients.ssrf_guard import CheckedEndpoints, parse_networks
from as_node.config import Config
from as_node.consent.backchannel import ConsentBackchannel
from as_node.consent.standing import StandingConsents
from as_node.endpoints.metadata_checks import verify_names, verify_served
from as_node.front_channel_wiring import FrontChannel
from as_node.login.passwords import InThread
from as_node.store.sqlite.database import open_database
from as_node.store.sqlite.store import SqliteStore
from as_node.tokens.authorizations import Authorizations
from pki.alternative_names import host_names_of
from pki.http.own_names import OwnNames
from pki.http.routes import Route, Routes
from pki.mtls.client import Endpoint, MutualTLSClient
from pki.mtls.contexts import ClientContext, ServerContext
from pki.mtls.server import Listener
from pki.node.process import Node, Service, Surroundings
from pki.pem import Credential, load_certificates, load_credential


def assemble(
    config: Config,
    surroundings: Surroundings,
    *,
    endpoint: Endpoint | None = None,
    in_thread: InThread | None = None,
) -> Node:
    """
    The authorization server, ready to be served.

    *endpoint* makes the way to the address of a `jwks_uri` and of the resource
    server, *in_thread* hashes passwords; tests give such that need no network and no
    threads.

    Raises:
        ValueError: something that the configuration names cannot be used, or what
            it has us advertise is not served.
    """
    credential = load_credential(config.server.certificate, config.server.key)
    verify_names(credential.leaf, (config.issuer, config.mtls_base_url))
    jwks_client = _jwks_client(config, surroundings, endpoint)
    backchannel = _backchannel_client(config, surroundings, endpoint)
    clients = Clients(
        config.clients,
        jwks_uri_allowed_hosts=config.jwks_uri_allowed_hosts,
        tell=surroundings.witness.log.warning,
    )
    connection = open_database(config.database)
    store = SqliteStore(
        connection, reactor=surroundings.reactor, clock=surroundings.clock
    )
    authorizations = Authorizations(
        store, config.refresh_token_lifetime, surroundings.clock
    )
    consents = ConsentBackchannel(backchannel, config.resource)
    client_channel = ClientChannel(
        config,
        surroundings,
        connection,
        store,
        clients,
        authorizations,
        StandingConsents(consents, authorizations).is_in_force,
        jwks_client,
    )
    front_channel = FrontChannel(
        config, surroundings, store, clients, authorizations, consents, in_thread
    )
    try:
        services = _services(
            config, surroundings, credential, *_routes(client_channel, front_channel)
        )
    except BaseException:
        connection.close()
        raise

    async def close() -> None:
        await jwks_client.close()
        await backchannel.close()
        await store.close()

    return Node(services, close)


def _routes(
    client_channel: ClientChannel, front_channel: FrontChannel
) -> tuple[list[Route], list[Route]]:
    """
    What the conventional and the mutual-TLS listener serve, and the proof that it is
    what they advertise.
    """
    config = client_channel.config
    mutual_tls = client_channel.routes()
    conventional = [*mutual_tls, *front_channel.routes()]
    verify_served(
        client_channel.metadata(),
        conventional=[config.issuer + route.path for route in conventional],
        mutual_tls=[config.mtls_base_url + route.path for route in mutual_tls],
    )
    return conventional, mutual_tls


def _jwks_client(
    config: Config, surroundings: Surroundings, endpoint: Endpoint | None
) -> MutualTLSClient:
    """Without a certificate: what it fetches is public, whoever's server has it."""
    context = ClientContext(
        None,
        load_certificates(config.server_roots),
        trace=surroundings.trace_handshakes,
    )
    networks = parse_networks(config.jwks_uri_allowed_networks)
    return MutualTLSClient(
        surroundings.reactor,
        context,
        surroundings.witness,
        endpoint=CheckedEndpoints(surroundings.reactor, networks, dial=endpoint),
        largest_body=LARGEST_JWK_SET,
    )


def _backchannel_client(
    config: Config, surroundings: Surroundings, endpoint: Endpoint | None
) -> MutualTLSClient:
    """With a credential of its own, which is not the servers'."""
    context = ClientContext(
        load_credential(config.backchannel.certificate, config.backchannel.key),
        load_certificates(config.server_roots),
        trace=surroundings.trace_handshakes,
    )
    return MutualTLSClient(
        surroundings.reactor, context, surroundings.witness, endpoint=endpoint
    )


def _services(
    config: Config,
    surroundings: Surroundings,
    credential: Credential,
    conventional: Sequence[Route],
    mutual_tls: Sequence[Route],
) -> list[Service]:
    """RFC 8705 section 5: one listener requests a certificate, the other never."""
    listen, names = config.listen, host_names_of(credential.leaf)
    return [
        Service(
            f"listen.{key}",
            where,
            ServerContext(
                credential,
                request_certificate=requested,
                trace=surroundings.trace_handshakes,
            ),
            Listener(
                surroundings.reactor,
                surroundings.witness,
                OwnNames(origin, names, Routes(routes).answer, at_any_port=True).answer,
                request_certificate=requested,
            ),
        )
        for key, where, origin, routes, requested in (
            ("conventional", listen.conventional, config.issuer, conventional, False),
            ("mutual_tls", listen.mutual_tls, config.mtls_base_url, mutual_tls, True),
        )
    ]
