"""
What either end asks of a handshake.

Two servers' contexts, one that requests a certificate and one that does not, and
one client's. All three: TLS 1.2 with BCP 195 suites and TLS 1.3, no renegotiation,
no resumption, HTTP/1.1 only (over HTTP/2 Twisted 26.10 has no transport on the
request, and the peer certificate is lost with it).

On resumption the verify callback does not run and the peer's chain is gone, so what
a connection recorded of its peer would be missing or stale; nginx and httpd had CVEs
of that kind in 2025. `OP_NO_TICKET` alone or the session cache alone does not stop
it: both are needed (measured with OpenSSL 4.0.3).
"""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

from cryptography import x509
from OpenSSL import SSL, crypto
from twisted.internet.abstract import isIPAddress, isIPv6Address
from twisted.internet.interfaces import (
    IOpenSSLClientConnectionCreator,
    IOpenSSLServerConnectionCreator,
)
from twisted.protocols.tls import TLSMemoryBIOProtocol
from zope.interface import implementer

from pki.mtls.any_certificate import let_any_certificate_pass
from pki.mtls.key_exchange import limit_groups
from pki.mtls.own_certificate import present
from pki.mtls.server_names import find_name_fault
from pki.mtls.session_secrets import keep_session_secrets
from pki.pem import Credential

HTTP_1_1 = b"http/1.1"

# RFC 9325 section 4.2: the suites recommended for TLS 1.2, all AEAD with ECDHE, and
# with Mozilla's "intermediate" those for peers without AES in hardware.
_TLS_1_2_SUITES = b":".join(
    (
        b"ECDHE-ECDSA-AES128-GCM-SHA256",
        b"ECDHE-RSA-AES128-GCM-SHA256",
        b"ECDHE-ECDSA-AES256-GCM-SHA384",
        b"ECDHE-RSA-AES256-GCM-SHA384",
        b"ECDHE-ECDSA-CHACHA20-POLY1305",
        b"ECDHE-RSA-CHACHA20-POLY1305",
    )
)

# OpenSSL's x509_vfy.h; pyOpenSSL has the numbers and no public text for them.
_VERIFY_ERRORS = {
    9: "it is not yet valid",
    10: "it has expired",
    18: "it is self-signed and not one of the trusted roots",
    19: "its root is not one of the trusted roots",
    20: "its issuer is not known",
    21: "its issuer is not known",
    26: "it is not for a server (extended key usage)",
    47: "its name lies outside what its issuer may certify (name constraints)",
}


# What a traced handshake consisted of: OpenSSL's names of its states, one a message.
# Beside the connection and not in its app data, which is Twisted's.
_messages: WeakKeyDictionary[SSL.Connection, list[str]] = WeakKeyDictionary()


def handshake_messages(connection: SSL.Connection) -> list[str]:
    """The messages of a handshake in order; none where its context does not trace."""
    return _messages.get(connection, [])


@implementer(IOpenSSLServerConnectionCreator)
class ServerContext:
    """
    A listener's end of the handshake.

    With *request_certificate* every handshake requests a certificate and passes
    whatever comes: none, self-signed, expired, of an unknown CA; but not what costs
    too much to look at (`pki.mtls.any_certificate`). RFC 8705 section 6.1: one token
    endpoint serves PKI, self-signed and public clients, so the verdict is the
    application's, and a refusal a readable OAuth error. OpenSSL's own verdict is
    worthless after this (it reads "ok" whatever came); nobody may look at it.

    Without it no CertificateRequest is sent, so that a browser shows no dialog
    (RFC 8705 section 5), and there is never a peer certificate.
    """

    def __init__(
        self, credential: Credential, *, request_certificate: bool, trace: bool = False
    ) -> None:
        self.request_certificate = request_certificate
        self._context = _context(SSL.TLS_SERVER_METHOD, credential, trace=trace)
        self._context.set_alpn_select_callback(_choose_http_1_1)
        if request_certificate:
            # The CA list of the request stays empty: a list would make browsers
            # and Java withhold certificates of other CAs, self-signed ones first.
            let_any_certificate_pass(self._context)
        if trace:
            keep_session_secrets(self._context)

    def serverConnectionForTLS(self, protocol: TLSMemoryBIOProtocol) -> SSL.Connection:
        """A fresh server side for one connection."""
        return SSL.Connection(self._context)


