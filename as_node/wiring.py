"""
The composition root: from the configuration to what is served.

The only file that knows all the others; nothing is decided here.
"""

from collections.abc import Mapping, Sequence
from sqlite3 import Connection

from as_node.access_tokens import AccessTokens
from as_node.advertised import verify_names, verify_served
from as_node.checked_endpoints import CheckedEndpoints, parse_networks
from as_node.client_authentication import ClientAuthentication
from as_node.client_credentials import client_credentials
from as_node.clients import Clients, allowed_hosts
from as_node.config import Config
from as_node.grants import Grant
from as_node.introspection_endpoint import IntrospectionEndpoint
from as_node.jwks_cache import JwksCache
from as_node.jwks_fetch import LARGEST_JWK_SET, JwksFetch
from as_node.metadata import (
    CLIENT_AUTHENTICATED_ENDPOINTS,
    JWKS,
    WELL_KNOWN,
    JwksEndpoint,
    MetadataEndpoint,
    authorization_server_metadata,
)
from as_node.revocation_endpoint import RevocationEndpoint
from as_node.self_signed_tls_client_auth import SelfSignedTlsClientAuth
from as_node.signing_keys import SigningKeys
from as_node.sqlite_database import open_database
from as_node.sqlite_signing_keys import SqliteSigningKeys
from as_node.sqlite_store import SqliteStore
from as_node.store import StoreFailed
from as_node.tls_client_auth import TlsClientAuth
from as_node.token_endpoint import TokenEndpoint
from pki.chain.crl_file import CrlFile
from pki.chain.judge import ChainJudge
from pki.mtls.client import Endpoint, MutualTLSClient
from pki.mtls.contexts import ClientContext, ServerContext
from pki.mtls.process import Node, Service, Surroundings
from pki.mtls.routes import Route, Routes
from pki.mtls.server import Listener
from pki.pem import Credential, load_certificates, load_credential

GRANTS: Mapping[str, Grant] = {"client_credentials": client_credentials}


def assemble(
    config: Config, surroundings: Surroundings, *, endpoint: Endpoint | None = None
) -> Node:
    """
    The authorization server, ready to be served.

    *endpoint* makes the way to the address of a `jwks_uri`; tests give one in memory.

    Raises:
        ValueError: something that the configuration names cannot be used, or what
            it has us advertise is not served.
    """
    credential = load_credential(config.server.certificate, config.server.key)
    verify_names(credential.leaf, (config.issuer, config.mtls_base_url))
    jwks_client = _jwks_client(config, surroundings, endpoint)
    authentication = _client_authentication(config, surroundings, jwks_client)
    connection = open_database(config.database)
    store = SqliteStore(
        connection, reactor=surroundings.reactor, clock=surroundings.clock
    )
    signing_keys = _signing_keys(config, surroundings, connection)
    access_tokens = AccessTokens(
        store,
        signing_keys,
        issuer=config.issuer,
        audience=config.resource,
        lifetime_seconds=config.access_token_lifetime,
        clock=surroundings.clock,
    )
    routes = _routes(config, authentication, access_tokens, signing_keys)

    async def close() -> None:
        await jwks_client.close()
        await store.close()

    return Node(_services(config, surroundings, credential, routes), close)


def _signing_keys(
    config: Config, surroundings: Surroundings, connection: Connection
) -> SigningKeys:
    try:
        return SigningKeys(
            SqliteSigningKeys(connection),
            lifetime_seconds=config.access_token_lifetime,
            clock=surroundings.clock,
        )
    except StoreFailed as error:
        connection.close()
        raise ValueError(f"{config.database}: {error}") from error


def _client_authentication(
    config: Config, surroundings: Surroundings, jwks_client: MutualTLSClient
) -> ClientAuthentication:
    hosts = config.jwks_uri_allowed_hosts
    jwks_cache = JwksCache(
        JwksFetch(jwks_client, allowed_hosts(hosts)),
        clock=surroundings.clock,
        warn=surroundings.witness.log.warning,
    )
    return ClientAuthentication(
        Clients(config.clients, jwks_uri_allowed_hosts=hosts),
        TlsClientAuth(_chain_judge(config, surroundings)),
        SelfSignedTlsClientAuth(
            jwks_cache,
            certificates_may_be_expired=config.self_signed_certificates_may_be_expired,
            clock=surroundings.clock,
        ),
    )


def _chain_judge(config: Config, surroundings: Surroundings) -> ChainJudge:
    crl_file = None
    if config.check_revocation:
        crl_file = CrlFile(
            config.client_crl,
            check_seconds=config.crl_check_seconds,
            clock=surroundings.clock,
        )
    roots = load_certificates(config.client_roots)
    return ChainJudge(roots, crl_file=crl_file, clock=surroundings.clock)


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


def _routes(
    config: Config,
    authentication: ClientAuthentication,
    access_tokens: AccessTokens,
    signing_keys: SigningKeys,
) -> list[Route]:
    """What both listeners serve, and the proof that it is what they advertise."""
    metadata = authorization_server_metadata(
        issuer=config.issuer,
        mtls_base_url=config.mtls_base_url,
        scopes_supported=config.scopes_supported,
        grant_types_supported=GRANTS,
    )
    handlers = {
        "token_endpoint": TokenEndpoint(authentication, GRANTS, access_tokens).answer,
        "introspection_endpoint": IntrospectionEndpoint(
            authentication, access_tokens
        ).answer,
        "revocation_endpoint": RevocationEndpoint(authentication, access_tokens).answer,
    }
    paths = CLIENT_AUTHENTICATED_ENDPOINTS
    routes = [
        Route("GET", WELL_KNOWN, MetadataEndpoint(metadata).answer),
        Route("GET", JWKS, JwksEndpoint(signing_keys).answer),
        *(Route("POST", paths[name], answer) for name, answer in handlers.items()),
    ]
    verify_served(
        metadata,
        conventional=[config.issuer + route.path for route in routes],
        mutual_tls=[config.mtls_base_url + route.path for route in routes],
    )
    return routes


def _services(
    config: Config,
    surroundings: Surroundings,
    credential: Credential,
    routes: Sequence[Route],
) -> list[Service]:
    """RFC 8705 section 5: one listener requests a certificate, the other never."""
    answer = Routes(routes).answer
    return [
        Service(
            key,
            where,
            ServerContext(
                credential,
                request_certificate=requested,
                trace=surroundings.trace_handshakes,
            ),
            Listener(
                surroundings.reactor,
                surroundings.witness,
                answer,
                request_certificate=requested,
            ),
        )
        for key, where, requested in (
            ("listen.conventional", config.listen.conventional, False),
            ("listen.mutual_tls", config.listen.mutual_tls, True),
        )
    ]
