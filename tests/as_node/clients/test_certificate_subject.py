"""A client's registered subject and its certificate's: RFC 8705 section 2.1.2."""

from ipaddress import ip_address

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from as_node.clients.certificate_subject import (
    PresentedSubject,
    RegisteredSubject,
    presented_subject,
    registered_subject,
)
from pki.issuing.authority import client_root
from pki.issuing.profiles import subject
from pki.peer import PeerCertificate, UnreadableCertificate
from pki.pem import Credential

NOW = 1_800_000_000.0
NAME = subject("tpp.example.com", "Example TPP Ltd", "PSDGB-FCA-123456")
ROOT = client_root(subject("Root", "Bank"), now=NOW)

DN = "tls_client_auth_subject_dn"
DNS = "tls_client_auth_san_dns"
URI = "tls_client_auth_san_uri"
IP = "tls_client_auth_san_ip"
EMAIL = "tls_client_auth_san_email"


def presented(*sans: x509.GeneralName, name: x509.Name = NAME) -> PresentedSubject:
    """The names in a certificate with this subject and these alternative names."""
    return presented_subject(peer(ROOT.issue_client(name, now=NOW, sans=sans)))


def peer(credential: Credential) -> PeerCertificate:
    """Who connects with this certificate."""
    return PeerCertificate(credential.leaf_der)


# The distinguished name.


@pytest.mark.parametrize(
    "text",
    [
        "CN=tpp.example.com,2.5.4.97=PSDGB-FCA-123456,O=Example TPP Ltd,C=GB",
        (
            "cn=TPP.example.com, organizationIdentifier=psdgb-fca-123456,"
            " o=example  tpp  ltd, c=gb"
        ),
        (
            "CN=tpp.example.com,2.5.4.97=#0c1050534447422d4643412d313233343536,"
            "O=Example TPP Ltd,C=GB"
        ),
        (
            "CN=tpp.example.com,2.5.4.97=#131050534447422d4643412d313233343536,"
            "O=Example TPP Ltd,C=GB"
        ),
    ],
)
def test_every_spelling_of_the_subject_is_the_subject(text: str) -> None:
    """RFC 8705 section 2.1: the name is compared by distinguishedNameMatch."""
    assert presented().is_the(registered_subject(DN, text))


@pytest.mark.parametrize(
    "text",
    [
        "C=GB,O=Example TPP Ltd,2.5.4.97=PSDGB-FCA-123456,CN=tpp.example.com",
        "CN=tpp.example.com,O=Example TPP Ltd,C=GB",
        "CN=tpp.example.com",
        "CN=tpp.example.co,2.5.4.97=PSDGB-FCA-123456,O=Example TPP Ltd,C=GB",
        "CN=.*,2.5.4.97=PSDGB-FCA-123456,O=Example TPP Ltd,C=GB",
    ],
)
def test_another_name_is_not_the_subject(text: str) -> None:
    """RFC 8705 section 2.1: no other order, no part of it, no pattern."""
    assert not presented().is_the(registered_subject(DN, text))


# dNSName.


@pytest.mark.parametrize("text", ["tpp.example.com", "TPP.Example.COM"])
@pytest.mark.parametrize("entry", ["tpp.example.com", "tpp.EXAMPLE.com"])
def test_a_dns_name_matches_in_any_case(text: str, entry: str) -> None:
    """RFC 8705 section 2.1.2: a DNS name has no case."""
    assert presented(x509.DNSName(entry)).is_the(registered_subject(DNS, text))


@pytest.mark.parametrize(
    "entry",
    ["*.example.com", "tpp.example.com.", "a.tpp.example.com", "example.com"],
)
def test_a_dns_name_matches_whole_and_nothing_is_expanded(entry: str) -> None:
    """RFC 8705 section 2.1.2: a wildcard in the certificate stands for itself only."""
    registered = registered_subject(DNS, "tpp.example.com")
    assert not presented(x509.DNSName(entry)).is_the(registered)


def test_the_common_name_is_no_dns_name() -> None:
    """RFC 8705 section 2.1.2: a name in the subject is not an alternative name."""
    registered = registered_subject(DNS, "tpp.example.com")
    assert not presented().is_the(registered)
    assert not presented(x509.DNSName("other.example.com")).is_the(registered)


