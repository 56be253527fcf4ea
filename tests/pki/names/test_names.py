"""
Distinguished names: RFC 4514 strings, certificate subjects, distinguishedNameMatch.

What is written here in hex was written by hand, octet by octet, so that the reader of
the strings and the writer of certificates cannot be wrong in the same way.
"""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import NameAttribute, NameOID, ObjectIdentifier
from cryptography.x509.name import _ASN1Type
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pki.names import (
    DistinguishedName,
    NameSyntaxError,
    describe_mismatch,
    distinguished_name_match,
    from_x509,
    parse,
)
from pki.names.attribute_types import _BY_NAME, _KNOWN
from pki.names.preparation import LONGEST_VALUE

KEY = ec.generate_private_key(ec.SECP256R1())


def subject(*attributes: NameAttribute[str | bytes]) -> DistinguishedName:
    """The subject of a real certificate with these, in the certificate's order."""
    now = datetime.now(UTC)
    name = x509.Name(attributes)
    certificate = (
        x509.CertificateBuilder(name, name, KEY.public_key(), 1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(hours=1))
        .sign(KEY, hashes.SHA256())
    )
    der = certificate.public_bytes(Encoding.DER)
    return from_x509(x509.load_der_x509_certificate(der).subject)


def attribute(
    dotted: str, value: str, kind: _ASN1Type = _ASN1Type.UTF8String
) -> NameAttribute[str | bytes]:
    """One attribute, in the ASN.1 string type asked for."""
    return NameAttribute(ObjectIdentifier(dotted), value, kind)


def match(left: str, right: str) -> bool:
    """Whether two strings stand for the same name."""
    return distinguished_name_match(parse(left), parse(right))


# The name of an open-banking certificate


@pytest.fixture(scope="module")
def tpp() -> DistinguishedName:
    """The subject of a certificate as a British or Brazilian directory issues it."""
    return subject(
        attribute("2.5.4.6", "GB", _ASN1Type.PrintableString),
        attribute("2.5.4.10", "Example TPP Ltd"),
        attribute("2.5.4.97", "PSDGB-FCA-123456", _ASN1Type.PrintableString),
        attribute("1.3.6.1.4.1.311.60.2.1.3", "GB", _ASN1Type.PrintableString),
        attribute("2.5.4.15", "Private Organization"),
        attribute("0.9.2342.19200300.100.1.1", "a1b2"),
        attribute("2.5.4.3", "tpp.example"),
    )


@pytest.mark.parametrize(
    "rdns",
    [
        pytest.param(
            [
                "CN=tpp.example",
                "UID=a1b2",
                "businessCategory=Private Organization",
                "jurisdictionC=GB",
                "organizationIdentifier=PSDGB-FCA-123456",
                "O=Example TPP Ltd",
                "C=GB",
            ],
            id="short names",
        ),
        pytest.param(
            [
                "commonName=TPP.example",
                "userid=A1B2",
                "BUSINESSCATEGORY=private organization",
                "jurisdictionCountryName=gb",
                "ORGANIZATIONIDENTIFIER=psdgb-fca-123456",
                "o=example  tpp ltd",
                "c=gb",
            ],
            id="other names, other case",
        ),
        pytest.param(
            [
                "2.5.4.3=tpp.example",
                "0.9.2342.19200300.100.1.1=a1b2",
                "2.5.4.15=Private Organization",
                "1.3.6.1.4.1.311.60.2.1.3=GB",
                "2.5.4.97=PSDGB-FCA-123456",
                "2.5.4.10=Example TPP Ltd",
                "2.5.4.6=GB",
            ],
            id="OIDs with strings",
        ),
        pytest.param(
            [
                "CN=tpp.example",
                "0.9.2342.19200300.100.1.1=#0c0461316232",
                "2.5.4.15=#0c1450726976617465204f7267616e697a6174696f6e",
                "1.3.6.1.4.1.311.60.2.1.3=#0c024742",
                "2.5.4.97=#0c1050534447422d4643412d313233343536",
                "O=Example TPP Ltd",
                "C=GB",
            ],
            id="OIDs with UTF8String in hex",
        ),
        pytest.param(
            [
                "CN=tpp.example",
                "UID=#130461316232",
                "2.5.4.15=#131450726976617465204F7267616E697A6174696F6E",
                "jurisdictionCountry=#13024742",
                "organizationIdentifier=#131050534447422D4643412D313233343536",
                "O=#130f4578616d706c6520545050204c7464",
                "C=#13024742",
            ],
            id="PrintableString in hex",
        ),
    ],
)
@pytest.mark.parametrize("separator", [",", ", ", " , "])
def test_ways_to_write_one_certificate(
    tpp: DistinguishedName, rdns: list[str], separator: str
) -> None:
    """Short names, OIDs, hex of either string type, spaces, case: the same name."""
    assert distinguished_name_match(parse(separator.join(rdns)), tpp)
    spaced = [rdn.replace("=", " = ", 1) for rdn in rdns]
    assert distinguished_name_match(parse(separator.join(spaced)), tpp)


