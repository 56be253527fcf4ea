"""What is looked at, and what costs too much."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from pki.chain.cost import TooCostly, verify_cost, verify_peer_cost
from pki.chain.limits import LARGEST_CERTIFICATE, MOST_CERTIFICATES
from pki.keys import new_p256_key
from pki.peer import PeerCertificate
from tests.in_memory.hostile_certificates import (
    Key,
    certificate,
    costly_key,
    self_signed_with,
)

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    "key",
    [
        new_p256_key(),
        ec.generate_private_key(ec.SECP521R1()),
        rsa.generate_private_key(65537, 4096),
        rsa.generate_private_key(3, 2048),
    ],
    ids=["P-256", "P-521", "RSA-4096", "exponent 3"],
)
def test_keys_that_people_have(key: Key) -> None:
    """Every ordinary key is looked at."""
    assert verify_cost(self_signed_with(key, NOW).leaf_der)


def test_long_exponent() -> None:
    """With an exponent as long as the modulus one signature takes 21 ms."""
    with pytest.raises(TooCostly, match=r"has 20\d\d bits, expected at most 32"):
        verify_cost(self_signed_with(costly_key(), NOW).leaf_der)


def test_long_modulus() -> None:
    """The time of a check grows with the square of the modulus."""
    key, own = rsa.RSAPublicNumbers(65537, (1 << 8200) + 1).public_key(), new_p256_key()
    der = certificate("long", key, "long", own, NOW).public_bytes(Encoding.DER)
    with pytest.raises(TooCostly, match="a key of 8201 bits, expected at most 8192"):
        verify_cost(der)


def test_large_certificate() -> None:
    """A certificate is a few kilobytes."""
    key = new_p256_key()
    assert verify_cost(self_signed_with(key, NOW, padding=7000).leaf_der)
    large = self_signed_with(key, NOW, padding=LARGEST_CERTIFICATE).leaf_der
    with pytest.raises(TooCostly, match="bytes, expected at most 8192"):
        verify_cost(large)


def test_many_certificates() -> None:
    """A peer sends a chain, and not a collection."""
    der = self_signed_with(new_p256_key(), NOW).leaf_der
    verify_peer_cost(PeerCertificate(der, (der,) * (MOST_CERTIFICATES - 1)))
    with pytest.raises(TooCostly, match="11 certificates, expected at most 10"):
        verify_peer_cost(PeerCertificate(der, (der,) * MOST_CERTIFICATES))


def test_which_of_them() -> None:
    """The operator is told which certificate it was."""
    cheap = self_signed_with(new_p256_key(), NOW).leaf_der
    costly = self_signed_with(costly_key(), NOW).leaf_der
    with pytest.raises(TooCostly, match="certificate 3: the public exponent"):
        verify_peer_cost(PeerCertificate(cheap, (cheap, costly)))


def test_unreadable_key() -> None:
    """What cannot be read is not measured, and left to whoever needs it."""
    assert not verify_cost(b"\x30\x03\x02\x01\x01")
