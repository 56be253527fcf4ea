"""
What a caller connects with: TLS 1.3, one certificate or none, no resumption.

pyOpenSSL and not the standard library's `ssl`, since it is of the same OpenSSL as the
nodes' (a client's part of a handshake costs half as much there), and a handshake must
not cost the generator more than the server.

The server's certificate is not verified: that is work of the generator's that says
nothing about a server. `scripts.bench.contenders.checking` has verified it before.
"""

from dataclasses import dataclass
from pathlib import Path

from OpenSSL import SSL

from pki.mtls.key_exchange import limit_groups


@dataclass(frozen=True, slots=True)
class Door:
    """A port of loopback, and the certificate that is shown there, if any."""

    port: int
    context: SSL.Context


def context(certificate: Path | None, key: Path | None = None) -> SSL.Context:
    """
    For a client with the *certificate* (leaf first, then intermediates) and its *key*.

    Raises:
        SSL.Error: they cannot be read, or do not belong together.
    """
    made = SSL.Context(SSL.TLS_CLIENT_METHOD)
    made.set_min_proto_version(SSL.TLS1_3_VERSION)
    made.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    made.set_verify(SSL.VERIFY_NONE)
    limit_groups(made)
    if certificate is not None:
        made.use_certificate_chain_file(str(certificate))
        made.use_privatekey_file(str(key))
    return made
