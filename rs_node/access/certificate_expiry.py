"""
A switch that RFC 8705 is silent about: refuse an expired client certificate.

Off as shipped. RFC 8705 section 6.2 relies on the thumbprint alone: the
authorization server has judged the certificate when it issued the token, and the
token's own life, minutes, bounds what may have changed since.
"""

from datetime import UTC, datetime

from pki.http.journal import Journal
from pki.malformed import UNREADABLE
from pki.peer import PeerCertificate
from rs_node.access.challenges import InvalidToken

_RULE = "RFC 8705 section 6.2"


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
        raise InvalidToken("no certificate on this connection", rule=_RULE)
    try:
        end = peer.certificate.not_valid_after_utc
    except UNREADABLE as error:
        raise InvalidToken(f"unreadable certificate: {error}", rule=_RULE) from error
    today = datetime.fromtimestamp(now, UTC)
    if today > end:
        raise InvalidToken(
            "the client's certificate has expired, which is refused by configuration",
            rule=_RULE,
            expected=f"not after {end:%Y-%m-%d %H:%M:%S}",
            presented=f"{today:%Y-%m-%d %H:%M:%S}",
        )
    journal.accepted(
        "the client's certificate has not expired",
        verify_certificate_not_expired,
        rule=_RULE,
        expected=f"not after {end:%Y-%m-%d %H:%M:%S}",
        presented=f"{today:%Y-%m-%d %H:%M:%S}",
    )
