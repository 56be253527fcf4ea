"""A client's JWK set, fetched over TLS from wherever it says."""

import io
import json
from dataclasses import dataclass
from functools import partial

import pytest
from twisted.internet.defer import Deferred

from as_node.clients.jwks_cache import JwksNotFetched
from as_node.clients.jwks_fetch import DEADLINE, LARGEST_JWK_SET, JwksFetch
from as_node.clients.jwks_uri import parse_host_and_port, parse_jwks_uri
from as_node.clients.ssrf_guard import CheckedEndpoints
from pki.http.messages import Request, Response
from pki.issuing.authority import self_signed, server_root
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from pki.jwk_set import jwk_set
from pki.mtls.client import MutualTLSClient
from pki.mtls.contexts import ClientContext, ServerContext
from pki.mtls.server import Listener
from pki.observability.operator_log import OperatorLog
from pki.observability.witness import Witness
from pki.thumbprint import x5t_s256
from tests.in_memory.network import MemoryNetwork

URI = parse_jwks_uri("https://127.0.0.1:9446/jwks")
ALLOWED = [parse_host_and_port("127.0.0.1:9446")]


@dataclass
class Web:
    """A client's web server, and the authorization server's way to it."""

    network: MemoryNetwork
    fetch: JwksFetch
    answer: Response
    requests: list[Request]
    silent: bool = False

    async def serve(self, request: Request) -> Response:
        """Whatever is asked for."""
        self.requests.append(request)
        if self.silent:
            await Deferred()
        return self.answer

    def fetched(self, uri: str = "", interaction_id: str = "") -> frozenset[str]:
        """What a fetch gives."""
        asked = parse_jwks_uri(uri) if uri else URI
        return self.network.run(self.fetch(asked, interaction_id))

    def refusal(self, uri: str = "") -> str:
        """Why a fetch gives nothing; one line."""
        with pytest.raises(JwksNotFetched) as refused:
            self.fetched(uri)
        assert "\n" not in str(refused.value)
        return str(refused.value)


@pytest.fixture
def network() -> MemoryNetwork:
    return MemoryNetwork()


@pytest.fixture
def web(network: MemoryNetwork) -> Web:
    now = network.clock()
    root = server_root(subject("Server root", "Bank"), ["127.0.0.1"], now=now)
    credential = root.issue_server(subject("web", "TPP"), ["127.0.0.1"], now=now)
    witness = Witness(OperatorLog("as", io.StringIO(), network.clock))
    client = MutualTLSClient(
        network.reactor,
        ClientContext(None, [root.certificate]),
        witness,
        endpoint=CheckedEndpoints(network.reactor, (), dial=network.endpoint),
        largest_body=LARGEST_JWK_SET,
    )
    web = Web(network, JwksFetch(client, ALLOWED), Response(200, (), DOCUMENT), [])
    listen = partial(
        Listener, network.reactor, witness, web.serve, request_certificate=True
    )
    context = ServerContext(credential, request_certificate=True)
    network.listen("127.0.0.1", 9446, listen(), context)
    network.listen("127.0.0.1", 9447, listen(), context)
    return web


CREDENTIAL = self_signed(CLIENT, subject("tpp", "TPP"), validity(1_800_000_000, 30))
DOCUMENT = jwk_set([CREDENTIAL.leaf])


def test_the_certificates_of_the_document_are_found(web: Web) -> None:
    """RFC 8705 section 2.2: the JWK set behind `jwks_uri` registers certificates."""
    assert web.fetched() == {x5t_s256(CREDENTIAL.leaf_der)}
    assert (web.requests[0].method, web.requests[0].path) == ("GET", "/jwks")


def test_the_bank_shows_no_certificate(web: Web) -> None:
    """What is fetched is public, and whoever serves it may ask for a certificate."""
    web.fetched()
    assert web.requests[0].connection.certificate_requested
    assert web.requests[0].peer is None


