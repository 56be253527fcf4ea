"""Our client: whom it believes, what it presents, and what it makes of bad servers."""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID
from OpenSSL import SSL
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.protocol import Factory, Protocol

from pki.alternative_names import host_names
from pki.http.answers import DEADLINE, Answer, HandshakeRefused, NoAnswer, NoConnection
from pki.http.messages import Request, Response
from pki.issuing import authority, profiles
from pki.issuing.authority import Authority
from pki.issuing.profiles import subject
from pki.issuing.validity import validity
from pki.mtls.client import MutualTLSClient
from pki.mtls.contexts import ClientContext, ServerContext
from pki.mtls.limits import CLOSE_DEADLINE, LARGEST_ANSWER_HEADERS
from pki.pem import Credential
from tests.in_memory.listeners import MUTUAL_TLS, Bench
from tests.pki.mtls.scripted_server import (
    DemandingContext,
    ScriptedServer,
    ScriptedServers,
)

URL = f"https://localhost:{MUTUAL_TLS}/x"
VERSIONS = {"TLSv1.2": SSL.TLS1_2_VERSION, "TLSv1.3": SSL.TLS1_3_VERSION}
every_version = pytest.mark.parametrize("version", VERSIONS.values(), ids=VERSIONS)
T = TypeVar("T")
Script = Callable[[ScriptedServer], None]


def get(place: Bench, client: MutualTLSClient, url: str = URL) -> Answer:
    """The answer to a GET."""
    return place.network.run(client.request("GET", url))


def refused(place: Bench, client: MutualTLSClient, url: str = URL) -> str:
    """Why a handshake came to nothing; no request reached anybody."""
    with pytest.raises(HandshakeRefused) as error:
        get(place, client, url)
    assert place.requests == []
    return str(error.value)


def unanswered(place: Bench, client: MutualTLSClient, url: str = URL) -> str:
    """Why there is no answer, where it is not the handshake's fault."""
    with pytest.raises(NoAnswer) as error:
        get(place, client, url)
    assert type(error.value) in (NoAnswer, NoConnection)
    return str(error.value)


def scripted(place: Bench, server: Credential, script: Script) -> ScriptedServers:
    """A server at port 1 that does as the script says."""
    servers = ScriptedServers(script)
    context = ServerContext(server, request_certificate=True)
    place.network.listen("localhost", 1, servers, context)
    return servers


def saying(data: bytes) -> Script:
    """A script of one answer."""
    return lambda server: server.say(data)


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


# What it believes


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_server_that_is_named(
    place: Bench, server_credential: Credential, host: str
) -> None:
    """RFC 9525: a DNS name and addresses of both kinds; only the name goes into SNI."""
    servers = scripted(place, server_credential, saying(OK))
    place.network._servers[host, 1] = place.network._servers["localhost", 1]
    written = f"[{host}]" if ":" in host else host
    assert get(place, place.client(), f"https://{written}:1/").body == b"ok"
    tls: SSL.Connection = servers.made[0].transport.getHandle()
    assert tls.get_servername() == (b"localhost" if host == "localhost" else None)


def _issue(root: Authority, now: float, *names: str, days: float = 10) -> Credential:
    return root.issue_server(subject("localhost", "Bank"), names, now=now, days=days)


def _without_names(root: Authority, now: float) -> Credential:
    return root.issue(profiles.SERVER, subject("localhost", "Bank"), validity(now, 1))


def _email_only(root: Authority, now: float) -> Credential:
    sans = [x509.RFC822Name("root@localhost")]
    name = subject("localhost", "Bank")
    return root.issue(profiles.SERVER, name, validity(now, 1), sans=sans)


def _client_only(root: Authority, now: float) -> Credential:
    sans = host_names(["localhost"])
    name = subject("localhost", "Bank")
    return root.issue(profiles.CLIENT, name, validity(now, 1), sans=sans)


def _unknown_ca(root: Authority, now: float) -> Credential:
    name = subject("Server Root", "Bank")  # the name of the one that is trusted
    return _issue(authority.server_root(name, ["localhost"], now=now), now, "localhost")


def _own_word(root: Authority, now: float) -> Credential:
    sans = host_names(["localhost"])
    name = subject("localhost", "Bank")
    return authority.self_signed(profiles.SERVER, name, validity(now, 1), sans=sans)


def _garbled_names(root: Authority, now: float) -> Credential:
    return _with_names(root, now, b"\x30\x03\x82\x05x")


