"""Subjects as Java writes them."""

import pytest
from cryptography import x509
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID

from pki.issuing.hex_subject import subject_in_hex
from pki.issuing.parties import BANKING_CLIENT
from pki.names import distinguished_name_match, from_x509, parse


def test_as_foreign_servers_want_it() -> None:
    """The text with which Keycloak and Spring Authorization Server know our client."""
    assert subject_in_hex(BANKING_CLIENT.subject) == (
        "CN=banking-client,2.5.4.97=#0c1050534447422d4643412d393030303031,"
        "O=Example Banking Client Ltd,C=GB"
    )


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (_ASN1Type.PrintableString, "#130141"),
        (_ASN1Type.UTF8String, "#0c0141"),
        (_ASN1Type.BMPString, "#1e020041"),
        (_ASN1Type.UniversalString, "#1c0400000041"),
    ],
)
def test_the_octets_are_those_of_the_certificate(kind: _ASN1Type, value: str) -> None:
    """RFC 4514 section 2.4: of the value as it is encoded, its string type included."""
    odd = x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, "A", kind)
    assert subject_in_hex(x509.Name([odd])) == f"2.5.4.97={value}"


def test_it_is_the_same_name() -> None:
    """Escapes, several attributes in one RDN and a long value, read again by us."""
    serial = x509.NameAttribute(NameOID.SERIAL_NUMBER, "0123456789" * 6)
    comma = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Other TPP, Ltd.")
    common = x509.NameAttribute(NameOID.COMMON_NAME, "x+y")
    name = x509.Name(
        [
            x509.RelativeDistinguishedName([comma]),
            x509.RelativeDistinguishedName([common, serial]),
        ]
    )
    written = subject_in_hex(name)
    assert r"O=Other TPP\, Ltd." in written
    assert "2.5.4.5=#133c3031" in written
    assert distinguished_name_match(parse(written), from_x509(name))
