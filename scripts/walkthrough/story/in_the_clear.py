"""
What a handshake shows to anybody on the way: RFC 8705 section 8.

Up to TLS 1.2 both certificates cross in the clear, and with them who the client is.
TLS 1.3 encrypts all that follows the ServerHello (RFC 8446 appendix E.1.2).
"""

from collections.abc import Iterator

from scripts.walkthrough.story.story import Certificate, Handshake, Pairs


def in_the_clear(handshake: Handshake) -> Pairs:
    """
    Lines of what is shown, and the very values of this handshake.

    First what TLS 1.2 would have shown, or has, then what TLS 1.3 shows all the same.
    """
    return (*_under_tls_1_2(handshake), *_under_any(handshake))


def _under_tls_1_2(handshake: Handshake) -> Iterator[tuple[str, str]]:
    yield from _shown("server certificate", handshake.server_certificate)
    asked = "sent: this listener knows its clients by certificate"
    requested = handshake.certificate_requested
    yield "CertificateRequest", asked if requested else "not sent"
    if handshake.client_certificate is not None:
        yield from _shown("client certificate", handshake.client_certificate)
    for each in handshake.client_sent_after:
        yield "sent along by the client", each.subject


def _shown(whose: str, certificate: Certificate) -> Iterator[tuple[str, str]]:
    yield f"{whose}: subject", certificate.subject
    yield f"{whose}: issuer", certificate.issuer
    if certificate.alternative_names:
        yield f"{whose}: names", ", ".join(certificate.alternative_names)
    serial = dict(certificate.fields).get("serial number", "")
    if serial:
        yield f"{whose}: serial number", serial
    yield f"{whose}: x5t#S256", certificate.x5t_s256


def _under_any(handshake: Handshake) -> Iterator[tuple[str, str]]:
    name = handshake.server_name or "none was asked for"
    yield "even in TLS 1.3: server name (SNI)", name
    offered = handshake.alpn or "none was agreed on"
    yield "even in TLS 1.3: protocols offered (ALPN), among them", offered
    yield "even in TLS 1.3: cipher suite chosen", handshake.cipher_suite
    yield (
        "even in TLS 1.3: the rest",
        (
            "addresses and ports of both, cipher suites and groups offered, lengths "
            "and times of all that is sent"
        ),
    )