def test_string_is_the_reverse_of_the_certificate(tpp: DistinguishedName) -> None:
    """RFC 4514 section 2.1: the string begins with the last RDN of the certificate."""
    shown = str(tpp)

    assert shown.startswith("CN=tpp.example,UID=a1b2,businessCategory=Private")
    assert shown.endswith("O=Example TPP Ltd,C=GB")


def test_text_in_hex_is_shown_as_utf8string(tpp: DistinguishedName) -> None:
    """The hex form shows OIDs and octets, and no difference of mere string type."""
    assert tpp.as_hex.endswith(
        ",2.5.4.97=#0c1050534447422d4643412d313233343536"
        ",2.5.4.10=#0c0f4578616d706c6520545050204c7464,2.5.4.6=#0c024742"
    )


# distinguishedNameMatch


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("CN=a,O=b", "cn=A , o=B"),
        ("O=Example Bank", "O=  example   BANK  "),
        ("O=Example Bank", "O=\\ Example\\  Bank\\ "),
        ("O=Example Bank", "O=Example\\C2\\A0Bank"),  # NO-BREAK SPACE
        ("O=Example Bank", "O=Example\\09Bank"),
        ("O=Bank", "O=Ba\\C2\\ADnk"),  # SOFT HYPHEN
        ("O=Bank", "O=Ba\\E2\\80\\8Bnk"),  # ZERO WIDTH SPACE
        ("O=Straße", "O=STRASSE"),
        ("O=Müller", "O=MU\u0308LLER"),  # one code point, and two
        ("O=Bank", "O=\uff22\uff41\uff4e\uff4b"),  # full width
        ("CN=a+UID=b", "UID=B+CN=A"),
        ("E=Ty@Example.com", "emailAddress=ty@example.com"),
        ("DC=Example", "dc=example"),
        (
            "telephoneNumber=\\+44 20-7946 0000",
            "2.5.4.20=\\+442079460000",
        ),
        ("1.2.3.4=Abc", "1.2.3.4=#0c03416263"),
        ("1.2.3.4=Abc", "1.2.3.4=#1e06004100620063"),
        ("CN=", "CN=\\20"),
    ],
)
def test_names_that_match(left: str, right: str) -> None:
    """RFC 4517 section 4.2.15: types as OIDs, values by the rule of their type."""
    assert match(left, right)
    assert match(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("CN=a,O=b", "O=b,CN=a"),
        ("CN=tpp1", "CN=tpp10"),
        ("CN=tpp1", "CN=x,OU=CN\\=tpp1"),
        ("CN=tpp1", "CN=x\\,CN\\=tpp1"),
        ("CN=tpp1", "CN=tpp1,O=b"),
        ("CN=tpp1,O=b", "CN=tpp1"),
        ("CN=.*", "CN=tpp1"),
        ("CN=*", "CN=tpp1"),
        ("CN=a", "OU=a"),
        ("CN=a,O=b", "CN=a+O=b"),
        ("CN=a+UID=b", "CN=b+UID=a"),
        ("CN=a+CN=b", "CN=a"),
        ("CN=a+CN=a", "CN=a"),
        ("O=ExampleBank", "O=Example Bank"),
        ("O=Muller", "O=Müller"),
        ("O=a \\CC\\88", "O=a  \\CC\\88"),  # the space that carries a mark stays
        ("O=\\20\\CC\\88", "O=\\CC\\88"),
        ("SN=1", "serialNumber=1"),
        ("DC=ab", "DC=a b"),
        ("telephoneNumber=12", "telephoneNumber=13"),
        ("CN=1-2", "CN=12"),
        ("1.2.3.4=Abc", "1.2.3.4=abc"),
        ("1.2.3.4=a  b", "1.2.3.4=a b"),
        ("1.2.3.4=a", "1.2.3.5=a"),
        ("2.5.4.45=#03020102", "2.5.4.45=0102"),
        ("2.5.4.45=#03020102", "2.5.4.45=#03020103"),
        ("CN=a", "CN=\u0430"),  # CYRILLIC SMALL LETTER A
    ],
)
def test_names_that_do_not_match(left: str, right: str) -> None:
    """Order, number, type and significant characters count; nothing is a pattern."""
    assert not match(left, right)
    assert not match(right, left)


