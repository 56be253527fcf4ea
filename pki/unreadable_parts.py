"""
Which part of a certificate `cryptography` cannot read, for whoever has to mend it.

The library refuses a name as a whole and says where in the ASN.1; a person needs the
attribute. Each is tried alone, in the place of the whole name, so that what is told is
what the library really refuses.
"""

from collections.abc import Callable, Iterator

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from pki.der import SEQUENCE, SET, Element, elements, encoded
from pki.extensions import dotted, unreadable_extensions
from pki.malformed import UNREADABLE
from pki.names.attribute_types import by_oid

_VERSION = 0xA0
_STRING_TYPES = {
    12: "UTF8String",
    18: "NumericString",
    19: "PrintableString",
    20: "TeletexString",
    22: "IA5String",
    26: "VisibleString",
    28: "UniversalString",
    30: "BMPString",
}

# RFC 5280 section 4.1: serial number, algorithm, issuer, validity, subject.
_NAMES: tuple[tuple[str, int, Callable[[x509.Certificate], x509.Name]], ...] = (
    ("subject", 4, lambda certificate: certificate.subject),
    ("issuer", 2, lambda certificate: certificate.issuer),
)


def unreadable_parts(certificate: x509.Certificate) -> tuple[str, ...]:
    """
    What of its names and its extensions cannot be read, each in a few words.

    Empty where all can, or where it cannot be taken apart.
    """
    try:
        names = tuple(_unreadable_attributes(certificate))
        extensions = unreadable_extensions(certificate)
    except UNREADABLE:
        return ()
    return (*names, *(f"extension {oid} cannot be read" for oid in extensions))


def reason(certificate: x509.Certificate, error: Exception) -> str:
    """Why a part of *certificate* could not be read: what is seen, or else *error*."""
    return "; ".join(unreadable_parts(certificate)) or " ".join(str(error).split())


def _unreadable_attributes(certificate: x509.Certificate) -> Iterator[str]:
    for part, place, read in _NAMES:
        try:
            read(certificate)
        except UNREADABLE:
            for attribute in _attributes(certificate, place):
                if not _is_readable(certificate, place, attribute, read):
                    yield f"{part}: {_described(attribute)}"


def _attributes(certificate: x509.Certificate, place: int) -> Iterator[Element]:
    for rdn in elements(_parts(certificate)[place].content):
        yield from rdn.elements()


def _is_readable(
    certificate: x509.Certificate,
    place: int,
    attribute: Element,
    read: Callable[[x509.Certificate], x509.Name],
) -> bool:
    name = encoded(SEQUENCE, encoded(SET, attribute.whole))
    parts = [each.whole for each in _parts(certificate)]
    parts[place] = name
    (whole,) = elements(certificate.public_bytes(Encoding.DER))
    signed, *rest = whole.elements()
    version = [e.whole for e in signed.elements() if e.tag == _VERSION]
    renamed = encoded(SEQUENCE, b"".join([*version, *parts]))
    der = encoded(SEQUENCE, renamed + b"".join(each.whole for each in rest))
    try:
        read(x509.load_der_x509_certificate(der))
    except UNREADABLE:
        return False
    return True


def _parts(certificate: x509.Certificate) -> list[Element]:
    """Those of its TBSCertificate, from the serial number on."""
    (signed,) = elements(certificate.tbs_certificate_bytes)
    return [part for part in signed.elements() if part.tag != _VERSION]


def _described(attribute: Element) -> str:
    oid, value = attribute.elements()
    name = by_oid(dotted(oid.content).dotted_string).names[0]
    kind = _STRING_TYPES.get(value.tag)
    if kind is None:
        return f"{name} is no string (ASN.1 tag {value.tag})"
    if kind == "TeletexString":
        return f"{name} is a TeletexString with letters other than ASCII's"
    return f"{name} cannot be read as the {kind} that it says it is"
