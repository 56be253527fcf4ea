"""A client whose certificate is found at its `jwks_uri`."""

from collections.abc import Callable

import pytest

from pki.http.messages import Request, Response
from pki.http.routes import Route, Routes
from pki.mtls.contexts import ServerContext
from pki.mtls.server import Listener
from pki.observability.operator_log import OperatorLog
from pki.observability.witness import Witness
from tests.in_memory.authorization_server import Deployment, assert_refused, members

StartAs = Callable[..., Deployment]

CLIENT = "tpp-self-signed-jwks-uri"
# In the configuration: to know the client's web server by its name, not its address.
BY_NAME = ("127.0.0.1:9446", "localhost:9446")
NETWORKS = "jwks_uri_allowed_networks = "


def serve(server: Deployment, host: str, *, padding: bytes = b"") -> list[Request]:
    """The client's web server, with its document; the requests that it gets."""
    document = server.issued.jwk_set(CLIENT).read_bytes() + padding
    network, received = server.network, []

    async def jwk_set(request: Request) -> Response:
        received.append(request)
        return Response(200, (("Content-Type", "application/json"),), document)

    listener = Listener(
        network.reactor,
        Witness(OperatorLog("tpp", server.log, network.clock)),
        Routes([Route("GET", f"/jwks/{CLIENT}", jwk_set)]).answer,
        request_certificate=True,
    )
    web = ServerContext(server.issued.load("client-web"), request_certificate=True)
    network.listen(host, 9446, listener, web)
    return received


def test_by_reference(server: Deployment) -> None:
    """RFC 8705 section 2.2: the certificate is looked up at the `jwks_uri`, once."""
    received = serve(server, "127.0.0.1")
    for _ in range(2):
        assert members(server.token_request(CLIENT), 200)
    assert len(received) == 1


def test_the_bank_does_not_show_who_it_is(server: Deployment) -> None:
    """RFC 8705 section 8: no certificate of ours goes where none is needed."""
    received = serve(server, "127.0.0.1")
    assert members(server.token_request(CLIENT), 200)
    assert [request.peer for request in received] == [None]


@pytest.mark.check("client-auth.registered-certificate")
def test_another_certificate(server: Deployment) -> None:
    """RFC 8705 section 2.2: what is not in the document is not the client's."""
    serve(server, "127.0.0.1")
    answer = server.token_request(CLIENT, certificate="tpp-self-signed")
    assert_refused(answer, 401, "invalid_client")


def test_nobody_there(server: Deployment) -> None:
    """RFC 6749 section 5.2: without the document nobody is let in; no 500."""
    assert_refused(server.token_request(CLIENT), 401, "invalid_client")
    assert " error " not in server.log.getvalue()


def test_a_document_without_end(server: Deployment) -> None:
    """RFC 6749 section 5.2: what a client serves is not read for ever."""
    serve(server, "127.0.0.1", padding=b" " * 65536)
    assert_refused(server.token_request(CLIENT), 401, "invalid_client")
    assert "larger" in server.log.getvalue()


@pytest.mark.parametrize(
    ("networks", "status"), [("[]", 401), ('["127.0.0.0/8"]', 200)]
)
def test_a_name_that_leads_inside(
    start_as: StartAs, networks: str, status: int
) -> None:
    """RFC 8705 section 7: a listed name that leads to loopback leads nowhere."""
    server = start_as(BY_NAME, (f"{NETWORKS}[]", NETWORKS + networks))
    serve(server, "127.0.0.1")
    assert members(server.token_request(CLIENT), status)