@pytest.mark.parametrize(
    ("kind", "hexstring"),
    [
        (_ASN1Type.UTF8String, "#0c0441426c45"),
        (_ASN1Type.NumericString, "#120441426c45"),
        (_ASN1Type.PrintableString, "#130441426c45"),
        (_ASN1Type.T61String, "#140441426c45"),
        (_ASN1Type.IA5String, "#160441426c45"),
        (_ASN1Type.VisibleString, "#1a0441426c45"),
        (_ASN1Type.UniversalString, "#1c1000000041000000420000006c00000045"),
        (_ASN1Type.BMPString, "#1e0800410042006c0045"),
    ],
)
def test_every_string_type(kind: _ASN1Type, hexstring: str) -> None:
    """The ASN.1 string type never makes a difference, in certificate or in string."""
    presented = subject(attribute("2.5.4.10", "ABlE", kind))

    assert distinguished_name_match(parse(f"O={hexstring}"), presented)
    assert distinguished_name_match(parse("O=able"), presented)


def test_teletexstring_is_read_as_utf8() -> None:
    """TeletexString has no agreed reading; both sides take that of `cryptography`."""
    presented = subject(attribute("2.5.4.10", "Müller", _ASN1Type.T61String))

    assert distinguished_name_match(parse("O=#14074dc3bc6c6c6572"), presented)
    assert distinguished_name_match(parse("O=Müller"), presented)


def test_attributes_of_an_rdn_have_no_order() -> None:
    """RFC 4517 section 4.2.15: DER sorts a multi-valued RDN, the string need not."""
    common_name = attribute("2.5.4.3", "a")
    user_id = attribute("0.9.2342.19200300.100.1.1", "b")
    rdn = x509.RelativeDistinguishedName([common_name, user_id])
    presented = from_x509(x509.Name([rdn]))

    assert distinguished_name_match(parse("CN=a+UID=b"), presented)
    assert distinguished_name_match(parse("UID=b + CN=a"), presented)
    assert not distinguished_name_match(parse("CN=a,UID=b"), presented)


def test_bit_string() -> None:
    """A unique identifier (2.5.4.45) is bits, compared octet by octet."""
    presented = subject(
        NameAttribute(NameOID.X500_UNIQUE_IDENTIFIER, b"\x00\x05", _ASN1Type.BitString)
    )

    assert str(presented) == presented.as_hex == "2.5.4.45=#03020005"
    assert distinguished_name_match(parse(str(presented)), presented)
    assert not distinguished_name_match(parse("2.5.4.45=#03020004"), presented)


def test_empty_subject_matches_nothing() -> None:
    """A certificate without a subject is nobody's, not even another such one's."""
    nobody = subject()

    assert str(nobody) == ""
    assert not distinguished_name_match(nobody, nobody)
    assert not distinguished_name_match(nobody, parse("CN="))


@pytest.mark.bound("subject.value")
@pytest.mark.parametrize(
    ("oid", "value"),
    [
        ("2.5.4.10", "a\0b"),
        ("2.5.4.10", "\ue000"),
        ("2.5.4.10", "a" * (LONGEST_VALUE + 1)),
        ("1.2.840.113549.1.9.1", "ü@example.com"),
    ],
)
def test_incomparable_subject_matches_nothing(oid: str, value: str) -> None:
    """RFC 4517 section 4.1: where the rule is undefined nothing matches, nor raises."""
    presented = subject(attribute(oid, value))

    assert presented.prepared is None
    assert not distinguished_name_match(presented, presented)
    assert str(presented).isprintable()


def test_nul_is_not_mapped_to_nothing() -> None:
    """A certificate for `ba\\0nk` is not one for `bank`, whatever RFC 4518 maps."""
    presented = subject(attribute("2.5.4.3", "ba\0nk"))

    assert not distinguished_name_match(parse("CN=bank"), presented)
    assert str(presented) == "CN=ba\\00nk"


