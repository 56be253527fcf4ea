"""The composition root: the one place that knows all the parts."""

from typing import cast

from pki import pem
from pki.mtls.client import Endpoint, MutualTLSClient
from pki.mtls.contexts import ClientContext, ServerContext
from pki.mtls.process import Node, Service, Surroundings
from pki.mtls.routes import Route, Routes
from pki.mtls.server import Listener
from rs_node.authorization import AccessControl, JwtValidation
from rs_node.authorization_server import AuthorizationServer
from rs_node.authorization_server_keys import AuthorizationServerKeys
from rs_node.claims import Expectations
from rs_node.config import Config
from rs_node.corporate_accounts import SCOPE, CorporateAccounts
from rs_node.interaction_id import with_interaction_id
from rs_node.introspection import Introspection
from rs_node.resource_metadata import (
    ResourceMetadata,
    resource_metadata_path,
    resource_metadata_url,
)
from rs_node.token_validation import TokenValidation


def assemble(
    config: Config, surroundings: Surroundings, endpoint: Endpoint | None = None
) -> Node:
    """
    The resource server that *config* describes.

    *endpoint* is the way to the authorization server; tests give one in memory.

    Raises:
        PemError: a certificate or key is missing or unreadable.
    """
    client = _client(config, surroundings, endpoint)
    routes = Routes(_routes(config, surroundings, client))
    listener = Listener(
        surroundings.reactor,
        surroundings.witness,
        with_interaction_id(routes.answer),
        request_certificate=True,
    )
    listen = config.listen
    # RFC 8705 section 6.2: any certificate is let in; the thumbprint decides.
    context = ServerContext(
        pem.load_credential(listen.certificate, listen.private_key),
        request_certificate=True,
        trace=surroundings.trace_handshakes,
    )
    service = Service("listen.mutual_tls", listen.mutual_tls, context, listener)
    return Node([service], close=client.close)


def _client(
    config: Config, surroundings: Surroundings, endpoint: Endpoint | None
) -> MutualTLSClient:
    """Us, when we ask the authorization server."""
    own = config.introspection
    context = ClientContext(
        pem.load_credential(own.certificate, own.private_key),
        pem.load_certificates(config.server_roots),
        trace=surroundings.trace_handshakes,
    )
    return MutualTLSClient(
        surroundings.reactor, context, surroundings.witness, endpoint=endpoint
    )


def _routes(
    config: Config, surroundings: Surroundings, client: MutualTLSClient
) -> list[Route]:
    issuer = config.access_tokens.issuer
    metadata = ResourceMetadata(config.resource, config.resource_name, issuer, [SCOPE])
    access = _access_control(config, surroundings, client)
    accounts = CorporateAccounts(access, surroundings.clock)
    path = resource_metadata_path(config.resource)
    return [Route("GET", path, metadata.get), *accounts.routes()]


def _access_control(
    config: Config, surroundings: Surroundings, client: MutualTLSClient
) -> AccessControl:
    tokens, clock = config.access_tokens, surroundings.clock
    expected = Expectations(issuer=tokens.issuer, resource=config.resource)
    server = AuthorizationServer(
        client, tokens.issuer, config.introspection.client_id, clock
    )
    keys = AuthorizationServerKeys(
        server,
        clock,
        surroundings.witness.log.warning,
        refetch_seconds=tokens.jwks_refetch_seconds,
    )
    seconds = config.introspection.cache_seconds
    return AccessControl(
        TokenValidation(keys, expected, tokens.signing_algorithms),
        Introspection(server, expected, clock, cache_seconds=seconds),
        clock,
        jwt_validation=cast("JwtValidation", tokens.jwt_validation),
        refuse_expired_client_certificates=config.refuse_expired_client_certificates,
        resource_metadata=resource_metadata_url(config.resource),
    )