def test_the_fetch_is_part_of_an_interaction(web: Web) -> None:
    """Both ends find it under the id of the request that needs it, if that has one."""
    web.fetched(interaction_id="an-id")
    web.fetched()
    told = [request.header("x-fapi-interaction-id") for request in web.requests]
    assert told == ["an-id", None]


def test_a_host_that_is_not_listed_is_not_even_dialled(web: Web) -> None:
    """The port counts: another service on the same machine is another host."""
    assert "jwks_uri_allowed_hosts" in web.refusal("https://127.0.0.1:9447/jwks")
    assert web.network.connections_made == 0


def test_a_redirect_is_not_followed(web: Web) -> None:
    """A listed host cannot send us to one that is not listed."""
    web.answer = Response(302, (("Location", "https://127.0.0.1:9447/jwks"),))
    assert web.refusal() == "expected status 200, found 302"
    assert len(web.requests) == 1


@pytest.mark.parametrize("status", [201, 204, 404, 500])
def test_only_200_is_a_document(status: int, web: Web) -> None:
    """An error page is not read, whatever is in it."""
    web.answer = Response(status, (), DOCUMENT if status != 204 else b"")
    assert web.refusal() == f"expected status 200, found {status}"


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"\xff\xfe", b"[" * 60_000, b'{"keys":[{]}']
)
def test_a_body_that_is_no_json_is_refused(body: bytes, web: Web) -> None:
    """Not even one made to exhaust a parser raises anything else."""
    web.answer = Response(200, (), body)
    assert web.refusal().startswith("expected JSON: ")


def test_a_document_without_certificates_is_refused(web: Web) -> None:
    """RFC 8705 section 2.2.2: a set with none is refused here as at registration."""
    web.answer = Response(200, (), json.dumps({"keys": []}).encode())
    assert "expected an x5c" in web.refusal()


@pytest.mark.bound("jwks-uri.size")
def test_a_document_that_is_too_large_is_not_read(web: Web) -> None:
    """64 KiB hold some sixty certificates."""
    assert LARGEST_JWK_SET == 65_536
    padded = DOCUMENT + b" " * (LARGEST_JWK_SET - len(DOCUMENT))
    web.answer = Response(200, (), padded)
    assert web.fetched()
    web.answer = Response(200, (), padded + b" ")
    assert web.refusal() == (
        f"the answer is larger than is read: more than {LARGEST_JWK_SET} bytes"
    )


@pytest.mark.bound("jwks-uri.deadline")
def test_a_host_that_does_not_answer_is_given_up(web: Web) -> None:
    """Within 5 seconds, for a token request waits."""
    web.silent = True
    failures: list[object] = []
    fetching = Deferred.fromCoroutine(web.fetch(URI, ""))
    fetching.addErrback(lambda failure: failures.append(failure.type))
    web.network.flush()
    web.network.reactor.advance(DEADLINE - 0.1)
    assert not failures
    web.network.reactor.advance(0.1)
    web.network.flush()
    assert failures == [JwksNotFetched]


def test_a_host_that_is_away_is_a_reason(web: Web) -> None:
    """No connection is no certificates."""
    web.network.close("127.0.0.1", 9446)
    assert web.refusal().startswith("no connection")


def test_a_server_we_do_not_believe_is_refused(
    web: Web, network: MemoryNetwork
) -> None:
    """https: the host has proved its name before anything it says counts."""
    now = network.clock()
    stranger = server_root(subject("Stranger", "X"), ["127.0.0.1"], now=now)
    credential = stranger.issue_server(subject("web", "X"), ["127.0.0.1"], now=now)
    witness = Witness(OperatorLog("web", io.StringIO(), network.clock))
    listener = Listener(network.reactor, witness, web.serve, request_certificate=False)
    context = ServerContext(credential, request_certificate=False)
    network.listen("127.0.0.1", 9446, listener, context)
    assert "not believed" in web.refusal()
    assert web.requests == []
