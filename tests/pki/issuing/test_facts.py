"""What a certificate says, in words."""

from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID

from pki.issuing import profiles
from pki.issuing.facts import facts
from pki.issuing.validity import validity


def test_foreign_certificate(now: float) -> None:
    """A certificate unlike ours is shown as well: other key, purpose, no authority."""
    key, until = Ed25519PrivateKey.generate(), validity(now, 1)
    purposes = [x509.ObjectIdentifier("1.2.3.4"), ExtendedKeyUsageOID.SERVER_AUTH]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(profiles.subject("Root", "Bank"))
        .public_key(key.public_key())
        .serial_number(255)
        .not_valid_before(until.not_before)
        .not_valid_after(until.not_after + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        .sign(key, None)
    )
    said = dict(facts(certificate))
    assert said["subject"] == ""
    assert said["serial number"] == "ff"
    assert said["key"] == "Ed25519PublicKey"
    assert said["purpose"] == "1.2.3.4, serverAuth"
    assert "authority" not in said
