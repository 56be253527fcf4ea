"""The observer, put together."""

from client_node.config import Config as ClientConfig
from pki import pem
from pki.http.own_names import OwnNames
from pki.http.routes import Route, Routes
from pki.issuing.layout import Layout
from pki.mtls.contexts import ServerContext
from pki.mtls.server import Listener
from pki.node import configuration
from pki.node.process import Node, Service, Surroundings
from scripts.walkthrough.config import Config
from scripts.walkthrough.curl.shell import Place
from scripts.walkthrough.live.walkthrough import LiveWalkthrough
from scripts.walkthrough.serving.finished_page import FinishedPage
from scripts.walkthrough.serving.pages import DEMO, STORY, LivePages, former_address


def assemble(config: Config, surroundings: Surroundings) -> Node:
    """
    One conventional listener: browsers see no certificate dialog.

    Raises:
        ValueError, OSError: a certificate or key, or the banking client's
            configuration, cannot be read.
    """
    credential = pem.load_credential(config.certificate, config.key)
    client = configuration.read(config.client, ClientConfig)
    routes = _routes(config, client, surroundings)
    names = OwnNames(config.origin, config.names, routes.answer)
    listener = Listener(
        surroundings.reactor,
        surroundings.witness,
        names.answer,
        request_certificate=False,
    )
    context = ServerContext(credential, request_certificate=False)
    return Node([Service("listen", config.listen, context, listener)])


def _routes(config: Config, client: ClientConfig, surroundings: Surroundings) -> Routes:
    reactor, log = surroundings.reactor, surroundings.witness.log
    place = Place(Layout(client.credentials), client.server_roots, config.client)
    live = LiveWalkthrough(config.recordings, place, reactor, log)
    pages = LivePages(live, reactor, client.web.origin)
    return Routes(
        [
            Route("GET", "/", pages.page),
            Route("GET", STORY, pages.story),
            Route("GET", DEMO, FinishedPage(config.demo).answer),
            Route("GET", "/walkthrough", former_address),
        ]
    )