# RFC 4514 section 4: its examples

UID = "0.9.2342.19200300.100.1.1"
DC = "0.9.2342.19200300.100.1.25"


@pytest.mark.parametrize(
    ("text", "hexstring"),
    [
        (
            "UID=jsmith,DC=example,DC=net",
            f"{UID}=#0c066a736d697468,{DC}=#0c076578616d706c65,{DC}=#0c036e6574",
        ),
        (
            "OU=Sales+CN=J.  Smith,DC=example,DC=net",
            (
                "2.5.4.11=#0c0553616c6573+2.5.4.3=#0c094a2e2020536d697468"
                f",{DC}=#0c076578616d706c65,{DC}=#0c036e6574"
            ),
        ),
        (
            'CN=James \\"Jim\\" Smith\\, III,DC=net',
            (
                "2.5.4.3=#0c164a616d657320224a696d2220536d6974682c20494949"
                f",{DC}=#0c036e6574"
            ),
        ),
        ("CN=Before\\0dAfter", "2.5.4.3=#0c0c4265666f72650d4166746572"),
        ("CN=Lu\\C4\\8Di\\C4\\87", "2.5.4.3=#0c074c75c48d69c487"),
        ("CN=Lučić", "2.5.4.3=#0c074c75c48d69c487"),
    ],
)
def test_examples_of_the_rfc(text: str, hexstring: str) -> None:
    """RFC 4514 section 4: each example stands for the octets it says."""
    assert parse(text).as_hex == hexstring
    assert match(text, hexstring)


def test_hex_example_of_the_rfc() -> None:
    """RFC 4514 section 4: an OCTET STRING is no string, and we refuse it."""
    with pytest.raises(NameSyntaxError, match=r"ASN\.1 tag 4 is not"):
        parse("1.3.6.1.4.1.1466.0=#04024869")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('\\"\\+\\,\\;\\<\\>\\\\\\=\\#', '"+,;<>\\=#'),
        ("\\#a", "#a"),
        ("\\ a\\ ", " a "),
        ("a\\  ", "a "),
        ("a\\\\  ", "a\\"),
        ("  a  ", "a"),
        ("a=b#c", "a=b#c"),
        ("\\e2\\82\\AC", "€"),
        ("\\5C", "\\"),
        ("\\2C\\2c", ",,"),
        ("", ""),
    ],
)
def test_escapes(written: str, value: str) -> None:
    """RFC 4514 section 3: pairs, hex pairs, and spaces that count when escaped."""
    ((only,),) = parse(f"CN={written}").rdns

    assert only.value == value


def test_names_of_types_are_unique() -> None:
    """No name stands for two types, and every type is found by all of its names."""
    names = [name.lower() for known in _KNOWN for name in known.names]

    assert len(names) == len(set(names)) == len(_BY_NAME)
    assert len(_KNOWN) == len({known.oid for known in _KNOWN})


@pytest.mark.parametrize(
    ("name", "oid"),
    [
        ("CN", "2.5.4.3"),
        ("SN", "2.5.4.4"),
        ("serialNumber", "2.5.4.5"),
        ("C", "2.5.4.6"),
        ("L", "2.5.4.7"),
        ("ST", "2.5.4.8"),
        ("S", "2.5.4.8"),
        ("STREET", "2.5.4.9"),
        ("O", "2.5.4.10"),
        ("OU", "2.5.4.11"),
        ("title", "2.5.4.12"),
        ("description", "2.5.4.13"),
        ("businessCategory", "2.5.4.15"),
        ("postalCode", "2.5.4.17"),
        ("postOfficeBox", "2.5.4.18"),
        ("telephoneNumber", "2.5.4.20"),
        ("name", "2.5.4.41"),
        ("GN", "2.5.4.42"),
        ("initials", "2.5.4.43"),
        ("generationQualifier", "2.5.4.44"),
        ("dnQualifier", "2.5.4.46"),
        ("pseudonym", "2.5.4.65"),
        ("organizationIdentifier", "2.5.4.97"),
        ("UID", "0.9.2342.19200300.100.1.1"),
        ("DC", "0.9.2342.19200300.100.1.25"),
        ("E", "1.2.840.113549.1.9.1"),
        ("emailAddress", "1.2.840.113549.1.9.1"),
        ("jurisdictionL", "1.3.6.1.4.1.311.60.2.1.1"),
        ("jurisdictionST", "1.3.6.1.4.1.311.60.2.1.2"),
        ("jurisdictionC", "1.3.6.1.4.1.311.60.2.1.3"),
    ],
)
def test_types_by_name(name: str, oid: str) -> None:
    """A short name is its OID, in any case of letters."""
    assert match(f"{name}=1", f"{oid}=1")
    assert match(f"{name.swapcase()}=1", f"{oid}=1")


