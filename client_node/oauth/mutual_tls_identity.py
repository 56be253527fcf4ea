"""How an identity gets its connections: here alone the library meets TLS."""

from collections.abc import Sequence
from typing import Any

from cryptography import x509

from client_node.oauth.requests.identity import Identity
from pki.mtls.client import Endpoint, MutualTLSClient
from pki.mtls.contexts import ClientContext
from pki.observability.witness import Witness
from pki.pem import Credential


def mutual_tls_identity(
    client_id: str,
    credential: Credential | None,
    server_roots: Sequence[x509.Certificate],
    reactor: Any,
    witness: Witness,
    *,
    endpoint: Endpoint | None = None,
) -> Identity:
    """
    An identity with connections of its own.

    Servers are believed on the word of *server_roots* alone. *endpoint* makes the
    way to a host and port; tests give one in memory. That the certificate is the
    one registered for *client_id* is not checked: that is the authorization
    server's to say.
    """
    trace = witness.recording is not None
    context = ClientContext(credential, server_roots, trace=trace)
    http = MutualTLSClient(reactor, context, witness, endpoint=endpoint)
    return Identity(client_id, credential, http)
