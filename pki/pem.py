"""Credentials and revocation lists to and from PEM files."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from pki.malformed import UNREADABLE

_PEM_CRL = re.compile(
    rb"-----BEGIN X509 CRL-----.*?-----END X509 CRL-----\n?", re.DOTALL
)

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class PemError(ValueError):
    """A file does not hold what its name promises; the text names the file."""


@dataclass(frozen=True, slots=True)
class Credential:
    """
    A certificate with its private key: what one end of a handshake needs.

    *chain* has the leaf first, then the intermediates in order; no root. *file* is
    where the certificate was read from, for complaints about it.
    """

    chain: tuple[x509.Certificate, ...]
    private_key: PrivateKey
    file: Path | None = field(default=None, compare=False)

    @property
    def leaf(self) -> x509.Certificate:
        """The certificate that identifies its holder."""
        return self.chain[0]

    @property
    def leaf_der(self) -> bytes:
        """The leaf in DER: what thumbprints are made of."""
        return self.leaf.public_bytes(Encoding.DER)


def load_certificates(path: Path) -> tuple[x509.Certificate, ...]:
    """
    All the certificates of a PEM file, in its order; at least one.

    Raises:
        PemError: the file is missing, unreadable or holds no certificate.
    """
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except OSError as error:
        raise PemError(f"{path}: {error.strerror}") from error
    except UNREADABLE as error:
        raise PemError(f"{path}: no PEM certificate: {error}") from error


def load_revocation_lists(path: Path) -> tuple[x509.CertificateRevocationList, ...]:
    """
    All the certificate revocation lists of a PEM file, in its order; at least one.

    Who signed them, and whether they are current, is not checked.

    Raises:
        PemError: the file is missing or unreadable or holds no list.
    """
    try:
        blocks = _PEM_CRL.findall(path.read_bytes())
        lists = tuple(x509.load_pem_x509_crl(block) for block in blocks)
    except OSError as error:
        raise PemError(f"{path}: {error.strerror}") from error
    except UNREADABLE as error:
        raise PemError(f"{path}: no PEM revocation list: {error}") from error
    if not lists:
        raise PemError(f"{path}: no PEM revocation list")
    return lists


def load_credential(certificate_path: Path, key_path: Path) -> Credential:
    """
    The credential kept in a certificate file (leaf first) and a key file.

    Whether the certificate is valid today, or by whose word, is not checked.

    Raises:
        PemError: a file is missing or unreadable, the key is encrypted or neither
            EC nor RSA, or the key is not the leaf's.
    """
    chain = load_certificates(certificate_path)
    key = load_private_key(key_path)
    try:
        is_its_key = key.public_key() == chain[0].public_key()
    except UNREADABLE as error:
        reason = f"{certificate_path}: the key of the leaf cannot be read: {error}"
        raise PemError(reason) from error
    if not is_its_key:
        raise PemError(f"{key_path}: not the key of the leaf in {certificate_path}")
    return Credential(chain, key, certificate_path)


def load_private_key(path: Path) -> PrivateKey:
    """
    The private key in a PEM file.

    Raises:
        PemError: the file is missing or unreadable, the key is encrypted or neither
            EC nor RSA.
    """
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise PemError(f"{path}: {error.strerror}") from error
    except UNREADABLE as error:  # TypeError: the key is encrypted
        raise PemError(f"{path}: no usable private key: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise PemError(f"{path}: neither an EC nor an RSA key")
    return key


def certificates_to_pem(certificates: Sequence[x509.Certificate]) -> bytes:
    """The certificates as one PEM text, in the order given."""
    return b"".join(c.public_bytes(Encoding.PEM) for c in certificates)


def revocation_lists_to_pem(
    lists: Sequence[x509.CertificateRevocationList],
) -> bytes:
    """The revocation lists as one PEM text, in the order given."""
    return b"".join(each.public_bytes(Encoding.PEM) for each in lists)


def private_key_to_pem(key: PrivateKey) -> bytes:
    """The key as an unencrypted PKCS #8 PEM text."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def write_new(path: Path, data: bytes, mode: int = 0o600) -> None:
    """
    Create a file that must not exist yet, on disk when this returns.

    The mode is given at creation, so a key is never readable by others, not even
    for the blink between `open` and `chmod`.

    Raises:
        FileExistsError: nothing is overwritten, and no link is followed.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