# uniformResourceIdentifier.


def test_a_uri_matches_octet_by_octet() -> None:
    """RFC 8705 section 2.1.2: a URI is compared as it is written."""
    registered = registered_subject(URI, "spiffe://example.com/tpp")
    names = presented(x509.UniformResourceIdentifier("spiffe://example.com/tpp"))
    assert names.is_the(registered)


@pytest.mark.parametrize(
    "entry",
    [
        "spiffe://example.com/TPP",
        "spiffe://EXAMPLE.com/tpp",
        "spiffe://example.com/tpp/",
    ],
)
def test_a_uri_in_another_spelling_is_another(entry: str) -> None:
    """RFC 8705 section 2.1.2: not even what would lead to the same place matches."""
    registered = registered_subject(URI, "spiffe://example.com/tpp")
    assert not presented(x509.UniformResourceIdentifier(entry)).is_the(registered)


# iPAddress.


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("::ffff:192.0.2.1", "::ffff:c000:201"),
    ],
)
def test_an_address_matches_in_binary(text: str, entry: str) -> None:
    """RFC 8705 section 2.1.2: addresses are the same if their octets are."""
    names = presented(x509.IPAddress(ip_address(entry)))
    assert names.is_the(registered_subject(IP, text))


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("192.0.2.1", "192.0.2.10"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("192.0.2.1", "::ffff:192.0.2.1"),
        ("::192.0.2.1", "192.0.2.1"),
    ],
)
def test_an_address_in_another_family_is_another(text: str, entry: str) -> None:
    """RFC 8705 section 2.1.2: 4 octets are never the same as 16."""
    names = presented(x509.IPAddress(ip_address(entry)))
    assert not names.is_the(registered_subject(IP, text))


# rfc822Name.


@pytest.mark.parametrize("text", ["Bdc@example.com", "Bdc@EXAMPLE.com"])
def test_the_host_of_a_mail_address_has_no_case(text: str) -> None:
    """RFC 5280 section 7.5: the host part is compared without regard to case."""
    names = presented(x509.RFC822Name("Bdc@Example.com"))
    assert names.is_the(registered_subject(EMAIL, text))


@pytest.mark.parametrize("entry", ["bdc@example.com", "Bdc@example.org", "Bdc"])
def test_the_local_part_of_a_mail_address_has_case(entry: str) -> None:
    """RFC 5280 section 7.5: the local part is compared as it is written."""
    names = presented(x509.RFC822Name(entry))
    assert not names.is_the(registered_subject(EMAIL, "Bdc@example.com"))


# Several, and of several types.


def test_one_of_several_entries_is_enough() -> None:
    """RFC 8705 section 2.1.2: the registered name is among those presented."""
    names = presented(
        x509.DNSName("first.example.com"),
        x509.RegisteredID(x509.ObjectIdentifier("1.2.3.4")),
        x509.DNSName("second.example.com"),
        x509.IPAddress(ip_address("192.0.2.1")),
    )
    assert names.is_the(registered_subject(DNS, "second.example.com"))
    assert names.is_the(registered_subject(IP, "192.0.2.1"))
    assert len(names.sans) == 3


@pytest.mark.parametrize(
    ("parameter", "text", "entry"),
    [
        (URI, "dns:tpp.example.com", x509.DNSName("tpp.example.com")),
        (DNS, "tpp.example.com", x509.UniformResourceIdentifier("tpp.example.com")),
        (DNS, "tpp.example.com", x509.RFC822Name("tpp.example.com")),
        (IP, "192.0.2.1", x509.DNSName("192.0.2.1")),
        (EMAIL, "a@example.com", x509.UniformResourceIdentifier("a@example.com")),
        (URI, "mailto:a@example.com", x509.RFC822Name("a@example.com")),
    ],
)
def test_the_same_text_in_an_entry_of_another_type_is_no_match(
    parameter: str, text: str, entry: x509.GeneralName
) -> None:
    """RFC 8705 section 2.1.2: each parameter speaks of one type of entry."""
    assert not presented(entry).is_the(registered_subject(parameter, text))


