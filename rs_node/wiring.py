"""The composition root: the one place that knows all the parts."""

from pki import pem
from pki.alternative_names import host_names_of
from pki.chain import ChainJudge, CrlFile
from pki.chain.ca_faults import root_complaints
from pki.http.own_names import OwnNames
from pki.http.routes import Route, Routes
from pki.mtls.client import Endpoint, MutualTLSClient
from pki.mtls.contexts import ClientContext, ServerContext
from pki.mtls.server import Listener
from pki.node.process import Node, Service, Surroundings
from rs_node.access.access_control import AccessControl
from rs_node.access.claims import Expectations
from rs_node.access.interaction_id import with_interaction_id
from rs_node.access.introspection import Introspection
from rs_node.access.token_status import TokenStatus
from rs_node.access.token_validation import TokenValidation
from rs_node.authorization_server.keys import AuthorizationServerKeys
from rs_node.authorization_server.requests import AuthorizationServer
from rs_node.authorization_server.status_list_request import StatusListRequest
from rs_node.authorization_server.status_lists import StatusLists
from rs_node.backchannel.authentication import BackchannelAuthentication
from rs_node.backchannel.endpoint import Backchannel
from rs_node.config import Config
from rs_node.consents.database import open_database
from rs_node.consents.store import ConsentStore
from rs_node.corporate_endpoint import SCOPE, CorporateAccounts
from rs_node.open_banking.accounts_endpoint import AccountsEndpoint
from rs_node.open_banking.consented_access import ConsentedAccess
from rs_node.open_banking.consents_endpoint import ConsentsEndpoint
from rs_node.open_banking.error_responses import (
    in_this_form_where_nothing_is_served,
)
from rs_node.open_banking.transactions_endpoint import TransactionsEndpoint
from rs_node.resource_metadata import (
    ResourceMetadata,
    resource_metadata_path,
    resource_metadata_url,
)


def assemble(
    config: Config, surroundings: Surroundings, endpoint: Endpoint | None = None
) -> Node:
    """
    The resource server that *config* describes.

    *endpoint* is the way to the authorization server; tests give one in memory.

    Raises:
        PemError: a certificate or key is missing or unreadable.
        UnusableDatabase: the consents cannot be kept.
    """
    client = _client(config, surroundings, endpoint)
    authentication = _backchannel_authentication(config, surroundings)
    store = ConsentStore(
        open_database(config.database), surroundings.clock, surroundings.monotonic
    )
    access = _access_control(config, surroundings, client)
    routes = Routes(
        [
            *_own_routes(config, surroundings, access),
            *_open_banking_routes(config, surroundings, access, store),
            *Backchannel(authentication, store).routes(),
        ]
    )
    listen = config.listen
    credential = pem.load_credential(listen.certificate, listen.private_key)
    names = OwnNames(
        config.resource,
        host_names_of(credential.leaf),
        with_interaction_id(in_this_form_where_nothing_is_served(routes.answer)),
        at_any_port=True,
    )
    listener = Listener(
        surroundings.reactor,
        surroundings.witness,
        names.answer,
        request_certificate=True,
    )
    # RFC 8705 section 6.2: any certificate is let in; the thumbprint decides.
    context = ServerContext(
        credential,
        request_certificate=True,
        trace=surroundings.trace_handshakes,
    )
    service = Service("listen.mutual_tls", listen.mutual_tls, context, listener)

    async def close() -> None:
        await client.close()
        store.close()

    return Node([service], close)


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


def _own_routes(
    config: Config, surroundings: Surroundings, access: AccessControl
) -> list[Route]:
    """Our metadata, and the corporate accounts."""
    issuer = config.access_tokens.issuer
    metadata = ResourceMetadata(config.resource, config.resource_name, issuer, [SCOPE])
    accounts = CorporateAccounts(access, surroundings.clock)
    path = resource_metadata_path(config.resource)
    return [Route("GET", path, metadata.get), *accounts.routes()]


def _open_banking_routes(
    config: Config,
    surroundings: Surroundings,
    access: AccessControl,
    store: ConsentStore,
) -> list[Route]:
    """Customers' accounts, and their consents."""
    resource, clock = config.resource.rstrip("/"), surroundings.clock
    consented = ConsentedAccess(access, store)
    metadata = resource_metadata_url(config.resource)
    return [
        *ConsentsEndpoint(access, store, resource, clock).routes(metadata),
        *AccountsEndpoint(consented, resource, clock).routes(metadata),
        *TransactionsEndpoint(consented, resource, clock).routes(metadata),
    ]


def _backchannel_authentication(
    config: Config, surroundings: Surroundings
) -> BackchannelAuthentication:
    known, tell = config.backchannel, surroundings.witness.log.warning
    crl_file = CrlFile(
        known.client_crl,
        check_seconds=known.crl_check_seconds,
        clock=surroundings.clock,
        tell=tell,
    )
    crl_file.verify_readable()
    roots = pem.load_certificates(known.client_roots)
    for complaint in root_complaints(roots):
        tell(f"{known.client_roots}: {complaint}")
    judge = ChainJudge(roots, crl_file=crl_file, clock=surroundings.clock)
    return BackchannelAuthentication(judge, known.subject())


def _access_control(
    config: Config, surroundings: Surroundings, client: MutualTLSClient
) -> AccessControl:
    tokens, clock = config.access_tokens, surroundings.clock
    monotonic = surroundings.monotonic
    expected = Expectations(issuer=tokens.issuer, resource=config.resource)
    server = AuthorizationServer(
        client, tokens.issuer, config.introspection.client_id, monotonic
    )
    keys = AuthorizationServerKeys(
        server,
        monotonic,
        surroundings.witness.log.warning,
        refetch_seconds=tokens.jwks_refetch_seconds,
    )
    seconds = config.introspection.cache_seconds
    validation = TokenValidation(keys, expected, tokens.signing_algorithms)
    return AccessControl(
        validation if tokens.jwt_validation == "local" else None,
        Introspection(
            server, expected, clock, monotonic=monotonic, cache_seconds=seconds
        ),
        clock,
        token_status=_token_status(config, surroundings, server, keys),
        refuse_expired_client_certificates=config.refuse_expired_client_certificates,
        resource_metadata=resource_metadata_url(config.resource),
    )


def _token_status(
    config: Config,
    surroundings: Surroundings,
    server: AuthorizationServer,
    keys: AuthorizationServerKeys,
) -> TokenStatus | None:
    """None where `jwt_revocation` says that nobody is to ask."""
    tokens = config.access_tokens
    if tokens.jwt_revocation == "none":
        return None
    lists = StatusLists(
        StatusListRequest(server, keys, tokens.signing_algorithms, surroundings.clock),
        surroundings.clock,
        surroundings.witness.log.warning,
        seconds=tokens.status_list_seconds,
        survival_seconds=tokens.status_list_survival_seconds,
    )
    return TokenStatus(lists, tokens.issuer)