def _unsupported_names(root: Authority, now: float) -> Credential:
    """An ediPartyName, which OpenSSL reads and `cryptography` does not."""
    return _with_names(root, now, b"\x30\x07\xa5\x05\xa1\x03\x0c\x01x")


def _with_names(root: Authority, now: float, der: bytes) -> Credential:
    oid = ExtensionOID.SUBJECT_ALTERNATIVE_NAME
    names = (x509.UnrecognizedExtension(oid, der), False)
    profile = profiles.Profile((*profiles.SERVER.extensions, names))
    return root.issue(profile, subject("localhost", "Bank"), validity(now, 1))


UNBELIEVABLE = {
    "no SAN": (_without_names, "not for localhost"),
    "other name": (lambda r, now: _issue(r, now, "a.localhost"), "not for localhost"),
    "address only": (lambda r, now: _issue(r, now, "127.0.0.1"), "not for localhost"),
    "e-mail only": (_email_only, "not for localhost"),
    "garbled SAN": (_garbled_names, "not believed: "),
    "SAN of another kind": (_unsupported_names, "not for localhost"),
    "other CA of that name": (_unknown_ca, "believed: its issuer is not known"),
    "self-signed": (_own_word, "believed: it is self-signed"),
    "client only": (_client_only, "believed: it is not for a server"),
    "expired": (
        lambda r, now: _issue(r, now - 86400 * 5, "localhost", days=4),
        "believed: it has expired",
    ),
    "not yet valid": (
        lambda r, now: _issue(r, now + 86400, "localhost"),
        "believed: it is not yet valid",
    ),
}


@pytest.mark.parametrize(("issue", "words"), UNBELIEVABLE.values(), ids=UNBELIEVABLE)
def test_server_that_is_not_believed(
    place: Bench,
    server_root: Authority,
    now: float,
    issue: Callable[[Authority, float], Credential],
    words: str,
) -> None:
    """RFC 9525: each way to be somebody else is told in words, and nothing is sent."""
    place.listen(issue(server_root, now))
    reason = refused(place, place.client())
    assert reason.startswith("the server's certificate is not ")
    assert words in reason


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_wrong_address(
    place: Bench, server_root: Authority, now: float, host: str
) -> None:
    """RFC 9525: a certificate for the name and the other address is not for this."""
    others = {"localhost", "127.0.0.1", "::1"} - {host}
    servers = scripted(place, _issue(server_root, now, *others), saying(OK))
    place.network._servers[host, 1] = place.network._servers["localhost", 1]
    written = f"[{host}]" if ":" in host else host
    reason = refused(place, place.client(), f"https://{written}:1/")
    assert f"not for {host}" in reason
    assert servers.made[0].requests == []


def test_name_constraints(place: Bench, server_root: Authority, now: float) -> None:
    """RFC 5280 section 4.2.1.10: the root may not vouch for other sites."""
    place.listen(_issue(server_root, now, "example.com"))
    place.network._servers["example.com", 1] = place.network._servers[
        "localhost", MUTUAL_TLS
    ]
    reason = refused(place, place.client(), "https://example.com:1/")
    assert "name constraints" in reason


def test_system_roots_are_not_believed(place: Bench) -> None:
    """Servers are believed on the word of the given roots alone."""
    client = MutualTLSClient(
        place.network.reactor,
        ClientContext(None, []),
        place.witness,
        endpoint=place.network.endpoint,
    )
    assert "its issuer is not known" in refused(place, client)


def test_error_without_words(place: Bench, server_root: Authority, now: float) -> None:
    """An error of OpenSSL's that has no text here is told by its number."""
    leaf = server_root.issue_server(subject("leaf", "Bank"), ["localhost"], now=now)
    issued_by_a_leaf = Authority(leaf).issue_server(
        subject("localhost", "Bank"), ["localhost"], now=now, days=1
    )
    place.listen(
        Credential(
            (*issued_by_a_leaf.chain[:1], leaf.leaf), issued_by_a_leaf.private_key
        )
    )
    assert "OpenSSL's verify error " in refused(place, place.client())


# What it presents


