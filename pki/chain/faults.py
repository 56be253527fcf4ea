"""
What is visibly wrong with a chain that was refused, in words for the operator's log.

Called after the refusal and unable to undo it: issuers are followed by name, and no
signature is checked, so finding nothing means nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from cryptography import x509


def find_faults(
    leaf: x509.Certificate,
    sent_after: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    moment: datetime,
) -> Iterator[str]:
    """
    From the leaf upwards to a root, or to the first gap.

    Raises:
        one of UNREADABLE: a certificate has a name or a date that cannot be read.
    """
    known = {each.subject: each for each in (*sent_after, *roots)}
    certificate = leaf
    while True:
        yield from _find_date_faults(certificate, moment)
        if certificate in roots:
            return
        name = certificate.subject.rfc4514_string()
        if certificate.issuer == certificate.subject:
            yield f"{name}: self-signed, and not one of the client roots"
            return
        # Taken out, for names can lead round in a circle.
        issuer = known.pop(certificate.issuer, None)
        if issuer is None:
            yield (
                f"{name}: its issuer {certificate.issuer.rfc4514_string()} was not sent"
                " and is not one of the client roots: a missing intermediate, or an"
                " unknown CA"
            )
            return
        certificate = issuer


def _find_date_faults(certificate: x509.Certificate, moment: datetime) -> Iterator[str]:
    name = certificate.subject.rfc4514_string()
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if moment < begin:
        yield f"{name}: not valid before {begin:%FT%TZ}"
    if moment > end:
        yield f"{name}: expired at {end:%FT%TZ}"
