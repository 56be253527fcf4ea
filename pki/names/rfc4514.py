"""
RFC 4514 strings read.

The grammar of RFC 4514 section 3, all of it, in one pass over the text, with two
allowances that configurations in use need (both from RFC 2253 section 4): spaces
around `,` `+` and `=` do not count, and names of types are read in any case of letters.

Not read, and refused with a text that says what to write instead: quoted values, `;`
as a separator, `OID.2.5.4.97`, OpenSSL's `/C=GB/CN=tpp`, and names of types that are
not in `attribute_types` (their dotted OIDs are).
"""

import re

from cryptography.hazmat import asn1
from cryptography.x509 import ObjectIdentifier

from pki.names.attribute_types import AttributeType, by_oid, find_by_name
from pki.names.distinguished_name import AttributeTypeAndValue, DistinguishedName
from pki.names.preparation import UnpreparableValue
from pki.names.writing import BIT_STRING

# No text makes these go back far, so time is linear. Not possessive (`*+`): with Python
# 3.11.2, Debian 12's, such a group takes half an escape for a whole one.
_TYPE = re.compile(r" *([A-Za-z0-9.-]+) *= *")
_DOTTED = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*))+")
_HEXSTRING = re.compile(r"(#(?:[0-9A-Fa-f]{2})+) *")
_STRING = re.compile(
    r'((?: *(?:[^ \\",+;<>\0]|\\(?:[\\",+;<> #=]|[0-9A-Fa-f]{2})))*) *'
)
_ESCAPE = re.compile(rb"\\([0-9A-Fa-f]{2}|.)")

# How `cryptography` reads the string types of certificates, TeletexString included.
# The same octets have to be the same value on both sides.
_ENCODINGS = {
    12: "utf-8",  # UTF8String
    18: "utf-8",  # NumericString
    19: "utf-8",  # PrintableString
    20: "utf-8",  # TeletexString
    22: "utf-8",  # IA5String
    26: "utf-8",  # VisibleString
    28: "utf-32-be",  # UniversalString
    30: "utf-16-be",  # BMPString
}


class NameSyntaxError(ValueError):
    """The text is no RFC 4514 string we can compare; says where and why."""

    def __init__(self, text: str, position: int, reason: str) -> None:
        """Of *text*, what begins at *position* (from 0) is wrong for this *reason*."""
        excerpt = ascii(text[position : position + 24])
        super().__init__(f"at character {position + 1}, {excerpt}: {reason}")


def parse(text: str) -> DistinguishedName:
    """
    The name that an RFC 4514 string stands for.

    The name is comparable: it is not empty, and the matching rule of each of its types
    is defined for the value.

    Raises:
        NameSyntaxError: the text is refused; the error is one line and says why.
    """
    _verify_readable(text)
    rdns: list[list[AttributeTypeAndValue]] = [[]]
    attribute, position = _attribute(text, 0)
    rdns[-1].append(attribute)
    while position < len(text):
        if text[position] == ",":
            rdns.append([])
        attribute, position = _attribute(text, position + 1)
        rdns[-1].append(attribute)
    return DistinguishedName(tuple(map(tuple, rdns)))


def _verify_readable(text: str) -> None:
    if not text.strip(" "):
        raise NameSyntaxError(text, 0, "an empty name identifies nobody")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NameSyntaxError(text, error.start, "half a surrogate pair") from error


def _attribute(text: str, start: int) -> tuple[AttributeTypeAndValue, int]:
    """The attribute that starts here, and where the `,` `+` or end after it is."""
    written = _TYPE.match(text, start)
    if written is None:
        raise NameSyntaxError(text, start, "an attribute type and '=' are expected")
    attribute_type = _attribute_type(text, written)
    value, end = _value(text, written.end())
    attribute = AttributeTypeAndValue(attribute_type, value)
    try:
        _ = attribute.prepared
    except UnpreparableValue as error:
        raise NameSyntaxError(text, written.end(), f"the value: {error}") from error
    return attribute, end


def _attribute_type(text: str, written: re.Match[str]) -> AttributeType:
    name = written[1]
    if not _DOTTED.fullmatch(name):
        known = find_by_name(name)
        if known is None:
            reason = "unknown attribute type; write its OID, as 2.5.4.97 (no 'OID.')"
            raise NameSyntaxError(text, written.start(1), reason)
        return known
    try:
        return by_oid(ObjectIdentifier(name).dotted_string)
    except ValueError as error:
        reason = "not an object identifier"
        raise NameSyntaxError(text, written.start(1), reason) from error


def _value(text: str, start: int) -> tuple[str | bytes, int]:
    """The value that starts here, and where the `,` `+` or end after it is."""
    is_hex = text.startswith("#", start)
    written = (_HEXSTRING if is_hex else _STRING).match(text, start)
    if written is None:
        reason = "after '#' come pairs of hex digits; a text with '#' begins '\\#'"
        raise NameSyntaxError(text, start, reason)
    _verify_end_of_value(text, written.end())
    try:
        value = _hex_value(written[1]) if is_hex else _string_value(written[1])
    except ValueError as error:
        raise NameSyntaxError(text, start, str(error)) from error
    return value, written.end()


def _verify_end_of_value(text: str, end: int) -> None:
    if end == len(text) or text[end] in ",+":
        return
    if text[end] == "\\":
        reason = "a backslash comes before a special character or two hex digits"
    else:
        reason = "a ',', a '+' or the end is expected, or a backslash before this"
    raise NameSyntaxError(text, end, reason)


def _string_value(written: str) -> str:
    """The text with its escapes undone; UnicodeDecodeError if they are not UTF-8."""
    return _ESCAPE.sub(_unescaped, written.encode()).decode()


def _unescaped(escape: re.Match[bytes]) -> bytes:
    return bytes.fromhex(escape[1].decode()) if len(escape[1]) == 2 else escape[1]


def _hex_value(written: str) -> str | bytes:
    """
    The value of a `#` form, RFC 4514 section 2.4.

    The octets have to be DER, as they are in a certificate, of a string type or of a
    BIT STRING. Everything else `cryptography` would refuse in a certificate, so it
    could never match.

    Raises:
        ValueError: they are not.
    """
    element = asn1.decode_der(asn1.TLV, bytes.fromhex(written[1:]))
    tag, content = int.from_bytes(element.tag_bytes, "big"), bytes(element.data)
    if tag == BIT_STRING:
        return content
    if tag not in _ENCODINGS:
        raise ValueError(f"ASN.1 tag {tag} is not that of a string")
    return content.decode(_ENCODINGS[tag])
