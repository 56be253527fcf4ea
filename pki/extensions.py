"""
One extension of a certificate, read though another of them cannot be.

`certificate.extensions` reads all or none: a policy with a Latin-1 letter in it, which
nobody asks for, hides the subjectAltName. RFC 5280 section 4.2: an application rejects
what is critical and not understood, and may ignore the rest. The critical ones are the
business of `pki.chain`, whose library refuses those on any path.
"""

from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from pki.der import OBJECT_IDENTIFIER, SEQUENCE, Element, elements, encoded
from pki.malformed import UNREADABLE

Extension = TypeVar("Extension", bound=x509.ExtensionType)

_EXTENSIONS = 0xA3  # RFC 5280 section 4.1: the [3] of a TBSCertificate


def find_extension(
    certificate: x509.Certificate, kind: type[Extension]
) -> Extension | None:
    """
    The extension of this *kind*, or None where the certificate has none.

    Raises:
        one of `pki.malformed.UNREADABLE`: it is there and cannot be read, or some
            extension is there twice (RFC 5280 section 4.2 forbids it).
    """
    try:
        return _found(certificate, kind)
    except x509.DuplicateExtension:
        raise
    except UNREADABLE:
        return _found(_with_only(certificate, kind.oid), kind)


def unreadable_extensions(certificate: x509.Certificate) -> tuple[str, ...]:
    """
    The dotted OIDs of those extensions that cannot be read, in their order.

    Raises:
        one of `pki.malformed.UNREADABLE`: the certificate itself cannot be taken apart.
    """
    try:
        _ = certificate.extensions
    except UNREADABLE:
        oids = dict.fromkeys(map(_oid, _extensions(certificate)))
        return tuple(o.dotted_string for o in oids if not _is_readable(certificate, o))
    return ()


def _found(certificate: x509.Certificate, kind: type[Extension]) -> Extension | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _is_readable(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> bool:
    try:
        _ = _with_only(certificate, oid).extensions
    except UNREADABLE:
        return False
    return True


def _with_only(
    certificate: x509.Certificate, oid: x509.ObjectIdentifier
) -> x509.Certificate:
    """
    The certificate with its extensions of this *oid* alone, to read them from.

    Its signature is not the certificate's any more, and nobody asks it for that.
    """
    (whole,) = elements(certificate.public_bytes(Encoding.DER))
    signed, *rest = whole.elements()
    kept = b"".join(e.whole for e in _extensions(certificate) if _oid(e) == oid)
    others = b"".join(e.whole for e in signed.elements() if e.tag != _EXTENSIONS)
    only = encoded(_EXTENSIONS, encoded(SEQUENCE, kept)) if kept else b""
    parts = encoded(SEQUENCE, others + only), *(each.whole for each in rest)
    return x509.load_der_x509_certificate(encoded(SEQUENCE, b"".join(parts)))


def _extensions(certificate: x509.Certificate) -> tuple[Element, ...]:
    """Each as it stands there: OID, perhaps `critical`, and an OCTET STRING."""
    (signed,) = elements(certificate.tbs_certificate_bytes)
    for part in signed.elements():
        if part.tag == _EXTENSIONS:
            (listed,) = part.elements()
            return listed.elements()
    return ()


def _oid(extension: Element) -> x509.ObjectIdentifier:
    oid, *_ = extension.elements()
    if oid.tag != OBJECT_IDENTIFIER:
        raise ValueError("an extension without its object identifier")
    return dotted(oid.content)


def dotted(content: bytes) -> x509.ObjectIdentifier:
    """
    An object identifier from the content octets of one, X.690 section 8.19.

    Raises:
        ValueError: they are none.
    """
    if not content or content[-1] & 0x80:
        raise ValueError("an object identifier that does not end")
    arcs, arc = [], 0
    for octet in content:
        arc = arc << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return x509.ObjectIdentifier(
        ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))
    )
