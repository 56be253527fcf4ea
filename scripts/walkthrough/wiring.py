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
from scripts.walkthrough.live.limits import LIMITS, Limits
from scripts.walkthrough.live.walkthrough import LiveWalkthrough
from scripts.walkthrough.serving.finished_page import FinishedPage
from scripts.walkthrough.serving.pages import (
    DEMO,
    LONG_POLLING,
    STORY,
    LivePages,
    LongPolling,
    former_address,
)


def assemble(
    config: Config,
    surroundings: Surroundings,
    *,
    limits: Limits = LIMITS,
    polling: LongPolling = LONG_POLLING,
) -> Node:
    """
    One conventional listener: browsers see no certificate dialog.

    Tests give smaller *limits*, and *polling* that is over sooner.

    Raises:
        ValueError, OSError: a certificate or key, or the banking client's
            configuration, cannot be read.
    """
    credential = pem.load_credential(config.certificate, config.key)
    client = configuration.read(config.client, ClientConfig)
    reactor = surroundings.reactor
    live = _live(config, client, surroundings, limits)
    pages = LivePages(live, reactor, client.web.origin, polling)
    names = OwnNames(config.origin, config.names, _routes(config, pages).answer)
    listener = Listener(
        reactor,
        surroundings.witness,
        names.answer,
        request_certificate=False,
    )
    context = ServerContext(credential, request_certificate=False)
    return Node([Service("listen", config.listen, context, listener)])


def _live(
    config: Config, client: ClientConfig, surroundings: Surroundings, limits: Limits
) -> LiveWalkthrough:
    place = Place(Layout(client.credentials), client.server_roots, config.client)
    log = surroundings.witness.log
    return LiveWalkthrough(config.recordings, place, surroundings.reactor, log, limits)


def _routes(config: Config, pages: LivePages) -> Routes:
    return Routes(
        [
            Route("GET", "/", pages.page),
            Route("GET", STORY, pages.story),
            Route("GET", DEMO, FinishedPage(config.demo).answer),
            Route("GET", "/walkthrough", former_address),
        ]
    )