@every_version
@pytest.mark.parametrize("cas", [0, 1], ids=["no CA list", "another's CA list"])
def test_own_certificate_is_sent_whatever_the_ca_list(
    place: Bench,
    server_credential: Credential,
    version: int,
    cas: int,
    self_signed: Credential,
) -> None:
    """RFC 8705 section 2.2: a self-signed certificate is in no CA's list."""
    named = [place.server_root.leaf] * cas
    context = DemandingContext(server_credential, version, named=named)
    listener = ScriptedServers(saying(OK))
    place.network.listen("localhost", 1, listener, context)
    get(place, place.client(self_signed), "https://localhost:1/")
    tls: SSL.Connection = listener.made[0].transport.getHandle()
    assert tls.get_peer_certificate(as_cryptography=True) == self_signed.leaf


@every_version
@pytest.mark.parametrize("holder", [None, "self_signed", "unknown_ca"])
def test_certificate_that_is_refused(
    place: Bench,
    server_credential: Credential,
    client_root: Authority,
    version: int,
    holder: str | None,
    request: pytest.FixtureRequest,
) -> None:
    """
    RFC 8446 section 4.4.2.4: under TLS 1.3 the alert comes at the first read.

    It is the same to the caller as a handshake that fails under TLS 1.2, and nothing
    is tried again.
    """
    credential = None if holder is None else request.getfixturevalue(holder)
    context = DemandingContext(
        server_credential, version, trusted=[client_root.certificate]
    )
    listener = ScriptedServers(saying(OK))
    place.network.listen("localhost", 1, listener, context)
    reason = refused(place, place.client(credential), "https://localhost:1/")
    assert reason.startswith("TLS: ")
    assert "alert" in reason
    if version == SSL.TLS1_3_VERSION:
        assert ("certificate required" if holder is None else "unknown ca") in reason
    assert place.network.connections_made == 1
    assert listener.made[0].requests == []


def test_certificate_that_is_accepted(
    place: Bench,
    server_credential: Credential,
    client_root: Authority,
    client_credential: Credential,
) -> None:
    """The intermediates are sent too: a server that knows the root alone is content."""
    context = DemandingContext(
        server_credential, SSL.TLS1_3_VERSION, trusted=[client_root.certificate]
    )
    place.network.listen("localhost", 1, ScriptedServers(saying(OK)), context)
    client = place.client(client_credential)
    assert get(place, client, "https://localhost:1/").body == b"ok"


def test_identities_share_no_connection(
    place: Bench, client_credential: Credential, other_client: Credential
) -> None:
    """RFC 8705 section 3: each identity has connections of its own."""
    holders = (client_credential, other_client, None)
    clients = [place.client(holder) for holder in holders]
    for client in (*clients, *clients):
        get(place, client)
    seen = [request.peer and request.peer.der for request in place.requests]
    leaves = [client_credential.leaf_der, other_client.leaf_der, None]
    assert seen == leaves * 2
    assert place.network.connections_made == 3


# What it sends and gets


def test_exchange(place: Bench) -> None:
    """What is sent arrives, and what is answered comes back."""

    async def answer(request: Request) -> Response:
        return Response(201, (("X-A", "1"), ("X-A", "2"), ("Location", "/y")), b"\xff")

    place.answer = answer
    client = place.client()
    fields = (("Content-Type", "text/plain"), ("X-B", "1"), ("X-B", "2"))
    sending = client.request("POST", f"{URL}?a=b", headers=fields, body=b"\x00\xfe")
    got = place.network.run(sending)
    assert (got.status, got.body) == (201, b"\xff")
    assert got.headers["x-a"] == ("1", "2")
    assert got.header("x-a") == "1"
    assert got.header("x-c") is None
    (sent,) = place.requests
    assert (sent.method, sent.path, sent.query) == ("POST", "/x", "a=b")
    assert sent.headers["x-b"] == ("1", "2")
    assert sent.headers["host"] == (f"localhost:{MUTUAL_TLS}",)
    assert "cookie" not in sent.headers
    assert sent.body == b"\x00\xfe"


def test_empty_post_has_a_length(place: Bench) -> None:
    """RFC 9110 section 8.6: a POST without a body says so."""
    place.network.run(place.client().request("POST", URL))
    assert place.requests[0].headers["content-length"] == ("0",)


def test_connection_is_kept(place: Bench, client_credential: Credential) -> None:
    """Handshakes are dear: the second request uses the first one's connection."""
    client = place.client(client_credential)
    for _ in range(3):
        assert get(place, client).status == 200
    assert place.network.connections_made == 1


def test_connections_that_were_needed_at_once_are_kept(place: Bench) -> None:
    """Who asks for many at once asks for many again: no handshake a second time."""
    client = place.client()

    async def at_once() -> list[Answer]:
        asked = [Deferred.fromCoroutine(client.request("GET", URL)) for _ in range(32)]
        return [await each for each in asked]

    for _ in range(2):
        answers = place.network.run(at_once())
        assert [answer.status for answer in answers] == [200] * 32
    assert place.network.connections_made == 32


