"""
The attribute types of names: what they are called, and how their values compare.

A type is its OID. Names are for people, several for the same type, and the same
certificate is printed with different ones by OpenSSL, Java and `cryptography`; so all
of those in use are read, in any case of letters, and one of them is written.
"""

from dataclasses import dataclass
from enum import Enum


class MatchingRule(Enum):
    """The equality rule of an attribute type, by its name in RFC 4517 section 4.2."""

    CASE_IGNORE = "caseIgnoreMatch"
    CASE_IGNORE_IA5 = "caseIgnoreIA5Match"
    TELEPHONE_NUMBER = "telephoneNumberMatch"
    EXACT = "exact"  # ours, for types whose rule is not known: every character counts


@dataclass(frozen=True, slots=True)
class AttributeType:
    """
    One type: its dotted *oid*, its *names* and its *rule*.

    The first name is the one that is written; the others are read too.
    """

    oid: str
    names: tuple[str, ...]
    rule: MatchingRule = MatchingRule.CASE_IGNORE


# RFC 4519 section 2, X.520, RFC 4524 and, for names of companies under extended
# validation, OpenSSL's words. `SN` is the surname (RFC 4519 section 2.32) and never
# the serial number; `S`, `E`, `T`, `G` are what Java and Windows print.
_KNOWN = (
    AttributeType("2.5.4.3", ("CN", "commonName")),
    AttributeType("2.5.4.4", ("SN", "surname")),
    AttributeType("2.5.4.5", ("serialNumber",)),
    AttributeType("2.5.4.6", ("C", "countryName")),
    AttributeType("2.5.4.7", ("L", "localityName")),
    AttributeType("2.5.4.8", ("ST", "S", "stateOrProvinceName")),
    AttributeType("2.5.4.9", ("STREET", "streetAddress")),
    AttributeType("2.5.4.10", ("O", "organizationName")),
    AttributeType("2.5.4.11", ("OU", "organizationalUnitName")),
    AttributeType("2.5.4.12", ("title", "T")),
    AttributeType("2.5.4.13", ("description",)),
    AttributeType("2.5.4.15", ("businessCategory",)),
    AttributeType("2.5.4.17", ("postalCode",)),
    AttributeType("2.5.4.18", ("postOfficeBox",)),
    AttributeType("2.5.4.20", ("telephoneNumber",), rule=MatchingRule.TELEPHONE_NUMBER),
    AttributeType("2.5.4.41", ("name",)),
    AttributeType("2.5.4.42", ("GN", "G", "givenName")),
    AttributeType("2.5.4.43", ("initials",)),
    AttributeType("2.5.4.44", ("generationQualifier",)),
    AttributeType("2.5.4.46", ("dnQualifier", "DNQ")),
    AttributeType("2.5.4.65", ("pseudonym",)),
    AttributeType("2.5.4.97", ("organizationIdentifier",)),
    AttributeType("0.9.2342.19200300.100.1.1", ("UID", "userId")),
    AttributeType(
        "0.9.2342.19200300.100.1.25",
        ("DC", "domainComponent"),
        rule=MatchingRule.CASE_IGNORE_IA5,
    ),
    AttributeType(
        "1.2.840.113549.1.9.1",
        ("emailAddress", "E"),
        rule=MatchingRule.CASE_IGNORE_IA5,
    ),
    AttributeType(
        "1.3.6.1.4.1.311.60.2.1.1", ("jurisdictionL", "jurisdictionLocalityName")
    ),
    AttributeType(
        "1.3.6.1.4.1.311.60.2.1.2",
        ("jurisdictionST", "jurisdictionStateOrProvinceName"),
    ),
    AttributeType(
        "1.3.6.1.4.1.311.60.2.1.3",
        ("jurisdictionC", "jurisdictionCountryName", "jurisdictionCountry"),
    ),
)
_BY_OID = {known.oid: known for known in _KNOWN}
_BY_NAME = {name.lower(): known for known in _KNOWN for name in known.names}


def by_oid(oid: str) -> AttributeType:
    """The type with this dotted *oid*; one not in the table compares exactly."""
    return _BY_OID.get(oid) or AttributeType(oid, (oid,), MatchingRule.EXACT)


def find_by_name(name: str) -> AttributeType | None:
    """The type of this name, in any case of letters; None if it is not in the table."""
    return _BY_NAME.get(name.lower())
