"""Entries of a subjectAltName from text."""

from ipaddress import ip_address

import pytest
from cryptography import x509

from pki.alternative_names import (
    dns_entry,
    email_entry,
    find_sans,
    host_names,
    host_names_of,
    ip_entry,
    uri_entry,
)
from pki.issuing.authority import self_signed
from pki.issuing.profiles import CLIENT, Profile, subject
from pki.issuing.validity import validity
from pki.pem import Credential


def test_host_names() -> None:
    """Host names and addresses become entries of their kinds, in order."""
    expected = [
        x509.DNSName("bank.example"),
        x509.IPAddress(ip_address("127.0.0.1")),
        x509.IPAddress(ip_address("::1")),
    ]
    assert expected == host_names(["bank.example", "127.0.0.1", "::1"])


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Bank.example",
        "*.bank.example",
        "bank..example",
        "-bank.example",
        "bank-.example",
        "bank.example.",
        "bank_1.example",
        "bänk.example",
        "bank.example\n",
        "bank.example:9443",
        "a" * 64,
        ".".join(["a" * 49] * 6),
        "127.0.0.256",
    ],
)
def test_no_host_name(name: str) -> None:
    """What is no lower-case ASCII host name is refused, wildcards included."""
    with pytest.raises(ValueError, match="is not a host name"):
        host_names([name])


def test_no_address_for_a_name() -> None:
    """An IP address is not taken for a DNS name."""
    with pytest.raises(ValueError, match="is not a host name"):
        dns_entry("127.0.0.1")


@pytest.mark.parametrize("address", ["", "localhost", "1.2.3", "::1%eth0", "1.2.3.4/8"])
def test_no_address(address: str) -> None:
    """What is no address is refused."""
    with pytest.raises(ValueError, match=r"'.*'"):
        ip_entry(address)


@pytest.mark.parametrize(
    "uri", ["https://a.example/x?y#z", "spiffe://example.com/tpp", "urn:uuid:1"]
)
def test_uri(uri: str) -> None:
    """An absolute URI is taken as it is."""
    assert uri == uri_entry(uri).value


@pytest.mark.parametrize(
    "uri",
    ["", "a.example", "//a.example/x", "https:", "https://a b", "https://ä.example"],
)
def test_no_uri(uri: str) -> None:
    """RFC 5280 section 4.2.1.6: a relative reference is refused."""
    with pytest.raises(ValueError, match="is not an absolute URI"):
        uri_entry(uri)


def test_email() -> None:
    """A mail address is taken as it is, its local part's case included."""
    assert email_entry("Ty.Webb@example.com").value == "Ty.Webb@example.com"


@pytest.mark.parametrize(
    "address", ["", "a", "@example.com", "a@", "a@b@c", "a b@c.example", "a@C.example"]
)
def test_no_email(address: str) -> None:
    """What is no mail address is refused."""
    with pytest.raises(ValueError, match="is not a mail address"):
        email_entry(address)


def test_find_sans(
    server_credential: Credential, client_credential: Credential
) -> None:
    """What was put in is read again, and a certificate without has none."""
    expected = host_names(["localhost", "127.0.0.1", "::1"])
    assert expected == find_sans(server_credential.leaf)
    assert find_sans(client_credential.leaf) == []


def test_the_hosts_of_a_server(server_credential: Credential) -> None:
    """By name and by address; one node's odd certificate ends no start of it."""
    hosts = host_names_of(server_credential.leaf)
    assert hosts == ["localhost", "127.0.0.1", "::1"]
    names = x509.ObjectIdentifier("2.5.29.17")
    for content in (b"\xff", b"\x30\x02\xa3\x00"):  # the last: an x400Address
        odd = x509.UnrecognizedExtension(names, content)
        profile = Profile((*CLIENT.extensions, (odd, False)))
        until = validity(1_800_000_000.0, 9)
        leaf = self_signed(profile, subject("own", "Bank"), until).leaf
        assert host_names_of(leaf) == []
