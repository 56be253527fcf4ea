"""One TLS connection on its own socket, for a loop that waits for many."""

import socket
from contextlib import suppress

from OpenSSL import SSL

from scripts.bench.load.answers import Answer, whole
from scripts.bench.load.tls import Door

_HOST = "127.0.0.1"
_AT_ONCE = 65536  # octets
_PATIENCE = 5.0  # seconds for TCP's own handshake, which on loopback takes none


class Broken(Exception):
    """The connection is of no use any more; the text says why."""


class Connection:
    """
    A client's connection, which begins with its handshake.

    Raises:
        Broken: nobody listens.
    """

    __slots__ = ("_ready", "_received", "_tls", "_to_send", "number", "socket")

    def __init__(self, door: Door) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.socket.settimeout(_PATIENCE)
        try:
            self.socket.connect((_HOST, door.port))
        except OSError as problem:
            self.socket.close()
            raise Broken(f"connect: {problem}") from problem
        self.socket.settimeout(0)  # it never waits
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number = self.socket.fileno()
        self._tls = SSL.Connection(door.context, self.socket)
        self._tls.set_connect_state()
        self._ready = False
        self._to_send = b""
        self._received = b""
        self._shake_hands()

    @property
    def is_ready(self) -> bool:
        """Whether the handshake is over."""
        return self._ready

    def send(self, octets: bytes) -> None:
        """
        Send a request, as soon as the handshake is over.

        It has to be so short that the socket takes it as a whole.

        Raises:
            Broken: it cannot be sent.
        """
        if not self._ready:
            self._to_send = octets
            return
        try:
            self._tls.send(octets)
        except SSL.Error as problem:
            raise Broken(f"send: {problem!r}") from problem

    def go_on(self) -> Answer | None:
        """
        What has come in: a whole answer, or None as long as there is none.

        Raises:
            Broken: the connection ended, or what came is no HTTP.
        """
        if not self._ready:
            self._shake_hands()
            if not self._ready:
                return None
        try:
            while True:
                self._received += self._tls.recv(_AT_ONCE)
                answer = whole(self._received)
                if answer is not None:
                    self._received = b""
                    return answer
        except SSL.WantReadError:
            return None
        except (SSL.Error, ValueError) as problem:
            raise Broken(f"receive: {problem!r}") from problem

    def close(self) -> None:
        """Say goodbye, and go."""
        if self._ready:
            with suppress(SSL.Error):
                self._tls.shutdown()
        self.socket.close()

    def _shake_hands(self) -> None:
        try:
            self._tls.do_handshake()
        except SSL.WantReadError:
            return
        except SSL.Error as problem:
            raise Broken(f"handshake: {problem!r}") from problem
        self._ready = True
        if self._to_send:
            to_send, self._to_send = self._to_send, b""
            self.send(to_send)
