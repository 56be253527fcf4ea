"""
Thumbprints that are none: mistakes in `x5t#S256`, some of them seen in products.

Each is refused as any other value would be. Only the operator's log is told which
one it was, so that nobody has to find that out at night.
"""

from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha1, sha256
from ssl import DER_cert_to_PEM_cert

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK

from pki.malformed import UNREADABLE
from pki.peer import PeerCertificate


def recognised(value: str, peer: PeerCertificate) -> str | None:
    """
    What *value* is, if it was made from the peer's certificate in a known wrong way.

    `None` for the right thumbprint as well as for that of another certificate.
    """
    if value == peer.x5t_s256:
        return None
    for name, wrong in _mistakes(peer):
        if value == wrong:
            return name
    if value.lower() == peer.x5t_s256.lower():
        return "the thumbprint in another case"
    if value.replace(":", "").lower() == sha256(peer.der).hexdigest():
        return "the SHA-256 thumbprint in hex"
    if value.replace(":", "").lower() == _sha1(peer.der).hex():
        return "the SHA-1 thumbprint in hex"
    return None


def _mistakes(peer: PeerCertificate) -> Iterator[tuple[str, str]]:
    """Each known mistake with the value it makes of this certificate."""
    digest = sha256(peer.der).digest()
    pem = DER_cert_to_PEM_cert(peer.der).encode("ascii")
    fingerprint = digest.hex(":").upper()
    yield "the thumbprint with padding", urlsafe_b64encode(digest).decode("ascii")
    standard = b64encode(digest).decode("ascii")
    yield "the thumbprint in standard base64", standard
    yield "the thumbprint in standard base64, unpadded", standard.rstrip("=")
    yield "base64url of the hex digits", _base64url(digest.hex().encode("ascii"))
    yield "the SHA-1 thumbprint (x5t)", _base64url(_sha1(peer.der))
    yield "the SHA-256 of the PEM text, in hex", sha256(pem).hexdigest()
    yield "the SHA-256 of the PEM text", _base64url(sha256(pem).digest())
    # The digits of a fingerprint, without the colons, happen to be base64 as well.
    decoded = b64decode(fingerprint.replace(":", ""))
    yield "the SHA-256 of its fingerprint", _base64url(sha256(decoded).digest())
    yield "its hex fingerprint, read as base64", _base64url(decoded)
    yield from _of_the_key(peer)


def _of_the_key(peer: PeerCertificate) -> Iterator[tuple[str, str]]:
    """Mistakes about what is hashed: the key, which outlives its certificates."""
    try:
        key = peer.certificate.public_key()
        spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        yield "the SHA-256 of the public key", _base64url(sha256(spki).digest())
        yield "the JWK thumbprint (jkt) of the key", JWK.from_pyca(key).thumbprint()
    except (*UNREADABLE, UnsupportedAlgorithm, JWException):
        return  # a key that has no such thumbprints


def _sha1(der: bytes) -> bytes:
    return sha1(der, usedforsecurity=False).digest()


def _base64url(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
