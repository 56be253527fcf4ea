"""
Self-signed certificate mutual-TLS client authentication, RFC 8705 section 2.2.

The certificate is one of those the client registered, byte for byte. No chain is
validated: who signed it makes no difference, so one issued by a CA will do as well.
A new certificate over the same key is another certificate, and has to be registered.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from as_node.clients.jwks_cache import JwksCache
from as_node.clients.jwks_uri import JwksUri
from as_node.clients.registry import RegisteredCertificates
from as_node.protocol.errors import InvalidClient
from pki.http.checks import Check
from pki.http.journal import Journal
from pki.malformed import UNREADABLE
from pki.peer import PeerCertificate

REGISTERED_CERTIFICATE = Check(
    "client-auth.registered-certificate",
    "the certificate is one that the client has registered",
    "RFC 8705 section 2.2",
)
CERTIFICATE_DATES = Check(
    "client-auth.certificate-dates",
    "the certificate is within its dates",
    "RFC 8705 section 2.2",
)


class SelfSignedTlsClientAuth:
    """
    The method `self_signed_tls_client_auth`.

    RFC 8705 asks for no check of the dates. With *certificates_may_be_expired* there
    is none; without, a certificate outside its dates authenticates nobody.
    """

    def __init__(
        self,
        jwks_cache: JwksCache,
        *,
        certificates_may_be_expired: bool,
        clock: Callable[[], float],
    ) -> None:
        self._jwks_cache = jwks_cache
        self._certificates_may_be_expired = certificates_may_be_expired
        self._clock = clock

    async def verify(
        self,
        registered: RegisteredCertificates | JwksUri,
        peer: PeerCertificate,
        journal: Journal,
    ) -> None:
        """
        The certificate of this connection is one that the client registered.

        Raises:
            InvalidClient: it is not, or it is outside its dates where that counts.
        """
        if isinstance(registered, JwksUri):
            known = await self._jwks_cache.find(
                registered, peer.x5t_s256, journal.interaction_id
            )
            thumbprints, source = known.thumbprints, str(known)
        else:
            thumbprints, source = registered.thumbprints, "the registered JWK set"
        verify_registered(peer, thumbprints, source, journal)
        if not self._certificates_may_be_expired:
            verify_dates(peer, self._clock())


def verify_registered(
    peer: PeerCertificate, thumbprints: frozenset[str], source: str, journal: Journal
) -> None:
    """
    The whole certificate, by the SHA-256 of its DER, is among the registered ones.

    Raises:
        InvalidClient: it is not; *source* says in the log where they came from.
    """
    expected = ", ".join(sorted(thumbprints)) or "none"
    if peer.x5t_s256 not in thumbprints:
        raise InvalidClient(
            "self_signed_tls_client_auth: the certificate is not registered"
            f" in {source}: expected {expected}, presented {peer.x5t_s256}",
            REGISTERED_CERTIFICATE,
            expected=expected,
            presented=peer.x5t_s256,
        )
    journal.accepted(
        REGISTERED_CERTIFICATE,
        verify_registered,
        says=f"the certificate is registered in {source}",
        expected=expected,
        presented=peer.x5t_s256,
    )


def verify_dates(peer: PeerCertificate, now: float) -> None:
    """
    The certificate is within its dates at *now*, in seconds since the epoch.

    Raises:
        InvalidClient: it is not, or they cannot be read.
    """
    try:
        begin = peer.certificate.not_valid_before_utc
        end = peer.certificate.not_valid_after_utc
    except UNREADABLE as error:
        raise InvalidClient(
            f"self_signed_tls_client_auth: no readable dates: {error}",
            CERTIFICATE_DATES,
        ) from error
    if not begin <= datetime.fromtimestamp(now, UTC) <= end:
        raise InvalidClient(
            "self_signed_tls_client_auth: the certificate is registered, but not valid"
            " today (self_signed_certificates_may_be_expired is off)",
            CERTIFICATE_DATES,
            expected=f"valid at {datetime.fromtimestamp(now, UTC):%FT%TZ}",
            presented=f"valid from {begin:%FT%TZ} to {end:%FT%TZ}",
        )
