"""The PEM blocks of a file of revocation lists, each for itself: good, or broken."""

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass

from pki.der import SEQUENCE, element_at

_BEGIN, _END = b"-----BEGIN X509 CRL-----", b"-----END X509 CRL-----"
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*")


@dataclass(frozen=True, slots=True)
class BrokenList:
    """
    A list that cannot be read, and why.

    *issuer* is the name of its CA in DER, as far as that could be made out; where it
    could not, it is empty, and nobody can tell whose list this was.
    """

    issuer: bytes
    problem: str


def revocation_list_blocks(text: bytes) -> Iterator[bytes | BrokenList]:
    """
    The lists in *text* in its order, in DER where a whole block is there.

    What stands before, between and after the blocks is not looked at.
    """
    _, *begun = text.split(_BEGIN)
    for block in begun:
        body, end, _ = block.partition(_END)
        text64 = b"".join(body.split())
        if not end:
            yield _broken(text64, "it has no end line: was it cut off?")
            continue
        try:
            yield b64decode(text64, validate=True)
        except ValueError as error:  # binascii.Error, or octets beyond ASCII
            yield _broken(text64, str(error))


def _broken(text64: bytes, why: str) -> BrokenList:
    problem = f"no readable revocation list: {why}"
    return BrokenList(find_issuer(_beginning(text64)), problem)


def _beginning(text64: bytes) -> bytes:
    """What can be decoded of base64 that ends, or is broken, somewhere."""
    whole = _BASE64.match(text64)
    assert whole is not None  # noqa: S101 - it matches nothing, too
    return b64decode(whole[0][: len(whole[0]) // 4 * 4])


def find_issuer(der: bytes) -> bytes:
    """
    The name of the CA in a list that may be cut off or broken after it; else nothing.

    RFC 5280 section 5.1: it follows the version, if there is one, and the algorithm.
    """
    try:
        signed = element_at(der, element_at(der, 0).start)
        part = element_at(der, signed.start)
        while part.tag != SEQUENCE:  # the version
            part = element_at(der, part.end)
        issuer = element_at(der, part.end)
    except ValueError:
        return b""
    whole = der[part.end : issuer.end]
    return whole if issuer.tag == SEQUENCE and issuer.end <= len(der) else b""
