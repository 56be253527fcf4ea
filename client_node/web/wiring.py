"""The banking client's web process, put together."""

from typing import cast

from client_node.config import Config
from client_node.oauth.authorization.id_token import SigningAlg
from client_node.oauth.discovered_server import DiscoveredServer
from client_node.oauth.mutual_tls_identity import mutual_tls_identity
from client_node.oauth.requests.current_identity import CurrentIdentity
from client_node.oauth.requests.identity import Identity
from client_node.oauth.token.token_cache import TokenCache
from client_node.web.journey.bank import Bank
from client_node.web.journey.connecting import Connecting
from client_node.web.journey.customer_access import CustomerAccess
from client_node.web.journey.disconnecting import Disconnecting
from client_node.web.journey.redeeming import Registered
from client_node.web.jwks_document import JwksDocument
from client_node.web.pages.account_page import AccountPage
from client_node.web.pages.accounts_page import AccountsPage
from client_node.web.pages.connection_endpoints import ConnectionEndpoints
from client_node.web.pages.consents_page import ConsentsPage
from client_node.web.pages.home_page import HomePage
from client_node.web.pages.page_routes import PageRoutes
from client_node.web.pages.site import Site
from client_node.web.store.database import open_database
from client_node.web.store.store import WebStore
from pki import pem
from pki.alternative_names import host_names_of
from pki.http.messages import Request, Response
from pki.http.own_names import OwnNames
from pki.http.routes import Route, Routes
from pki.issuing.layout import Layout
from pki.mtls.client import Endpoint
from pki.mtls.contexts import ServerContext
from pki.mtls.server import Listener
from pki.node.process import Node, Service, Surroundings
from pki.pem import Credential


def assemble(
    config: Config, surroundings: Surroundings, *, endpoint: Endpoint | None = None
) -> Node:
    """
    A node with one conventional listener: browsers see no certificate dialog.

    *endpoint* makes the way to the bank; tests give one in memory.

    Raises:
        ValueError, OSError: a certificate or key cannot be read, or the database
            not be opened.
    """
    web = config.web
    credential = pem.load_credential(web.certificate, web.key)
    document = JwksDocument(web.jwks_uri_certificate)
    document.body()  # fails now rather than at the first request
    bank = _bank(config, surroundings, endpoint)
    store = WebStore(
        open_database(web.database), surroundings.clock, surroundings.monotonic
    )
    routes = PageRoutes(
        _site(config),
        Routes(
            [
                *_page_routes(config, bank, store, surroundings),
                Route("GET", "/jwks/tpp-self-signed-jwks-uri", document.answer),
            ]
        ),
    )
    names = OwnNames(
        web.origin, host_names_of(credential.leaf), routes.answer, at_any_port=True
    )
    service = Service(
        key="web.listen",
        where=web.listen,
        context=ServerContext(
            credential,
            request_certificate=False,
            trace=surroundings.trace_handshakes,
        ),
        listener=Listener(
            surroundings.reactor,
            surroundings.witness,
            names.answer,
            request_certificate=False,
        ),
    )

    async def close() -> None:
        await bank.identity.close()
        await store.close()

    return Node([service], close)


def _site(config: Config) -> Site:
    web = config.web
    return Site(web.origin, config.issuer, web.bank, web.walkthrough_url)


def _bank(
    config: Config, surroundings: Surroundings, endpoint: Endpoint | None
) -> Bank:
    client_id = config.web.client_id
    roots = pem.load_certificates(config.server_roots)

    def identity_of(credential: Credential) -> Identity:
        return mutual_tls_identity(
            client_id,
            credential,
            roots,
            surroundings.reactor,
            surroundings.witness,
            endpoint=endpoint,
        )

    layout = Layout(config.credentials)
    identity = CurrentIdentity(
        layout.certificate(client_id),
        layout.key(client_id),
        identity_of,
        surroundings.witness.log.info,
    )
    server = DiscoveredServer(
        identity,
        config.issuer,
        surroundings.clock,
        surroundings.monotonic,
        surroundings.witness.log.warning,
    )
    cache = TokenCache(surroundings.monotonic)
    return Bank(identity, server, config.resource, cache)


def _page_routes(
    config: Config, bank: Bank, store: WebStore, surroundings: Surroundings
) -> list[Route]:
    clock, site = surroundings.clock, _site(config)
    registered = Registered(
        f"{config.web.origin}/callback",
        cast("SigningAlg", config.web.id_token_signed_response_alg),
    )
    access = CustomerAccess(bank, store, clock)
    connecting = Connecting(bank, store, registered, clock)
    endpoints = ConnectionEndpoints(site, store, connecting, Disconnecting(bank, store))
    account = AccountPage(site, store, access, clock)
    return [
        Route("GET", "/", HomePage(site, store, config.resource).answer),
        Route("POST", "/connect", endpoints.connect),
        Route("POST", "/renew", endpoints.renew),
        Route("GET", "/callback", endpoints.callback),
        Route("GET", "/accounts", AccountsPage(site, store, access).answer),
        Route("GET", "/accounts/{account_id}", account.answer),
        Route("GET", "/consents", ConsentsPage(site, store, bank, clock).answer),
        Route("POST", "/disconnect", endpoints.disconnect),
        *_walkthrough_route(config.web.walkthrough_url),
    ]


def _walkthrough_route(url: str | None) -> list[Route]:
    """The way to the walk-through, where there is one: others serve it."""
    if url is None:
        return []
    found_there = Response(303, (("Location", url),))

    async def answer(request: Request) -> Response:
        return found_there

    return [Route("GET", "/walkthrough", answer)]
