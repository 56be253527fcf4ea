"""
Whether a CA took a certificate back, RFC 5280 section 5.

The lists are handed in: a URL in a certificate is never followed. (CVE-2023-28857 was
fetched from an attacker's.)
"""

from collections.abc import Sequence
from itertools import pairwise

from cryptography import x509

from pki.chain.crl_file import RevocationList, RevocationLists
from pki.extensions import find_extension
from pki.names import distinguished_name_match, from_x509


class RevocationRefused(Exception):
    """Revoked, or not known not to be; the text says by which list and why."""


def verify_not_revoked(
    path: Sequence[x509.Certificate], known: RevocationLists, now: float
) -> float:
    """
    Verify that no certificate of *path* is revoked: there is a current list of each
    CA on it, and what that CA issued is not listed.

    *path* has the leaf first and the root last, at least these two, and is taken as
    verified. The root itself is on no list: it is trusted because it is configured.

    Returns the time from which newer lists are needed; it and *now* are seconds
    since the epoch.

    Raises:
        RevocationRefused: revoked, or a list is missing, forged, stale or unusable.
    """
    if known.problem:
        raise RevocationRefused(known.problem)
    return min(_verify_unlisted(c, ca, known, now) for c, ca in pairwise(path))


def _verify_unlisted(
    certificate: x509.Certificate,
    ca: x509.Certificate,
    known: RevocationLists,
    now: float,
) -> float:
    name = f"CRL of {from_x509(ca.subject)}"
    signed = _signed_lists(ca, known, name)
    # In any of them: an older list left in the file never has the better news.
    if any(certificate.serial_number in each.serials for each in signed):
        raise RevocationRefused(
            f"certificate {from_x509(certificate.subject)}: revoked,"
            f" serial 0x{certificate.serial_number:x}, by {name}"
        )
    latest = max(signed, key=lambda each: each.this_update)
    _verify_usable(latest, name, now)
    return latest.next_update


def _signed_lists(
    ca: x509.Certificate, known: RevocationLists, name: str
) -> list[RevocationList]:
    """
    The lists that this CA signed, at least one, and none of its name that is broken.

    What cannot be read may be the news that something is revoked.
    """
    subject = ca.subject.public_bytes()
    if broken := [each.problem for each in known.broken if each.issuer == subject]:
        raise RevocationRefused(f"{name}: {'; '.join(broken)}")
    named = [each for each in known.lists if _is_of(ca, each)]
    if not named:
        lost = [each.problem for each in known.broken if not each.issuer]
        perhaps = f" (perhaps: {'; '.join(lost)})" if lost else ""
        raise RevocationRefused(f"{name}: there is none{perhaps}")
    if not _may_sign_crls(ca):
        raise RevocationRefused(f"{name}: expected keyUsage cRLSign in that CA")
    signed = [each for each in named if each.is_signed_by(ca)]
    if not signed:
        raise RevocationRefused(f"{name}: not signed with that CA's key")
    return signed


def _is_of(ca: x509.Certificate, each: RevocationList) -> bool:
    """
    Whether a list bears the name of this CA, in whatever string types and case: RFC
    5280 section 7.1. Whose it is, the signature says.
    """
    if each.issuer == ca.subject:
        return True
    return distinguished_name_match(from_x509(each.issuer), from_x509(ca.subject))


def _may_sign_crls(ca: x509.Certificate) -> bool:
    """RFC 5280 section 6.3.3 (f): cRLSign, where the CA has a keyUsage at all."""
    usage = find_extension(ca, x509.KeyUsage)
    return usage is None or usage.crl_sign


def _verify_usable(latest: RevocationList, name: str, now: float) -> None:
    if latest.fault:
        raise RevocationRefused(f"{name}: cannot be used: {latest.fault}")
    if now < latest.this_update:
        begin = latest.crl.last_update_utc
        raise RevocationRefused(f"{name}: not valid before {begin:%FT%TZ}")
    if now >= latest.next_update:
        end = latest.crl.next_update_utc
        raise RevocationRefused(f"{name}: stale since {end:%FT%TZ}")
