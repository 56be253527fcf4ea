"""
Where a JWT access token says that its revocation can be read.

Token Status List (draft-ietf-oauth-status-list-17) section 6.2: the claim `status`
names a list by its address and a place in it. Here both come from one number, the
token's index among all that were ever given out.
"""

from dataclasses import dataclass

STATUS = "/status/"
"""The path of a list, before its number."""

LIST_SIZE = 2**17
"""
How many tokens one list is about.

16 KiB of bits; signed, from 0.5 kB with none revoked to 30 kB where half are. At a
thousand tokens a second that live for five minutes four lists are in use.
"""


@dataclass(frozen=True, slots=True)
class StatusIndex:
    """The index of a token, which says its list and its place there."""

    number: int

    def claim(self, issuer: str) -> dict[str, object]:
        """The claim `status` of a token of *issuer*."""
        number, idx = divmod(self.number, LIST_SIZE)
        return {"status_list": {"idx": idx, "uri": list_uri(issuer, number)}}


def list_uri(issuer: str, number: int) -> str:
    """The address of a list of *issuer*."""
    return f"{issuer}{STATUS}{number}"


def read_status(claim: object, issuer: str) -> StatusIndex | None:
    """
    The index that the claim `status` of a token of *issuer* names.

    None of a claim that this server would not write.
    """
    match claim:
        case {"status_list": {"idx": int(idx), "uri": str(uri)}}:
            whose, _, text = uri.partition(STATUS)
            number = list_number(text)
            if whose == issuer and number is not None and 0 <= idx < LIST_SIZE:
                return StatusIndex(number * LIST_SIZE + idx)
    return None


def list_number(text: str) -> int | None:
    """The number of a list as its address has it, None of anything else."""
    if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS:
        number = int(text)
        return number if str(number) == text else None
    return None


# SQLite counts to 2^63: of lists that is fifteen digits.
_MOST_DIGITS = 14