# Refused, in the order the parser comes to it


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ("", 1, "an empty name"),
        ("   ", 1, "an empty name"),
        ("CN=\ud83d", 4, "half a surrogate pair"),
        ("tpp", 1, "an attribute type and '=' are expected"),
        ("=a", 1, "an attribute type and '=' are expected"),
        (",CN=a", 1, "an attribute type and '=' are expected"),
        ("CN=a,", 6, "an attribute type and '=' are expected"),
        ("CN=a,,O=b", 6, "an attribute type and '=' are expected"),
        ("CN=a+", 6, "an attribute type and '=' are expected"),
        ("\nCN=a", 1, "an attribute type and '=' are expected"),
        ("/C=GB/CN=a", 1, "an attribute type and '=' are expected"),
        ("CN;lang-en=a", 1, "an attribute type and '=' are expected"),
        ("CN=a, shoeSize=9", 7, "unknown attribute type"),
        ("OID.2.5.4.97=a", 1, "unknown attribute type"),
        ("2=a", 1, "unknown attribute type"),
        ("2.5.4.03=a", 1, "unknown attribute type"),
        ("2.5..3=a", 1, "unknown attribute type"),
        ("9.9.9=a", 1, "not an object identifier"),
        ("1.2." + "9" * 99 + "=a", 1, "not an object identifier"),
        ("CN=#", 4, "after '#' come pairs of hex digits"),
        ("CN=#a", 4, "after '#' come pairs of hex digits"),
        ("CN=#tpp", 4, "after '#' come pairs of hex digits"),
        ("CN=#0c016", 9, "or the end is expected"),
        ("CN=#0c0161 b", 12, "or the end is expected"),
        ('CN="a"', 4, "or the end is expected"),
        ("CN=a;O=b", 5, "or the end is expected"),
        ("CN=a<b", 5, "or the end is expected"),
        ("CN=a>b", 5, "or the end is expected"),
        ("CN=a\0", 5, "or the end is expected"),
        ("CN=a\\", 5, "a backslash comes before"),
        ("CN=a\\x", 5, "a backslash comes before"),
        ("CN=a\\4", 5, "a backslash comes before"),
        ("CN=a\\FF", 4, "'utf-8' codec"),
        ("CN=\\C4", 4, "'utf-8' codec"),
        ("CN=\\ED\\A0\\80", 4, "'utf-8' codec"),
        ("CN=#0c0261", 4, "error parsing asn1"),
        ("CN=#0c016161", 4, "error parsing asn1"),
        ("CN=#0c80610000", 4, "error parsing asn1"),
        ("CN=#0c810161", 4, "error parsing asn1"),
        ("CN=#0cffffffffffffffffff61", 4, "error parsing asn1"),
        ("CN=#" + "3080" * 5000, 4, "error parsing asn1"),
        ("CN=#020100", 4, "ASN.1 tag 2 is not that of a string"),
        ("CN=#3003020101", 4, "ASN.1 tag 48 is not that of a string"),
        ("CN=#2c030c0161", 4, "ASN.1 tag 44 is not that of a string"),
        ("CN=#0c01ff", 4, "'utf-8' codec"),
        ("CN=#1e0161", 4, "'utf-16-be' codec"),
        ("CN=#1c0400110000", 4, "'utf-32-be' codec"),
        ("CN=\\00", 4, "the value: U+0000 is prohibited"),
        ("CN=#0c0100", 4, "the value: U+0000 is prohibited"),
        ("CN=\ue000", 4, "the value: U+E000 is prohibited"),
        ("CN=\ufdd0", 4, "the value: U+FDD0 is prohibited"),
        ("CN=\ufffd", 4, "the value: U+FFFD is prohibited"),
        ("CN=\U0001f3e6", 4, "the value: U+1F3E6 is prohibited"),  # not in Unicode 3.2
        ("CN=a,O=" + "b" * (LONGEST_VALUE + 1), 8, "the value: longer than 1024"),
        ("DC=ü", 4, "the value: only ASCII is allowed here (caseIgnoreIA5Match)"),
        ("emailAddress=ü@b", 14, "the value: only ASCII"),
        ("telephoneNumber=\uff11", 17, "the value: only ASCII"),
    ],
)
def test_refused(text: str, position: int, reason: str) -> None:
    """What is no comparable RFC 4514 string is refused, saying where and why."""
    with pytest.raises(NameSyntaxError) as refusal:
        parse(text)

    line = str(refusal.value)
    assert line.startswith(f"at character {position}, ")
    assert reason in line
    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 200


