"""What the other end of a connection proved about itself."""

from dataclasses import dataclass
from functools import cached_property

from cryptography import x509

from pki import names
from pki.malformed import UNREADABLE
from pki.thumbprint import x5t_s256
from pki.unreadable_parts import reason


class UnreadableCertificate(ValueError):
    """OpenSSL let a certificate pass that `cryptography` cannot parse."""


@dataclass(frozen=True, eq=False)
class PeerCertificate:
    """
    The certificate whose private key signed the handshake of one connection.

    A client that connects again with the same octets is the same object, as long as it
    is remembered, so what is derived from it is derived once: each property below is
    computed at its first use and then kept. That this connection's peer holds the key
    was proved by its own handshake all the same.

    *der* is the leaf, in DER. *sent_after* are the certificates the peer sent
    after its leaf, in DER and in its order: nothing proves that the peer has
    anything to do with them, so they may help to build a path and never identify
    (CVE-2023-2422 compared the registered subject with each of them).

    Nothing here says that the certificate is trusted, or even valid today.
    """

    der: bytes
    sent_after: tuple[bytes, ...] = ()

    @cached_property
    def x5t_s256(self) -> str:
        """Its thumbprint, RFC 8705 section 3.1."""
        return x5t_s256(self.der)

    @cached_property
    def certificate(self) -> x509.Certificate:
        """
        The leaf, parsed.

        As far as `cryptography` parses at once: its fields are read at their first
        use, and that may raise one of `pki.malformed.UNREADABLE` as well.

        Raises:
            UnreadableCertificate: `cryptography` refuses to parse it.
        """
        return _parsed(self.der)

    @cached_property
    def subject(self) -> str:
        """
        Its subject as an RFC 4514 string, for logs; never for comparison.

        Written by `pki.names` and not by `cryptography`, whose text has the line
        ends of the subject in it: anyone could write lines into a log.
        """
        try:
            return str(names.from_x509(self.certificate.subject))
        except UNREADABLE as error:
            return f"(unreadable: {self.reason(error)})"

    def reason(self, error: Exception) -> str:
        """Why a part of the leaf could not be read: the part, if it can be told."""
        if isinstance(error, UnreadableCertificate):
            return str(error)
        return reason(self.certificate, error)

    @cached_property
    def intermediates(self) -> tuple[x509.Certificate, ...]:
        """
        The certificates sent after the leaf, parsed.

        Raises:
            UnreadableCertificate: `cryptography` refuses to parse one.
        """
        return tuple(_parsed(der) for der in self.sent_after)


def _parsed(der: bytes) -> x509.Certificate:
    try:
        return x509.load_der_x509_certificate(der)
    except UNREADABLE as error:
        raise UnreadableCertificate(f"not a readable certificate: {error}") from error
