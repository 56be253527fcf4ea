"""RFC 9525 section 6: whether a server's certificate names the host asked for."""

from ipaddress import ip_address

import pytest
from cryptography import x509

from pki.issuing.authority import self_signed
from pki.issuing.profiles import SERVER, Profile, subject
from pki.issuing.validity import validity
from pki.mtls.server_names import find_name_fault

UNTIL = validity(1_800_000_000.0, 9)
LOCALHOST = x509.DNSName("localhost")
LOOPBACK = x509.IPAddress(ip_address("127.0.0.1"))


def fault(*names: x509.GeneralName, host: str = "localhost") -> str:
    """Why a certificate with these names is not for *host*."""
    server = self_signed(SERVER, subject("localhost", "Bank"), UNTIL, sans=names)
    return find_name_fault(server.leaf, host, is_address=host[0].isdigit())


@pytest.mark.parametrize(
    "odd", ["127.0.0.1", "*.*.example.org", "", "*", " ", "a*b*.c", "*.org", "-.x"]
)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_name_that_is_none_is_passed_over(odd: str, host: str) -> None:
    """Section 6.2: any match is enough, whatever stands beside it."""
    assert fault(x509.DNSName(odd), LOCALHOST, LOOPBACK, host=host) == ""
    assert fault(LOCALHOST, LOOPBACK, x509.DNSName(odd), host=host) == ""


def test_an_address_written_as_a_host_name_is_no_address() -> None:
    """RFC 9525 section 7.5: an address is compared with addresses alone."""
    assert fault(x509.DNSName("127.0.0.1"), host="127.0.0.1")


@pytest.mark.parametrize("odd", ["localhost\0.evil.example", "a\nb", "\x7f", "a\tb"])
def test_a_name_made_to_be_misread_refuses_the_certificate(odd: str) -> None:
    """A NUL ends a name for software written in C: nobody has one by accident."""
    said = fault(x509.DNSName(odd), LOCALHOST)
    assert said == "one of its names has a character that no host name has"


def test_the_names_it_has_are_said() -> None:
    """In a person's words, and no more of them than are read."""
    other = x509.DNSName("other.example")
    assert fault(other, LOOPBACK) == "it is for other.example, 127.0.0.1"
    assert fault() == "it names no host (subjectAltName)"
    assert fault(x509.RFC822Name("a@b.example")) == "it names no host (subjectAltName)"
    many = [x509.DNSName(f"h{n}.example") for n in range(20)]
    assert fault(*many).endswith("h7.example and 12 more")


def test_an_unreadable_extension_beside_hides_no_name() -> None:
    """A policy that nobody asks for is no matter; names that cannot be read are."""
    policies = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.32"), b"\xff")
    odd = Profile((*SERVER.extensions, (policies, False)))
    server = self_signed(odd, subject("s", "Bank"), UNTIL, sans=[LOCALHOST])
    assert find_name_fault(server.leaf, "localhost", is_address=False) == ""
    names = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.5.29.17"), b"\xff")
    worse = Profile((*SERVER.extensions, (names, False)))
    server = self_signed(worse, subject("s", "Bank"), UNTIL)
    said = find_name_fault(server.leaf, "localhost", is_address=False)
    assert said.startswith("its names cannot be read")