def test_limits_are_per_request(place: Bench, server_credential: Credential) -> None:
    """A kept connection may bring more than one answer may."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000
    scripted(place, server_credential, saying(answer))
    client = place.client()
    for _ in range(LARGEST_ANSWER_HEADERS // 1000):
        assert get(place, client, "https://localhost:1/").status == 200
    assert place.network.connections_made == 1


def test_any_status_is_an_answer(place: Bench) -> None:
    """A redirect is not followed, an error not raised, a cookie not kept."""

    async def answer(request: Request) -> Response:
        fields = (("Location", "https://localhost:1/"), ("Set-Cookie", "a=b"))
        return Response(302, fields)

    place.answer = answer
    client = place.client()
    assert get(place, client).status == 302
    assert get(place, client).header("location") == "https://localhost:1/"
    assert len(place.requests) == 2
    assert "cookie" not in place.requests[1].headers


# What it makes of bad servers


def test_nobody_there(place: Bench) -> None:
    """Nobody listens: there is no connection, and the text says where."""
    with pytest.raises(NoConnection, match=r"^no connection: "):
        get(place, place.client(), "https://localhost:1/")


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n"
        + b"x" * 2000
        + b"\r\n0\r\n\r\n",
    ],
    ids=["length", "chunked"],
)
def test_largest_body(
    place: Bench, server_credential: Credential, answer: bytes
) -> None:
    """A body as large as is read."""
    scripted(place, server_credential, saying(answer))
    got = get(place, place.client(), "https://localhost:1/")
    assert got.body == b"x" * 2000


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2001\r\n\r\n" + b"x" * 2001,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7d1\r\n"
        + b"x" * 2001
        + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2001,
        b"HTTP/1.1 200 OK\r\nContent-Length: 900000\r\n\r\n" + b"x" * 900_000,
    ],
    ids=["length", "chunked", "until the end", "much"],
)
@pytest.mark.bound("answer.body")
def test_body_too_large(
    place: Bench, server_credential: Credential, answer: bytes
) -> None:
    """A body larger than is read ends the exchange and the connection."""
    servers = scripted(place, server_credential, saying(answer))
    client = place.client()
    reason = unanswered(place, client, "https://localhost:1/")
    assert reason == "the answer is larger than is read: more than 2000 bytes"
    place.network.reactor.advance(CLOSE_DEADLINE)
    place.network.flush()
    assert servers.made[0].ended


@pytest.mark.parametrize(
    "flood",
    [
        b"HTTP/1.1 200 OK\r\n"
        + b"X-A: 0123456789\r\n" * (LARGEST_ANSWER_HEADERS // 10),
        b"HTTP/1.1 100 Continue\r\n\r\n" * (LARGEST_ANSWER_HEADERS // 10),
        b"HTTP/1.1 200 OK\r\nX-A: " + b"x" * (LARGEST_ANSWER_HEADERS + 3000),
    ],
    ids=["many", "interim", "one"],
)
@pytest.mark.bound("answer.headers")
def test_header_flood(
    place: Bench, server_credential: Credential, flood: bytes
) -> None:
    """Headers without end are not collected without end."""
    servers = scripted(place, server_credential, saying(flood))
    reason = unanswered(place, place.client(), "https://localhost:1/")
    most = LARGEST_ANSWER_HEADERS + 2000
    assert f"larger than is read: more than {most} bytes" in reason
    place.network.reactor.advance(CLOSE_DEADLINE)
    place.network.flush()
    assert servers.made[0].ended


def test_interim_answers(place: Bench, server_credential: Credential) -> None:
    """RFC 9110 section 15.2: a few interim answers are passed over."""
    interim = b"HTTP/1.1 103 Early Hints\r\n\r\n" * 3
    scripted(place, server_credential, saying(interim + OK))
    assert get(place, place.client(), "https://localhost:1/").status == 200


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nX\xff: a\r\nContent-Length: 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
)
def test_not_http(place: Bench, server_credential: Credential, answer: bytes) -> None:
    """An answer that is not HTTP is no answer, in whatever way it is not."""
    scripted(place, server_credential, saying(answer))
    unanswered(place, place.client(), "https://localhost:1/")


@pytest.mark.parametrize(
    "said",
    [b"", b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"],
    ids=["nothing", "half the headers", "half the body"],
)
@pytest.mark.parametrize("way", ["cut", "close"])
def test_connection_breaks(
    place: Bench, server_credential: Credential, said: bytes, way: str
) -> None:
    """A connection that ends before the answer does is told as such, not a refusal."""

    def script(server: ScriptedServer) -> None:
        server.say(said)
        if way == "cut":
            server.cut()
        else:
            server.transport.loseConnection()

    scripted(place, server_credential, script)
    reason = unanswered(place, place.client(), "https://localhost:1/")
    assert reason.startswith("the connection broke: ")
    assert place.network.connections_made == 1


@pytest.mark.parametrize("way", ["cut", "close"])
def test_answer_until_the_end(
    place: Bench, server_credential: Credential, way: str
) -> None:
    """RFC 9112 section 9.8: a body without a length may be half a body."""

    def script(server: ScriptedServer) -> None:
        server.say(b"HTTP/1.0 200 OK\r\n\r\nok")
        if way == "cut":
            server.cut()
        else:
            server.transport.loseConnection()

    scripted(place, server_credential, script)
    reason = unanswered(place, place.client(), "https://localhost:1/")
    assert "nobody knows whether it is whole" in reason


def test_kept_connection_that_broke(
    place: Bench, server_credential: Credential
) -> None:
    """RFC 9110 section 9.2.2: nothing is sent again by itself, not even a GET."""
    answers = iter([OK])

    def script(server: ScriptedServer) -> None:
        answer = next(answers, None)
        if answer is None:
            server.cut()
        else:
            server.say(answer)

    scripted(place, server_credential, script)
    client = place.client()
    assert get(place, client, "https://localhost:1/").status == 200
    reason = unanswered(place, client, "https://localhost:1/")
    assert reason.startswith("the connection broke: ")
    assert place.network.connections_made == 1


def test_plaintext_server(place: Bench) -> None:
    """A server that speaks plain HTTP gets no request, only a failed handshake."""
    servers = ScriptedServers(saying(OK))
    place.network.listen_plain("localhost", 1, servers)
    client = place.client()
    waiting = Deferred.fromCoroutine(client.request("GET", "https://localhost:1/"))
    place.network.flush()
    place.network._pumps[0].clientIO.bufferReceived(b"HTTP/1.1 400 Bad\r\n\r\n")
    with pytest.raises(HandshakeRefused, match="TLS: "):
        place.network.run(_awaited(waiting))


async def _awaited(waiting: Deferred[T]) -> T:
    return await waiting


def _silent(_server: ScriptedServer) -> None:
    pass


@pytest.mark.bound("exchange.deadline")
@pytest.mark.parametrize(
    "script",
    [_silent, saying(b"HTTP/1.1 200"), saying(OK[:-1])],
    ids=["nothing", "half the headers", "half the body"],
)
def test_slow_server(
    place: Bench, server_credential: Credential, script: Script
) -> None:
    """The deadline is for the whole answer; then the connection is given up."""
    servers = scripted(place, server_credential, script)
    client = place.client()
    waiting = Deferred.fromCoroutine(client.request("GET", "https://localhost:1/"))
    place.network.flush()
    place.network.reactor.advance(DEADLINE - 1)
    assert not waiting.called
    place.network.reactor.advance(1)
    with pytest.raises(NoAnswer) as error:
        place.network.run(_awaited(waiting))
    assert str(error.value) == "no whole answer within 15 seconds"
    place.network.reactor.advance(CLOSE_DEADLINE)
    place.network.flush()
    assert servers.made[0].ended


def test_deadline_of_ones_own(place: Bench, server_credential: Credential) -> None:
    """A caller may have less time."""
    scripted(place, server_credential, _silent)
    sending = place.client().request("GET", "https://localhost:1/", deadline=0.5)
    waiting = Deferred.fromCoroutine(sending)
    place.network.flush()
    place.network.reactor.advance(0.5)
    with pytest.raises(NoAnswer, match=r"within 0\.5 seconds"):
        place.network.run(_awaited(waiting))


def test_server_that_never_shakes_hands(place: Bench) -> None:
    """The deadline counts from the call, handshake included."""
    place.network.listen_plain("localhost", 1, Factory.forProtocol(Protocol))
    sending = place.client().request("GET", "https://localhost:1/")
    waiting = Deferred.fromCoroutine(sending)
    place.network.flush()
    place.network.reactor.advance(DEADLINE)
    with pytest.raises(NoAnswer, match="within 15 seconds"):
        place.network.run(_awaited(waiting))
    place.network.reactor.advance(CLOSE_DEADLINE)
    place.network.flush()
    assert place.network.reactor.getDelayedCalls() == []


def test_caller_that_gives_up(place: Bench, server_credential: Credential) -> None:
    """Who cancels a request is not told that the server did not answer."""
    servers = scripted(place, server_credential, _silent)
    client = place.client()
    waiting = Deferred.fromCoroutine(client.request("GET", "https://localhost:1/"))
    place.network.flush()
    waiting.cancel()
    with pytest.raises(CancelledError):
        place.network.run(_awaited(waiting))
    place.network.flush()
    assert servers.made[0].ended


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:9444/",
        "ftp://localhost/",
        "localhost/x",
        "//localhost/x",
        "https://",
        "https:///x",
        "https://localhost:port/",
        "https://localhost:70000/",
        "https://l\u00f6calhost/",
        "https://localhost/\u00f6",
        "https://a..b/",
        f"https://{'a' * 64}/",
        "https://localhost:9444/a b",
        "https://localhost:9444/a\r\nX-A: b",
        "https://[::1/",
        "",
    ],
)
def test_not_a_url(place: Bench, url: str) -> None:
    """What is no https URL gets no answer, and no other exception."""
    assert unanswered(place, place.client(), url)
    assert place.requests == []


@pytest.mark.parametrize(
    ("method", "fields"),
    [("GE T", ()), ("GET\r\n", ()), ("G\u00f6T", ()), ("GET", (("a b", "c"),))],
)
def test_not_a_request(
    place: Bench, method: str, fields: tuple[tuple[str, str], ...]
) -> None:
    """Nor does what is no request."""
    sending = place.client().request(method, URL, headers=fields)
    with pytest.raises(NoAnswer):
        place.network.run(sending)
    assert place.requests == []


def test_field_with_a_line_end(place: Bench) -> None:
    """Nobody smuggles a field into another's value."""
    fields = (("X-A", "1\r\nX-B: 2"),)
    place.network.run(place.client().request("GET", URL, headers=fields))
    assert "x-b" not in place.requests[0].headers


