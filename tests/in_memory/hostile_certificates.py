"""Certificates that cost whoever looks at them as much as they can."""

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from pki.issuing.profiles import subject
from pki.issuing.validity import validity
from pki.keys import new_p256_key
from pki.pem import Credential

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def costly_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """An RSA key whose public exponent is as long as its modulus."""
    primes = rsa.generate_private_key(65537, bits).private_numbers()
    p, q, private = primes.p, primes.q, 65537
    exponent = pow(private, -1, (p - 1) * (q - 1))
    return rsa.RSAPrivateNumbers(
        p,
        q,
        private,
        rsa.rsa_crt_dmp1(private, p),
        rsa.rsa_crt_dmq1(private, q),
        rsa.rsa_crt_iqmp(p, q),
        rsa.RSAPublicNumbers(exponent, p * q),
    ).private_key(unsafe_skip_rsa_key_validation=True)


def certificate(
    name: str,
    key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey,
    issuer: str,
    issuer_key: Key,
    now: float,
    *,
    padding: int = 0,
) -> x509.Certificate:
    """A CA's certificate, or anybody's; *padding* makes it so many bytes larger."""
    times = validity(now, 30)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject(name, "Hostile"))
        .issuer_name(subject(issuer, "Hostile"))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(times.not_before)
        .not_valid_after(times.not_after)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    )
    if padding:
        oid = x509.ObjectIdentifier("1.3.6.1.4.1.55555.1")
        filled = x509.UnrecognizedExtension(oid, bytes(padding))
        builder = builder.add_extension(filled, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def chain_of(count: int, key: Key, now: float) -> Credential:
    """A leaf with a cheap key, and *count* CAs above it that all have *key*."""
    own = new_p256_key()
    leaf = certificate("leaf", own.public_key(), "ca 0", key, now)
    cas = [
        certificate(f"ca {n}", key.public_key(), f"ca {n + 1}", key, now)
        for n in range(count)
    ]
    return Credential((leaf, *cas), own)


def self_signed_with(key: Key, now: float, *, padding: int = 0) -> Credential:
    """One certificate, by its own word."""
    made = certificate("alone", key.public_key(), "alone", key, now, padding=padding)
    return Credential((made,), key)
