"""
What is visibly wrong with a chain that was refused, in words for the operator's log.

Called after the refusal and unable to undo it: issuers are followed by name, and no
signature is checked, so finding nothing means nothing.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from cryptography import x509

from pki.chain.client_policy import find_usage_fault
from pki.names import from_x509

# What cryptography 50 puts around the words that matter, to no one's profit.
_AROUND_THE_WORDS = re.compile(
    r"^validation failed: |candidates exhausted: |fatal error: "
    r"|all candidates exhausted with no interior errors"
    r"|Python extension validator failed: ValueError: "
    r"| \(encountered processing <Certificate\(.*",
    re.DOTALL,
)


def find_faults(
    leaf: x509.Certificate,
    sent_after: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    moment: datetime,
) -> Iterator[str]:
    """
    What the leaf is not for, then from it upwards to a root, or to the first gap.

    Raises:
        one of UNREADABLE: a certificate has a name, a date or an extension that
            cannot be read.
    """
    yield from _find_purpose_faults(leaf)
    known = {each.subject: each for each in (*sent_after, *roots)}
    certificate = leaf
    while True:
        yield from _find_date_faults(certificate, moment)
        if certificate in roots:
            return
        name = from_x509(certificate.subject)
        if certificate.issuer == certificate.subject:
            yield f"{name}: self-signed, and not one of the client roots"
            return
        # Taken out, for names can lead round in a circle.
        issuer = known.pop(certificate.issuer, None)
        if issuer is None:
            yield (
                f"{name}: its issuer {from_x509(certificate.issuer)} was not sent"
                " and is not one of the client roots: a missing intermediate, or an"
                " unknown CA"
            )
            return
        if not _is_ca(issuer):
            yield f"{name}: its issuer {from_x509(issuer.subject)} is not a CA"
        certificate = issuer


def library_words(error: Exception) -> str:
    """What the library says about a chain, without what it puts around; or nothing."""
    return " ".join(_AROUND_THE_WORDS.sub("", str(error)).split())


def _find_purpose_faults(leaf: x509.Certificate) -> Iterator[str]:
    if leaf.version is not x509.Version.v3:  # which is its fault, and not this
        return
    try:
        usages = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        fault = find_usage_fault(usages)
    except x509.ExtensionNotFound:
        fault = "has no extended key usage, expected clientAuth"
    if fault is not None:
        yield f"{from_x509(leaf.subject)}: {fault}"


def _is_ca(certificate: x509.Certificate) -> bool:
    try:
        constraints = certificate.extensions.get_extension_for_class(
            x509.BasicConstraints
        )
    except x509.ExtensionNotFound:
        return False
    return constraints.value.ca


def _find_date_faults(certificate: x509.Certificate, moment: datetime) -> Iterator[str]:
    name = from_x509(certificate.subject)
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if moment < begin:
        yield f"{name}: not valid before {begin:%FT%TZ}"
    if moment > end:
        yield f"{name}: expired at {end:%FT%TZ}"
