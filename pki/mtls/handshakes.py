"""The facts of one completed handshake."""

from functools import lru_cache
from typing import Protocol

from cryptography.hazmat.primitives.serialization import Encoding
from OpenSSL import SSL
from OpenSSL.crypto import FILETYPE_ASN1, dump_certificate

from pki.mtls.contexts import handshake_messages
from pki.observability.recording import der_to_record
from pki.peer import PeerCertificate


class Address(Protocol):
    """An IPv4 or IPv6 address of Twisted's."""

    host: str
    port: int


def peer_certificate(tls: SSL.Connection) -> PeerCertificate | None:
    """
    The certificate the other end proved in this handshake, if it sent one.

    From this connection's TLS layer and nowhere else (RFC 8705 section 3). Whether
    anybody vouches for it is not checked.
    """
    leaf = tls.get_peer_certificate()
    if leaf is None:
        return None
    der = dump_certificate(FILETYPE_ASN1, leaf)
    # At the client OpenSSL's chain begins with the leaf, at the server it does not.
    chain = tls.get_peer_cert_chain() or ()
    sent = tuple(dump_certificate(FILETYPE_ASN1, each) for each in chain)
    sent_after = sent[1:] if sent[:1] == (der,) else sent
    if sum(map(len, (der, *sent_after))) > _LARGEST_KEPT:
        return PeerCertificate(der, sent_after)
    return _kept(der, sent_after)


_MOST_KEPT = 1024
_LARGEST_KEPT = 8192
"""
Certificates that are kept, in number and in bytes: enough for a bank's clients at one
time with two intermediates each, and eight megabytes for whoever sends others.
"""


@lru_cache(maxsize=_MOST_KEPT)
def _kept(der: bytes, sent_after: tuple[bytes, ...]) -> PeerCertificate:
    """The same octets are the same object, with all that was worked out from them."""
    return PeerCertificate(der, sent_after)


def handshake_to_record(tls: SSL.Connection) -> dict[str, object]:
    """The members of a `handshake` event, all read from OpenSSL."""
    peer = peer_certificate(tls)
    own = tls.get_certificate(as_cryptography=True)
    server_name = tls.get_servername()
    messages = handshake_messages(tls)
    return {
        "tls_version": tls.get_protocol_version_name(),
        "cipher_suite": tls.get_cipher_name(),
        "group": tls.get_group_name(),
        "alpn": tls.get_alpn_proto_negotiated().decode("ascii"),
        "server_name": None if server_name is None else _text(server_name),
        "messages": messages,
        "certificate_requested": any("certificate request" in m for m in messages),
        "own_certificate": None
        if own is None
        else der_to_record(own.public_bytes(Encoding.DER)),
        "peer_certificate": None if peer is None else der_to_record(peer.der),
        "peer_sent_after": None
        if peer is None
        else [der_to_record(der) for der in peer.sent_after],
        "peer_x5t#S256": None if peer is None else peer.x5t_s256,
    }


def _text(server_name: bytes) -> str:
    """The SNI a peer sent, which OpenSSL passes on whatever octets it holds."""
    return server_name.decode("ascii", "backslashreplace")


def address_text(address: Address) -> str:
    """`127.0.0.1:9443` or `[::1]:9443`."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{host}:{address.port}"
