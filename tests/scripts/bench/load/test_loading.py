"""Who is asked next, and what becomes of a server that fails."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pki import pem
from pki.issuing import authority, profiles
from scripts.bench.load.callers import Once, Repeating
from scripts.bench.load.loading import Loading
from scripts.bench.load.tls import Door, context

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
FULL = b"HTTP/1.1 503 Full\r\nContent-Length: 0\r\n\r\n"


@dataclass
class Server:
    """Notes the paths it is asked for, and how many connections there were."""

    port: int
    paths: list[str] = field(default_factory=list)
    connections: int = 0


def _answered(server: Server, connection: ssl.SSLSocket) -> None:
    with connection:
        while request := connection.recv(65536):
            path = request.split(b" ")[1].decode()
            server.paths.append(path)
            connection.sendall(FULL if path == "/full" else OK)


def _serve(server: Server, listener: socket.socket, tls: ssl.SSLContext) -> None:
    """One connection beside the others, until the listener is shut down."""
    answering = []
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break  # the test is over
        server.connections += 1
        wrapped = tls.wrap_socket(
            connection, server_side=True, do_handshake_on_connect=False
        )
        thread = threading.Thread(target=_answered, args=(server, wrapped))
        thread.start()
        answering.append(thread)
    for thread in answering:
        thread.join()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """One that runs, on a port of its own."""
    root = authority.server_root(
        profiles.subject("root", "Test"), ["localhost"], now=time.time(), days=2
    )
    issued = root.issue_server(
        profiles.subject("server", "Test"), ["localhost"], now=time.time(), days=1
    )
    (tmp_path / "chain.pem").write_bytes(pem.certificates_to_pem(issued.chain))
    (tmp_path / "key.pem").write_bytes(pem.private_key_to_pem(issued.private_key))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(tmp_path / "chain.pem", tmp_path / "key.pem")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(listener.getsockname()[1])
        serving = threading.Thread(target=_serve, args=(server, listener, tls))
        serving.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
        serving.join()


def request(path: str) -> bytes:
    """A GET."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def test_each_is_seen_again_after_all_others(server: Server) -> None:
    """Three callers with two requests each are a rotation of six."""
    door = Door(server.port, context(None))
    callers = [
        Once(door, [request(f"/{name}{n}") for n in (1, 2)] * 2) for name in "abc"
    ]
    loading = Loading(callers, 1)
    loading.open()
    measured = loading.run(60)
    loading.close()
    assert (measured.done, measured.failures) == (12, [])
    assert server.paths == ["/a1", "/b1", "/c1", "/a2", "/b2", "/c2"] * 2
    assert server.connections == 3


def test_a_connection_for_each_piece_of_work(server: Server) -> None:
    """The same caller, six times."""
    door = Door(server.port, context(None))
    loading = Loading([Once(door, [request("/")] * 6)], 1, anew=True)
    measured = loading.run(60)
    loading.close()
    assert (measured.done, server.connections) == (6, 6)


def test_another_status_is_a_failure(server: Server) -> None:
    """It is counted, and is none of the work that was done."""
    door = Door(server.port, context(None))
    loading = Loading([Once(door, [request("/full"), request("/")])], 1)
    measured = loading.run(60)
    loading.close()
    assert measured.done == 1
    assert measured.failures == ["503: b''"]


def test_nobody_there() -> None:
    """It ends at once, and says why."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        door = Door(taken.getsockname()[1], context(None))
        loading = Loading([Repeating(door, [request("/")])], 1)
        measured = loading.run(60)
        loading.close()
    assert measured.done == 0
    assert measured.failures
    assert measured.failures[0].startswith("connect: ")
