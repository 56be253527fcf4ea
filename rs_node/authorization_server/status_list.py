"""What is in a status list: draft-ietf-oauth-status-list-17 section 4."""

import re
import zlib
from base64 import urlsafe_b64decode
from dataclasses import dataclass

from pki.http.checks import Check
from rs_node.authorization_server.requests import NoUsableAnswer

FORM = Check(
    "status-list.form",
    "the status list is a signed JWT with a list in it",
    "Token Status List section 5.1",
)

LARGEST_LIST = 1024 * 1024
"""Octets once decompressed: eight million tokens of one bit each."""

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
_WIDTHS = (1, 2, 4, 8)  # bits for each token, section 4.2


class NoStatusList(NoUsableAnswer):
    """There is no list that can be relied on; *check* says what it failed."""

    def __init__(
        self, detail: str, check: Check, *, expected: str = "", presented: str = ""
    ) -> None:
        super().__init__(detail)
        self.check = check
        self.expected = expected
        self.presented = presented


@dataclass(frozen=True, slots=True)
class StatusList:
    """
    A list that was verified. *exp* and *ttl* are its own, infinite if it has none.

    *width* is the number of bits for each token.
    """

    exp: float
    ttl: float
    width: int
    octets: bytes

    def status(self, idx: int) -> int | None:
        """The status of one token; None of one that is beyond the end of the list."""
        place, shift = divmod(idx * self.width, 8)
        if place >= len(self.octets):
            return None
        # Section 4.1: the first token has the least significant bits.
        return self.octets[place] >> shift & (1 << self.width) - 1


def read_list(status_list: object) -> tuple[int, bytes]:
    """
    Bits for each token, and all of them, from the claim `status_list`.

    Raises:
        NoStatusList: section 4.2 says otherwise, or it is larger than is read.
    """
    match status_list:
        case {"bits": int(width), "lst": str(lst)} if width in _WIDTHS:
            return width, _decompressed(lst)
    raise NoStatusList("there is no status list in it", FORM)


def _decompressed(lst: str) -> bytes:
    if not _BASE64URL.fullmatch(lst):
        raise NoStatusList("the status list is not base64url", FORM)
    decompressor = zlib.decompressobj()
    try:
        compressed = urlsafe_b64decode(lst + "=" * (-len(lst) % 4))
        octets = decompressor.decompress(compressed, LARGEST_LIST + 1)
    except (ValueError, zlib.error) as error:
        raise NoStatusList(f"the status list: {error}", FORM) from error
    if len(octets) > LARGEST_LIST:
        raise NoStatusList(
            "the status list is larger than is read",
            FORM,
            expected=f"at most {LARGEST_LIST} octets",
            presented=f"{len(lst)} characters that become more",
        )
    if not decompressor.eof or decompressor.unused_data:
        raise NoStatusList("the status list ends too early or too late", FORM)
    return octets
