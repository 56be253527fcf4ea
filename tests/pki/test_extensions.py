"""One extension, read though another cannot be."""

from collections.abc import Iterable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from pki.der import elements, encoded
from pki.extensions import dotted, find_extension, unreadable_extensions
from pki.issuing.authority import self_signed
from pki.issuing.profiles import CLIENT, Profile, subject
from pki.issuing.validity import validity
from pki.malformed import UNREADABLE

NAMES = x509.SubjectAlternativeName([x509.DNSName("a.example")])
POLICIES, POINTS, SCTS = "2.5.29.32", "2.5.29.31", "1.3.6.1.4.1.11129.2.4.2"


def certificate(*odd: str, sans: Iterable[x509.GeneralName] = ()) -> x509.Certificate:
    """A client's, whose extensions of these OIDs cannot be read."""
    unreadable = tuple(
        (x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), b"\xff"), False)
        for oid in odd
    )
    profile = Profile((*CLIENT.extensions, *unreadable))
    name, until = subject("tpp", "TPP"), validity(1_800_000_000.0, 9)
    return self_signed(profile, name, until, sans=tuple(sans)).leaf


@pytest.mark.parametrize("odd", [(), (POLICIES,), (POINTS, SCTS, POLICIES)])
def test_an_extension_is_found_beside_others(odd: tuple[str, ...]) -> None:
    """RFC 5280 section 4.2: what is not critical and not understood is ignored."""
    found = certificate(*odd, sans=NAMES)
    assert find_extension(found, x509.SubjectAlternativeName) == NAMES
    assert find_extension(found, x509.NameConstraints) is None
    assert unreadable_extensions(found) == odd


def test_one_that_is_asked_for_must_be_readable() -> None:
    """That it is there and says something nobody knows is not that it is missing."""
    odd = certificate("2.5.29.17")
    with pytest.raises(UNREADABLE):
        find_extension(odd, x509.SubjectAlternativeName)
    assert unreadable_extensions(odd) == ("2.5.29.17",)


def test_one_that_is_there_twice_is_none() -> None:
    """RFC 5280 section 4.2: whose first says one thing and whose second another."""
    good = certificate(POLICIES, sans=NAMES)
    (whole,) = elements(good.public_bytes(Encoding.DER))
    names, policies = bytes.fromhex("0603551d11"), bytes.fromhex("0603551d20")
    twice = x509.load_der_x509_certificate(whole.whole.replace(policies, names))
    with pytest.raises(UNREADABLE):
        find_extension(twice, x509.SubjectAlternativeName)


@pytest.mark.parametrize("size", [0, 127, 128, 255, 256, 70000])
def test_what_is_encoded_is_read_again(size: int) -> None:
    """X.690 section 8.1.3: short and long lengths."""
    (read,) = elements(encoded(4, b"x" * size))
    assert (read.tag, len(read.content)) == (4, size)


@given(octets=st.binary(max_size=40))
def test_any_octets_are_elements_or_a_value_error(octets: bytes) -> None:
    """Nothing else is raised, and nothing is lost."""
    try:
        found = list(elements(octets))
    except ValueError:
        return
    assert b"".join(each.whole for each in found) == octets


@pytest.mark.parametrize(
    "oid", ["2.5.29.17", "1.3.6.1.4.1.11129.2.4.2", "0.4.0.194112.1.4", "2.999.3"]
)
def test_an_object_identifier_is_read(oid: str) -> None:
    """X.690 section 8.19."""
    (written,) = elements(
        x509.Name([x509.NameAttribute(x509.ObjectIdentifier(oid), "x")]).public_bytes()
    )
    (rdn,) = written.elements()
    (attribute,) = rdn.elements()
    assert dotted(attribute.elements()[0].content).dotted_string == oid


@pytest.mark.parametrize("octets", [b"", b"\x80", b"\x55\x84"])
def test_what_is_no_object_identifier_is_refused(octets: bytes) -> None:
    """It has to end."""
    with pytest.raises(ValueError, match="does not end"):
        dotted(octets)
