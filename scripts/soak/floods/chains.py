"""
Client chains that are cheap to send and expensive to verify.

An RSA signature is verified with the public exponent, which is 65537 by custom and may
be as long as the modulus: then verifying costs what signing does, for each certificate
of the chain. Nobody has to be fooled for that, only to verify.
"""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_BITS = 3072
_ORDINARY_EXPONENT = 65537
_Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

LONG = 60
"""Authorities one above the other: about 85 KB of certificates."""
SAME = 4
"""Authorities of one name, each of which may be above each other."""


def expensive_key() -> rsa.RSAPrivateKey:
    """A key whose two exponents have changed places."""
    usual = rsa.generate_private_key(_ORDINARY_EXPONENT, _BITS).private_numbers()
    p, q, short = usual.p, usual.q, _ORDINARY_EXPONENT
    long = pow(short, -1, (p - 1) * (q - 1))
    numbers = rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=short,
        dmp1=short % (p - 1),
        dmq1=short % (q - 1),
        iqmp=pow(q, -1, p),
        public_numbers=rsa.RSAPublicNumbers(long, p * q),
    )
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)


def contexts(folder: Path, trusted: Path) -> tuple[ssl.SSLContext, ...]:
    """
    What clients with each of the chains connect with; *trusted* are the servers' roots.

    The files are written into *folder*.
    """
    authority = expensive_key()
    long = [f"Authority {level}" for level in range(LONG)]
    same = ["Authority"] * SAME
    return tuple(
        _context(folder / f"{name}.pem", trusted, names, authority)
        for name, names in (("long", long), ("same", same))
    )


def _context(
    file: Path, trusted: Path, names: list[str], authority: rsa.RSAPrivateKey
) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    above = [*names[1:], names[-1]]
    chain = [
        _certificate("Peer", names[0], key, authority, is_authority=False),
        *(
            _certificate(name, issuer, authority, authority, is_authority=True)
            for name, issuer in zip(names, above, strict=True)
        ),
    ]
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = b"".join(each.public_bytes(Encoding.PEM) for each in chain)
    file.write_bytes(private + public)
    context = ssl.create_default_context(cafile=trusted)
    context.load_cert_chain(file)
    return context


def _certificate(
    subject: str,
    issuer: str,
    key: _Key,
    authority: rsa.RSAPrivateKey,
    *,
    is_authority: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    constraints = x509.BasicConstraints(ca=is_authority, path_length=None)
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(constraints, critical=True)
    )
    if not is_authority:
        builder = builder.add_extension(usage, critical=False)
    return builder.sign(authority, SHA256())


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])
