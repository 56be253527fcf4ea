"""A distinguished name, and when two of them match."""

from dataclasses import dataclass
from functools import cached_property

from cryptography import x509

from pki.names.attribute_types import AttributeType, by_oid
from pki.names.preparation import UnpreparableValue, prepare
from pki.names.writing import BIT_STRING, UTF8_STRING, escaped, hexstring

# One attribute: its OID, what kind of value it has, and the value to compare.
PreparedAttribute = tuple[str, str, str]
# RDNs in order; the attributes of each sorted, which is to say in no order.
PreparedName = tuple[tuple[PreparedAttribute, ...], ...]


@dataclass(frozen=True, slots=True)
class AttributeTypeAndValue:
    """
    One attribute of a name.

    A string value is text, whichever ASN.1 string type it came in. Bytes are the
    content octets of a BIT STRING, the only other thing `cryptography` finds in a name.
    """

    type: AttributeType
    value: str | bytes

    @property
    def prepared(self) -> PreparedAttribute:
        """
        What to compare of it.

        Raises:
            UnpreparableValue: the type's matching rule is undefined for the value.
        """
        if isinstance(self.value, bytes):
            return self.type.oid, "bits", self.value.hex()
        return self.type.oid, "text", prepare(self.value, self.type.rule)

    def __str__(self) -> str:
        if isinstance(self.value, bytes):
            return f"{self.type.names[0]}={hexstring(BIT_STRING, self.value)}"
        return f"{self.type.names[0]}={escaped(self.value)}"

    @property
    def as_hex(self) -> str:
        """
        It with nothing left to the eye: `2.5.4.3=#0c0474707031`.

        Text is shown as a UTF8String whatever it came in, for the string type never
        makes a difference and should not look like one.
        """
        if isinstance(self.value, bytes):
            return f"{self.type.oid}={hexstring(BIT_STRING, self.value)}"
        octets = self.value.encode("utf-8", "surrogatepass")
        return f"{self.type.oid}={hexstring(UTF8_STRING, octets)}"


@dataclass(frozen=True, eq=False)
class DistinguishedName:
    """
    A distinguished name, from a string (`parse`) or a certificate (`from_x509`).

    *rdns* are its relative distinguished names in the order of an RFC 4514 string,
    which is the reverse of the certificate's (RFC 4514 section 2.1), each with its
    attributes as they were written.

    Names are compared by `distinguished_name_match` and not by `==`. `str` writes one
    in a line, safe for a log whatever is in it.
    """

    rdns: tuple[tuple[AttributeTypeAndValue, ...], ...]

    @cached_property
    def prepared(self) -> PreparedName | None:
        """
        What to compare of it, made at the first use and then kept.

        None if the matching rule of an attribute is undefined for its value.
        """
        try:
            return tuple(
                tuple(sorted(attribute.prepared for attribute in rdn))
                for rdn in self.rdns
            )
        except UnpreparableValue:
            return None

    def __str__(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        # Every decision about a name tells it, so it is made at the first use and kept.
        return ",".join("+".join(map(str, rdn)) for rdn in self.rdns)

    @property
    def as_hex(self) -> str:
        """The name with every type an OID and every value in hex, to see all of it."""
        return ",".join("+".join(a.as_hex for a in rdn) for rdn in self.rdns)


def from_x509(name: x509.Name) -> DistinguishedName:
    """
    The name of a certificate's subject or issuer, as `cryptography` parsed it.

    Nothing is refused here: a name that cannot be compared matches nothing. But
    reading `certificate.subject` may itself raise, ValueError or (cryptography 50, a
    BIT STRING under an unexpected type) TypeError.
    """
    return DistinguishedName(
        tuple(
            tuple(
                AttributeTypeAndValue(
                    by_oid(attribute.oid.dotted_string), attribute.value
                )
                for attribute in rdn
            )
            for rdn in reversed(name.rdns)
        )
    )


def distinguished_name_match(left: DistinguishedName, right: DistinguishedName) -> bool:
    """
    Whether two names are the same, by RFC 4517 section 4.2.15.

    The RDNs correspond one by one and in order; within an RDN the attributes
    correspond in any order; types are compared as OIDs and values by the equality rule
    of their type. An empty name, and one with a value for which that rule is
    undefined, matches nothing, itself included.

    Who vouches for either name is not checked.
    """
    return bool(left.prepared) and left.prepared == right.prepared


def describe_mismatch(expected: DistinguishedName, presented: DistinguishedName) -> str:
    """
    One line for the operator's log about two names that do not match.

    It shows both as RFC 4514 strings, and in hex too where these may look alike; and
    it says so when one is only the other backwards, the commonest mistake.
    """
    if _may_look_alike(str(expected), str(presented)):
        line = (
            f"expected {expected} ({expected.as_hex}),"
            f" presented {presented} ({presented.as_hex})"
        )
    else:
        line = f"expected {expected}, presented {presented}"
    if distinguished_name_match(DistinguishedName(expected.rdns[::-1]), presented):
        line += "; the order is reversed: RFC 4514 begins with the certificate's last"
    return line


def _may_look_alike(left: str, right: str) -> bool:
    """The same text, or letters beyond ASCII, many of which look like one of it."""
    return left == right or not (left + right).isascii()