# Its end


def test_close(place: Bench) -> None:
    """The kept connections are closed, and no timer is left."""
    client = place.client()
    get(place, client)
    assert place.network.reactor.getDelayedCalls()
    place.network.run(client.close())
    place.network.flush()
    assert place.network.reactor.getDelayedCalls() == []
    get(place, client)
    assert place.network.connections_made == 2


def test_close_where_the_server_does_not_agree(
    place: Bench, server_credential: Credential
) -> None:
    """RFC 8446 section 6.1: a server need not answer the end, and is not waited for."""
    scripted(place, server_credential, saying(OK))
    client = place.client()
    get(place, client, "https://localhost:1/")
    pump = place.network._pumps[0]
    pump.serverIO.bufferReceived = _ignore
    place.network.run(client.close())
    assert place.network.reactor.getDelayedCalls() == []


def test_close_where_the_server_takes_nothing(
    place: Bench, server_credential: Credential
) -> None:
    """A server to which not even our end can be sent is left alone after a while."""
    scripted(place, server_credential, saying(OK))
    client = place.client()
    get(place, client, "https://localhost:1/")
    place.network._pumps[0].clientIO.loseConnection = _ignore
    place.network._pumps[0].serverIO.bufferReceived = _ignore
    closing = Deferred.fromCoroutine(client.close())
    place.network.flush()
    assert len(place.network.reactor.getDelayedCalls()) == 1
    place.network.reactor.advance(CLOSE_DEADLINE)
    place.network.run(_awaited(closing))
    assert place.network.reactor.getDelayedCalls() == []


def test_server_that_went_away_long_ago(place: Bench) -> None:
    """The pool closes what has gone by itself, and no timer is left on it."""
    client = place.client()
    get(place, client)
    place.network.cut([MUTUAL_TLS])
    place.network.reactor.advance(30)
    place.network.flush()
    assert place.network.reactor.getDelayedCalls() == []


def _ignore(*_data: Any) -> None:
    pass


def test_idle_connection(place: Bench) -> None:
    """A connection that nobody uses is closed before the server would."""
    client = place.client()
    get(place, client)
    place.network.reactor.advance(30)
    place.network.flush()
    assert place.network.reactor.getDelayedCalls() == []
    get(place, client)
    assert place.network.connections_made == 2
