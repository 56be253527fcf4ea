"""What handlers are told of a connection, made once when its handshake is over."""

from typing import Any

from pki.chain.cost import TooCostly, verify_peer_cost
from pki.http.messages import Connection
from pki.mtls.handshakes import address_text, peer_certificate


def facts_of(
    transport: Any, number: int, *, certificate_requested: bool
) -> tuple[Connection, str]:
    """
    The facts, and why no request is heard over this connection, or nothing.

    A peer whose certificates cost too much to look at is told of as one without.
    """
    tls = transport.getHandle()
    peer, too_costly = peer_certificate(tls), ""
    try:
        if peer is not None:
            verify_peer_cost(peer)
    except TooCostly as error:
        peer, too_costly = None, f"what the client sent: {error}"
    connection = Connection(
        number=number,
        client_address=address_text(transport.getPeer()),
        tls_version=tls.get_protocol_version_name(),
        certificate_requested=certificate_requested,
        peer=peer,
        local_port=transport.getHost().port,
    )
    return connection, too_costly
