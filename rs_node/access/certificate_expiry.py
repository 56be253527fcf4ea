"""
A switch that RFC 8705 is silent about: refuse an expired client certificate.

Off as shipped. RFC 8705 section 6.2 relies on the thumbprint alone: the
authorization server has judged the certificate when it issued the token, and the
token's own life, minutes, bounds what may have changed since.
"""

from datetime import UTC, datetime

from pki.http.checks import Check
from pki.http.journal import Journal
from pki.malformed import UNREADABLE
from pki.peer import PeerCertificate
from rs_node.access.challenges import InvalidToken

NOT_EXPIRED = Check(
    "binding.certificate-not-expired",
    "the client's certificate has not expired",
    "RFC 8705 section 6.2",
)


def verify_certificate_not_expired(
    peer: PeerCertificate | None, now: float, journal: Journal
) -> None:
    """
    The peer's certificate has not ended before *now*, seconds since the epoch.

    Whether it is valid otherwise, or anybody's but the peer's own word, is not
    checked.

    Raises:
        InvalidToken: it has, or cannot be read.
    """
    if peer is None:
        raise InvalidToken("no certificate on this connection", NOT_EXPIRED)
    try:
        end = peer.certificate.not_valid_after_utc
    except UNREADABLE as error:
        raise InvalidToken(f"unreadable certificate: {error}", NOT_EXPIRED) from error
    today = datetime.fromtimestamp(now, UTC)
    if today > end:
        raise InvalidToken(
            "the client's certificate has expired, which is refused by configuration",
            NOT_EXPIRED,
            expected=f"not after {end:%Y-%m-%d %H:%M:%S}",
            presented=f"{today:%Y-%m-%d %H:%M:%S}",
        )
    journal.accepted(
        NOT_EXPIRED,
        verify_certificate_not_expired,
        expected=f"not after {end:%Y-%m-%d %H:%M:%S}",
        presented=f"{today:%Y-%m-%d %H:%M:%S}",
    )