def test_longest_value_is_read() -> None:
    """The longest value allowed is compared to its last character."""
    longest = "b" * LONGEST_VALUE

    assert match(f"O={longest}", f"O={longest.upper()}")
    assert not match(f"O={longest}", f"O={longest[:-1]}c")


@pytest.mark.parametrize(
    "text",
    [
        "CN=" + " " * 100_000 + '"',
        "CN=" + "\\ " * 50_000 + '"',
        "CN=" + "a " * 50_000 + "\\",
        " " * 100_000 + "CN",
        "a" * 100_000,
        "1." * 50_000 + "=a",
        "CN=#" + "0c" * 50_000,
        "CN=" + "\u0316\u0301" * 50_000,
    ],
)
def test_hostile_lengths(text: str) -> None:
    """A hundred thousand characters are refused as quickly and clearly as ten."""
    with pytest.raises(NameSyntaxError):
        parse(text)


def test_many_attributes() -> None:
    """A name of a thousand RDNs of two attributes is read; no recursion ends it."""
    name = parse(",".join(["CN=a+O=b"] * 1000))

    assert len(name.rdns) == 1000
    assert distinguished_name_match(name, parse(",".join(["o=B + cn=A"] * 1000)))


# For the log


def test_log_lines_cannot_be_forged() -> None:
    """Line ends, terminal codes and bidirectional overrides are written as octets."""
    presented = subject(attribute("2.5.4.3", "a\n\x1b[1m\u202e\u2028é€"))

    assert str(presented) == "CN=a\\0A\\1B[1m\\E2\\80\\AE\\E2\\80\\A8é€"


@pytest.mark.parametrize("value", [" ", "  ", "#", " a ", "#a#", "#0c0161", "a b", ""])
def test_ends_of_a_value_are_escaped(value: str) -> None:
    """RFC 4514 section 2.4: a space or `#` at an end is escaped, and read back."""
    shown = str(subject(attribute("1.2.3.4", value)))

    ((only,),) = parse(shown).rdns
    assert only.value == value


def test_long_value_in_hex() -> None:
    """From 128 octets on a length in DER has octets of its own."""
    assert parse("1.2.3.4=" + "a" * 127).as_hex == "1.2.3.4=#0c7f" + "61" * 127
    assert parse("1.2.3.4=" + "a" * 128).as_hex == "1.2.3.4=#0c8180" + "61" * 128
    assert parse("1.2.3.4=" + "a" * 256).as_hex == "1.2.3.4=#0c820100" + "61" * 256


def test_lone_surrogate_in_a_name_made_by_hand() -> None:
    """A name that never was in a certificate matches nothing and raises nothing."""
    odd = from_x509(x509.Name([attribute("2.5.4.10", "\ud800")]))

    assert str(odd) == "O=\\ED\\A0\\80"
    assert odd.as_hex == "2.5.4.10=#0c03eda080"
    assert not distinguished_name_match(odd, odd)


def test_mismatch_shows_both_names() -> None:
    """The operator sees what was registered and what came."""
    line = describe_mismatch(parse("CN=a,C=GB"), parse("CN=b,C=GB"))

    assert line == "expected CN=a,C=GB, presented CN=b,C=GB"


def test_mismatch_shows_look_alikes_in_hex() -> None:
    """Where texts may look the same, the operator sees that they are not."""
    line = describe_mismatch(parse("CN=a"), parse("CN=\u0430"))

    assert line == (
        "expected CN=a (2.5.4.3=#0c0161), presented CN=\u0430 (2.5.4.3=#0c02d0b0)"
    )


