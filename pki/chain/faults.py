"""
What is visibly wrong with a chain that was refused, in words for the operator's log.

Called after the refusal and unable to undo it: issuers are followed by name, and no
signature is checked, so finding nothing means nothing.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from cryptography import x509

from pki.chain.ca_faults import ca_faults
from pki.chain.client_policy import find_usage_fault
from pki.chain.limits import MOST_INTERMEDIATES
from pki.extensions import find_extension
from pki.names import distinguished_name_match, from_x509

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
    known = [*roots, *sent_after]
    certificate, intermediates = leaf, -1
    while True:
        yield from _find_date_faults(certificate, moment)
        if certificate in roots:
            if intermediates > MOST_INTERMEDIATES:
                yield (
                    f"{intermediates} intermediates between the leaf and its root,"
                    f" expected at most {MOST_INTERMEDIATES}"
                )
            return
        intermediates += 1
        name = from_x509(certificate.subject)
        if certificate.issuer == certificate.subject:
            yield f"{name}: self-signed, and not one of the client roots"
            return
        # Taken out, for names can lead round in a circle.
        issuer = _find_issuer(certificate, known)
        if issuer is None:
            yield (
                f"{name}: its issuer {from_x509(certificate.issuer)} was not sent"
                " and is not one of the client roots: a missing intermediate, or an"
                " unknown CA"
            )
            return
        known.remove(issuer)
        yield from _find_issuer_faults(certificate, issuer)
        certificate = issuer


def _find_issuer(
    certificate: x509.Certificate, known: Sequence[x509.Certificate]
) -> x509.Certificate | None:
    """By its name as it is written; else by the same name in another spelling."""
    asked = certificate.issuer.public_bytes()
    for each in known:
        if each.subject.public_bytes() == asked:
            return each
    name = from_x509(certificate.issuer)
    for each in known:
        if each.subject == certificate.issuer or distinguished_name_match(
            from_x509(each.subject), name
        ):
            return each
    return None


def _find_issuer_faults(
    certificate: x509.Certificate, issuer: x509.Certificate
) -> Iterator[str]:
    """
    That it is no CA for clients; and that its name has other octets than it is called
    by, which RFC 5280 section 7.1 takes for the same name and our library does not.
    """
    name, ca = from_x509(certificate.subject), from_x509(issuer.subject)
    called = from_x509(certificate.issuer)
    if certificate.issuer.public_bytes() != issuer.subject.public_bytes():
        yield (
            f"{name}: it calls its issuer {called}, which calls itself {ca}: the same"
            " name, but in another case, spacing or string type (RFC 5280 section 7.1),"
            " and a path is built only where the octets are the same"
        )
    if not _is_ca(issuer):
        yield f"{name}: its issuer {ca} is not a CA"
        return
    yield from (f"{name}: its issuer {ca}: {fault}" for fault in ca_faults(issuer))


def library_words(error: Exception) -> str:
    """What the library says about a chain, without what it puts around; or nothing."""
    return " ".join(_AROUND_THE_WORDS.sub("", str(error)).split())


def _find_purpose_faults(leaf: x509.Certificate) -> Iterator[str]:
    if leaf.version is not x509.Version.v3:  # which is its fault, and not this
        return
    usages = find_extension(leaf, x509.ExtendedKeyUsage)
    fault: str | None = "has no extended key usage, expected clientAuth"
    if usages is not None:
        fault = find_usage_fault(usages)
    if fault is not None:
        yield f"{from_x509(leaf.subject)}: {fault}"


def _is_ca(certificate: x509.Certificate) -> bool:
    constraints = find_extension(certificate, x509.BasicConstraints)
    return constraints is not None and constraints.ca


def _find_date_faults(certificate: x509.Certificate, moment: datetime) -> Iterator[str]:
    name = from_x509(certificate.subject)
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if moment < begin:
        yield f"{name}: not valid before {begin:%FT%TZ}"
    if moment > end:
        yield f"{name}: expired at {end:%FT%TZ}"
