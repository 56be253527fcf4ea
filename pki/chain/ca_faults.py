"""
What keeps a certificate from vouching for clients, in words: for a root at the start of
a node, and for an issuer in a chain that was refused.

What is asked of it is asked by `client_policy` and the library; here it is only told.
"""

from collections.abc import Iterable, Iterator

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from pki.chain.client_policy import find_key_fault, find_usage_fault
from pki.extensions import find_extension
from pki.malformed import UNREADABLE
from pki.names import from_x509
from pki.unreadable_parts import unreadable_parts


def root_complaints(roots: Iterable[x509.Certificate]) -> Iterator[str]:
    """Of each root whose clients will all be refused, why."""
    for root in roots:
        try:
            name = str(from_x509(root.subject))
            for fault in ca_faults(root):
                yield f"client root {name}: it vouches for nobody: {fault}"
        except UNREADABLE:
            for part in unreadable_parts(root):
                yield f"a client root: it vouches for nobody: {part}"


def ca_faults(certificate: x509.Certificate) -> Iterator[str]:
    """
    Why it is no CA for clients; its dates and its issuer are not looked at.

    Raises:
        one of UNREADABLE: an extension that is asked for cannot be read.
    """
    if certificate.version is not x509.Version.v3:
        yield "expected version 3, has version 1, which has no basicConstraints"
        return
    constraints = find_extension(certificate, x509.BasicConstraints)
    if constraints is None:
        yield "basicConstraints (2.5.29.19) is missing"
    elif not constraints.ca:
        yield "basicConstraints (2.5.29.19) says that it is not a CA"
    usage = find_extension(certificate, x509.KeyUsage)
    if usage is not None and not usage.key_cert_sign:
        yield "keyUsage (2.5.29.15) has no keyCertSign"
    purposes = find_extension(certificate, x509.ExtendedKeyUsage)
    any_purpose = ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE
    if purposes is not None and any_purpose not in purposes:
        fault = find_usage_fault(purposes)
        if fault is not None:
            yield f"EKU (2.5.29.37): {fault}"
    if key_fault := find_key_fault(certificate):
        yield key_fault