def test_mismatch_of_the_same_text_is_shown_in_hex() -> None:
    """A name that matches nothing, itself included, is shown to the last octet."""
    name = from_x509(x509.Name([attribute("2.5.4.10", "\ud800")]))

    assert not distinguished_name_match(name, name)
    assert describe_mismatch(name, name).count("(2.5.4.10=#0c03eda080)") == 2


def test_mismatch_by_order_is_named(tpp: DistinguishedName) -> None:
    """Who registered the certificate's order reads that the string is its reverse."""
    backwards = parse(",".join(reversed(str(tpp).split(","))))

    assert not distinguished_name_match(backwards, tpp)
    assert "the order is reversed" in describe_mismatch(backwards, tpp)
    assert "the order is reversed" not in describe_mismatch(parse("CN=a"), tpp)


# Properties

# How fast the machine is at the moment is not what these examine.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

OIDS = st.sampled_from(
    [
        NameOID.COMMON_NAME,
        NameOID.ORGANIZATION_NAME,
        NameOID.ORGANIZATION_IDENTIFIER,
        NameOID.EMAIL_ADDRESS,
        NameOID.DOMAIN_COMPONENT,
        NameOID.USER_ID,
        NameOID.JURISDICTION_COUNTRY_NAME,
        ObjectIdentifier("2.5.4.20"),
        ObjectIdentifier("1.2.3.4.5"),
    ]
)
AWKWARD = st.text(alphabet=' #=+,;<>"\\aAßé\u0308\u00a0\u00ad\n', max_size=8)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@st.composite
def x509_names(draw: st.DrawFn) -> x509.Name:
    """Names as `cryptography` makes them, multi-valued RDNs and odd characters too."""

    def rdn() -> x509.RelativeDistinguishedName:
        pairs = draw(st.dictionaries(OIDS, AWKWARD | ANY_TEXT, min_size=1, max_size=3))
        return x509.RelativeDistinguishedName(
            [NameAttribute(o, v) for o, v in pairs.items() if allowed(o, v)]
            or [attribute("2.5.4.11", "x")]
        )

    return x509.Name([rdn() for _ in range(draw(st.integers(1, 4)))])


def allowed(oid: ObjectIdentifier, value: str) -> bool:
    """Whether `cryptography` lets an attribute have this length."""
    if oid == NameOID.JURISDICTION_COUNTRY_NAME:
        return len(value.encode()) == 2
    return oid != NameOID.COMMON_NAME or 1 <= len(value.encode()) <= 64


@PATIENT
@given(x509_names())
def test_names_of_cryptography_are_read(name: x509.Name) -> None:
    """What `cryptography` writes is read as the name it wrote, or matches nothing."""
    presented = from_x509(name)
    if presented.prepared is None:
        with pytest.raises(NameSyntaxError):
            parse(name.rfc4514_string())
    else:
        assert distinguished_name_match(parse(name.rfc4514_string()), presented)


@PATIENT
@given(x509_names())
def test_own_strings_are_read(name: x509.Name) -> None:
    """Both of our forms are printable, and read as the name they were written from."""
    presented = from_x509(name)
    for shown in (str(presented), presented.as_hex):
        assert shown.isprintable()
        if presented.prepared is not None:
            assert distinguished_name_match(parse(shown), presented)


PLAIN_RDNS = st.lists(
    st.dictionaries(
        st.sampled_from(["CN", "OU", "UID"]),
        st.sampled_from(["a", "b", "ab"]),
        min_size=1,
        max_size=2,
    ),
    min_size=1,
    max_size=2,
)


def written(rdns: list[dict[str, str]], order: int = 1) -> str:
    """The RDNs as a string, the attributes of each in this order (1 or -1)."""
    pairs = [[f"{name}={rdn[name]}" for name in sorted(rdn)[::order]] for rdn in rdns]
    return ",".join(map("+".join, pairs))


@PATIENT
@given(PLAIN_RDNS, PLAIN_RDNS)
def test_plain_names_match_if_their_rdns_are_equal(
    left: list[dict[str, str]], right: list[dict[str, str]]
) -> None:
    """RFC 4517 section 4.2.15: a list of sets, where values leave nothing to judge."""
    assert match(written(left), written(right, order=-1)) == (left == right)


@PATIENT
@given(st.text(max_size=30) | st.text(alphabet="CNO=,+\\#0c16 a.25", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text raises anything but NameSyntaxError; what is read can be written."""
    try:
        name = parse(text)
    except NameSyntaxError:
        return
    assert distinguished_name_match(parse(str(name)), name)