class ClientContext:
    """
    One identity's end of the handshake, whoever the server is.

    *credential* is `None` for a client without a certificate. Servers are believed
    on the word of *server_roots* alone, never of the system's store.
    """

    def __init__(
        self,
        credential: Credential | None,
        server_roots: Sequence[x509.Certificate],
        *,
        trace: bool = False,
    ) -> None:
        self.openssl = _context(SSL.TLS_CLIENT_METHOD, credential, trace=trace)
        self.openssl.set_alpn_protos([HTTP_1_1])
        store = self.openssl.get_cert_store()
        assert store is not None  # noqa: S101 - a new context has one
        for root in server_roots:
            store.add_cert(crypto.X509.from_cryptography(root))


@implementer(IOpenSSLClientConnectionCreator)
class ClientConnections:
    """
    A client's handshakes with one server, known by its *host* name or address.

    The chain is OpenSSL's to verify. The name is checked by `server_names`, and fails
    closed: Twisted 26.10's own check lets a certificate without subjectAltName pass for
    any host name, because service-identity raises another exception then.

    Raises:
        ValueError: *host* cannot be the name of a host.
    """

    def __init__(self, context: ClientContext, host: str) -> None:
        self._context = context
        self._host = host
        self._is_address = isIPAddress(host) or isIPv6Address(host)
        self._server_name = None if self._is_address else _server_name(host)
        self.problem = ""

    def clientConnectionForTLS(self, protocol: TLSMemoryBIOProtocol) -> SSL.Connection:
        """A fresh client side for one connection."""
        connection = SSL.Connection(self._context.openssl)
        if self._server_name is not None:
            connection.set_tlsext_host_name(self._server_name)
        connection.set_verify(SSL.VERIFY_PEER, self._verify)
        return connection

    def _verify(
        self,
        connection: SSL.Connection,
        certificate: crypto.X509,
        error: int,
        depth: int,
        chain_holds: int,
    ) -> bool:
        """OpenSSL's verdict for each certificate of the chain, and ours at the leaf."""
        if not chain_holds:
            reason = _VERIFY_ERRORS.get(error, f"OpenSSL's verify error {error}")
            self.problem = f"the server's certificate is not believed: {reason}"
            return False
        return depth > 0 or self._is_named(certificate.to_cryptography())

    def _is_named(self, certificate: x509.Certificate) -> bool:
        """RFC 9525: the certificate names the host that was asked for."""
        fault = find_name_fault(certificate, self._host, is_address=self._is_address)
        if fault:
            self.problem = f"the server's certificate is not for {self._host}: {fault}"
        return not fault


def _server_name(host: str) -> bytes:
    """RFC 6066 section 3: what SNI says, which is never an address."""
    try:
        return host.encode("idna")
    except UnicodeError as error:
        raise ValueError(f"not the name of a host: {host!r}") from error


def _context(method: int, credential: Credential | None, *, trace: bool) -> SSL.Context:
    context = SSL.Context(method)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_cipher_list(_TLS_1_2_SUITES)
    limit_groups(context)
    context.set_options(
        SSL.OP_NO_RENEGOTIATION
        | SSL.OP_NO_TICKET
        | SSL.OP_NO_COMPRESSION
        | SSL.OP_CIPHER_SERVER_PREFERENCE
    )
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    if credential is not None:
        present(context, credential)
    if trace:
        context.set_info_callback(_note_message)
    return context


def _choose_http_1_1(_connection: SSL.Connection, offered: list[bytes]) -> bytes:
    """
    RFC 7301 section 3.2: who offers other protocols only is refused by an alert.

    pyOpenSSL sends that alert for an exception; with its NO_OVERLAPPING_PROTOCOLS the
    handshake goes on without a protocol.
    """
    if HTTP_1_1 not in offered:
        named = ", ".join(each.decode("latin-1") for each in offered)
        reason = f"no common application protocol: expected http/1.1, offered {named}"
        raise SSL.Error([("", "", reason)])
    return HTTP_1_1


def _note_message(connection: SSL.Connection, where: int, _result: int) -> None:
    if where & SSL.SSL_CB_LOOP:
        message = connection.get_state_string().decode("ascii")
        _messages.setdefault(connection, []).append(message)
