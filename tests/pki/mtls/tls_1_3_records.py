"""
TLS 1.3 records, opened with session secrets by `cryptography` alone.

What a recording promises to be good for is tried here by somebody who shares no code
with it.
"""

from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA384
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

_APPLICATION_DATA = 23  # what every encrypted record is called


def records(stream: bytes) -> list[bytes]:
    """The whole records of one direction, their headers included."""
    found = []
    while stream:
        end = 5 + int.from_bytes(stream[3:5])
        found.append(stream[:end])
        assert len(found[-1]) == end
        stream = stream[end:]
    return found


def opened(stream: bytes, secrets: Sequence[bytes]) -> list[tuple[int, bytes]]:
    """
    The content types and contents of the encrypted records of one direction.

    Each of the *secrets* is good for some records, then it is the turn of the next;
    what comes after those of the last stays closed. The suite is
    TLS_AES_256_GCM_SHA384 (RFC 8446 sections 5.2, 5.3, 7.1, 7.3).
    """
    turns = [_Keys(secret) for secret in secrets]
    found = []
    for record in records(stream):
        if record[0] != _APPLICATION_DATA:
            continue
        while turns and (inner := turns[0].open(record)) is None:
            turns.pop(0)
        if not turns:
            break
        assert inner is not None
        unpadded = inner.rstrip(b"\0")
        found.append((unpadded[-1], unpadded[:-1]))
    return found


class _Keys:
    """What one traffic secret leads to, and the number of its next record."""

    def __init__(self, secret: bytes) -> None:
        self._aead = AESGCM(_expand_label(secret, b"key", 32))
        self._iv = int.from_bytes(_expand_label(secret, b"iv", 12))
        self._number = 0

    def open(self, record: bytes) -> bytes | None:
        nonce = (self._iv ^ self._number).to_bytes(12)
        try:
            inner = self._aead.decrypt(nonce, record[5:], record[:5])
        except InvalidTag:
            return None
        self._number += 1
        return inner


def _expand_label(secret: bytes, label: bytes, length: int) -> bytes:
    label = b"tls13 " + label
    info = length.to_bytes(2) + bytes([len(label)]) + label + b"\0"
    return HKDFExpand(SHA384(), length, info).derive(secret)
