"""Listeners on loopback ports that the system chooses."""

import socket
from collections.abc import Awaitable
from typing import Any

from twisted.internet.defer import maybeDeferred

from pki.http.routes import Routes
from pki.mtls.contexts import ServerContext
from pki.mtls.server import Listener
from pki.mtls.wire_tap import over_tls
from pki.observability.witness import Witness
from pki.pem import Credential


class Door:
    """
    A port that is taken and not served yet, so that *origin* can be told before.

    An authorization server has to know its issuer before it can answer.
    """

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.settimeout(0)  # as the reactor wants it
        self._port: Any = None

    @property
    def origin(self) -> str:
        """Its URL, under the name that the deployment's certificates have."""
        return f"https://localhost:{self._socket.getsockname()[1]}"

    def serve(self, context: ServerContext, listener: Listener) -> None:
        """Answer here from now on."""
        self._port = self._reactor.adoptStreamPort(
            self._socket.fileno(),
            socket.AF_INET,
            over_tls(listener, context, self._reactor),
        )

    async def close(self) -> None:
        """Free the port."""
        self._socket.close()
        if self._port is not None:
            stopping: Awaitable[object] = maybeDeferred(self._port.stopListening)
            await stopping


def answer_at(
    door: Door,
    reactor: Any,
    witness: Witness,
    credential: Credential,
    routes: Routes,
    *,
    request_certificate: bool,
) -> None:
    """Serve *routes* at *door*, recorded by *witness* like any node."""
    trace = witness.recording is not None
    context = ServerContext(
        credential, request_certificate=request_certificate, trace=trace
    )
    listener = Listener(
        reactor, witness, routes.answer, request_certificate=request_certificate
    )
    door.serve(context, listener)
