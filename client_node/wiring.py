"""The banking client's web process, put together."""

from client_node.config import Config
from client_node.jwks_document import JwksDocument
from client_node.pages import Pages
from pki import pem
from pki.mtls.contexts import ServerContext
from pki.mtls.process import Node, Service, Surroundings
from pki.mtls.routes import Route, Routes
from pki.mtls.server import Listener


def assemble(config: Config, surroundings: Surroundings) -> Node:
    """
    A node with one conventional listener: browsers see no certificate dialog.

    Raises:
        ValueError, OSError: a certificate or key cannot be read.
    """
    web = config.web
    credential = pem.load_credential(web.certificate, web.key)
    document = JwksDocument(web.jwks_uri_certificate)
    document.body()  # fails now rather than at the first request
    values = {
        "issuer": config.issuer,
        "resource": config.resource,
        "origin": web.origin,
    }
    pages = Pages(web.origin, web.walkthrough, values)
    routes = Routes(
        [
            Route("GET", "/", pages.home),
            Route("GET", "/walkthrough", pages.walkthrough),
            Route("GET", "/jwks/tpp-self-signed-jwks-uri", document.answer),
        ]
    )
    trace = surroundings.trace_handshakes
    service = Service(
        key="web.listen",
        where=web.listen,
        context=ServerContext(credential, request_certificate=False, trace=trace),
        listener=Listener(
            surroundings.reactor,
            surroundings.witness,
            routes.answer,
            request_certificate=False,
        ),
    )
    return Node([service])