# What cannot be registered.


@pytest.mark.parametrize(
    ("parameter", "text", "reason"),
    [
        (DN, "tpp", "attribute type"),
        (DN, "", "identifies nobody"),
        (DN, "/C=GB/CN=tpp", "attribute type"),
        (DNS, "*.example.com", "wildcard"),
        (DNS, "tpp example com", "host name"),
        (DNS, "192.0.2.1", "host name"),
        (DNS, "\N{KELVIN SIGN}ey.example.com", "host name"),
        (DNS, "", "host name"),
        (URI, "tpp", "absolute URI"),
        (URI, "https://example.com/a b", "absolute URI"),
        (IP, "192.0.2.1/32", "does not appear"),
        (IP, "192.0.2.01", "does not appear"),
        (IP, "fe80::1%eth0", "zone"),
        (IP, "tpp.example.com", "does not appear"),
        (EMAIL, "example.com", "mail address"),
        (EMAIL, "@example.com", "mail address"),
        (EMAIL, "a@b c", "mail address"),
    ],
)
def test_what_names_nobody_cannot_be_registered(
    parameter: str, text: str, reason: str
) -> None:
    """RFC 8705 section 2.1.2: the refusal is one line: key, expected, found, why."""
    with pytest.raises(ValueError, match=reason) as refused:
        registered_subject(parameter, text)
    line = str(refused.value)
    assert line.startswith(f"{parameter}: expected ")
    assert f"found {text!a}" in line
    assert "\n" not in line


# Certificates that cannot be read.


def test_a_subject_that_is_not_text_is_unreadable() -> None:
    """A common name that is a BIT STRING makes cryptography raise TypeError."""
    der = ROOT.issue_client(NAME, now=NOW).leaf_der
    broken = der.replace(b"\x0c\x0ftpp.example.com", b"\x03\x0ftpp.example.com")
    assert broken != der
    with pytest.raises(UnreadableCertificate, match="no readable subject"):
        presented_subject(PeerCertificate(broken))


def test_no_certificate_at_all_is_unreadable() -> None:
    """Octets that are no certificate have no subject."""
    with pytest.raises(UnreadableCertificate, match="no readable subject"):
        presented_subject(PeerCertificate(b"\x30\x00"))


# cryptography 50 warns of a serial number that is not positive or of a country of
# seven letters, and reads on.
@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@pytest.mark.filterwarnings("ignore:Attribute's length:UserWarning")
@given(st.data())
def test_a_mutated_certificate_is_read_or_unreadable(data: st.DataObject) -> None:
    """Whatever octet is changed, nothing but UnreadableCertificate is raised."""
    der = bytearray(MUTATED.leaf_der)
    position = data.draw(st.integers(0, len(der) - 1))
    der[position] = data.draw(st.integers(0, 255))
    try:
        names = presented_subject(PeerCertificate(bytes(der)))
    except UnreadableCertificate:
        return
    assert "\n" not in "".join(map(str, names.sans))


MUTATED = ROOT.issue_client(
    NAME,
    now=NOW,
    sans=[x509.DNSName("tpp.example.com"), x509.IPAddress(ip_address("192.0.2.1"))],
)


def test_a_name_for_the_log_has_no_line_of_its_own() -> None:
    """What a peer puts into a name cannot begin a new line in the log."""
    names = presented(x509.UniformResourceIdentifier("urn:a\nb"))
    assert [str(name) for name in names.sans] == [r"uri:urn:a\nb"]


def test_a_registration_has_exactly_the_five_parameters() -> None:
    """RFC 8705 section 2.1.2: another parameter is not one of them."""
    with pytest.raises(KeyError):
        registered_subject("tls_client_auth_root_dn", "CN=Root")


def test_registered_subjects_are_values() -> None:
    """Two registrations of one mail address are the same, whatever they look like."""
    one = registered_subject(EMAIL, "a@example.com")
    assert one == registered_subject(EMAIL, "a@EXAMPLE.com")
    assert isinstance(one, RegisteredSubject)
