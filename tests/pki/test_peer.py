"""What the other end of a connection proved, well-formed or not."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from pki.issuing import authority, profiles
from pki.issuing.authority import Authority
from pki.issuing.validity import validity
from pki.keys import new_p256_key
from pki.malformed import UNREADABLE
from pki.peer import PeerCertificate, UnreadableCertificate
from pki.pem import Credential
from pki.thumbprint import x5t_s256


def _named(common_name: str, now: float) -> PeerCertificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    made = authority.self_signed(profiles.CLIENT, name, validity(now, 1))
    return PeerCertificate(made.leaf_der)


def test_what_is_derived(client_credential: Credential) -> None:
    """Thumbprint, certificate and subject are the leaf's, each made once."""
    peer = PeerCertificate(client_credential.leaf_der)
    assert peer.x5t_s256 == x5t_s256(client_credential.leaf_der)
    assert peer.certificate == client_credential.leaf
    assert peer.certificate is peer.certificate
    assert peer.subject == (
        "CN=client,organizationIdentifier=PSDGB-FCA-900001,O=TPP Ltd,C=GB"
    )
    assert peer.intermediates == ()


def test_sent_after(
    client_credential: Credential, client_intermediate: Authority
) -> None:
    """RFC 8705 section 2.1: what was sent after the leaf never identifies."""
    sent = tuple(c.public_bytes(Encoding.DER) for c in client_credential.chain)
    peer = PeerCertificate(sent[0], sent[1:])
    assert peer.intermediates == (client_intermediate.certificate,)
    assert peer.certificate == client_credential.leaf
    assert peer.x5t_s256 == x5t_s256(sent[0])


def test_two_connections_are_two_peers(client_credential: Credential) -> None:
    """A certificate is that of one connection, even where another sent the same."""
    der = client_credential.leaf_der
    assert PeerCertificate(der) != PeerCertificate(der)


def test_subject_is_safe_for_a_log(now: float) -> None:
    """A subject with a line end in it stays on one line."""
    subject = _named("x\n09:00:00 as info peer=trusted", now).subject
    assert subject.isprintable()
    assert subject == r"CN=x\0A09:00:00 as info peer=trusted"


def test_not_a_certificate() -> None:
    """Octets that are no certificate have a thumbprint and nothing else."""
    peer = PeerCertificate(b"\x30\x00")
    assert peer.x5t_s256 == x5t_s256(b"\x30\x00")
    with pytest.raises(UnreadableCertificate, match="not a readable certificate"):
        _ = peer.certificate
    assert peer.subject.startswith("(unreadable: not a readable certificate")


def test_version_nobody_knows(client_credential: Credential) -> None:
    """A certificate of a version that does not exist is unreadable, not a fault."""
    der = client_credential.leaf_der
    version_3 = bytes.fromhex("a003020102")
    assert der.count(version_3) == 1
    peer = PeerCertificate(der.replace(version_3, bytes.fromhex("a003020107")))
    with pytest.raises(UnreadableCertificate):
        _ = peer.certificate


def test_subject_that_cannot_be_read(now: float) -> None:
    """
    A common name that is a BIT STRING leaves the log a text and raises nothing.

    `cryptography` parses such a certificate and refuses its subject by a TypeError.
    """
    der = _named("abcd", now).der
    utf8_string = b"\x0c\x04abcd"
    peer = PeerCertificate(der.replace(utf8_string, b"\x03\x04\x00bcd"))
    with pytest.raises(UNREADABLE):
        _ = peer.certificate.subject
    assert peer.subject.startswith("(unreadable: ")


def test_intermediate_that_cannot_be_read(client_credential: Credential) -> None:
    """One unreadable certificate among those sent after the leaf is told as such."""
    peer = PeerCertificate(client_credential.leaf_der, (b"\x30\x00",))
    assert peer.certificate == client_credential.leaf
    with pytest.raises(UnreadableCertificate):
        _ = peer.intermediates


def test_key_is_not_looked_at(now: float) -> None:
    """Two certificates of one key are two thumbprints: the binding is to the whole."""
    key = new_p256_key()
    name = profiles.subject("client", "TPP Ltd")
    first, second = (
        authority.self_signed(profiles.CLIENT, name, validity(now, days), key=key)
        for days in (1, 2)
    )
    assert first.leaf.public_key() == second.leaf.public_key()
    assert first.leaf.fingerprint(SHA256()) != second.leaf.fingerprint(SHA256())
    assert x5t_s256(first.leaf_der) != x5t_s256(second.leaf_der)
