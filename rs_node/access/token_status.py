"""
Whether a JWT access token is revoked, by the status list that it refers to.

Token Status List (draft-ietf-oauth-status-list-17) sections 6.2 and 8.3; FAPI 2.0
Security Profile section 5.3.4 has a resource server verify that no token is revoked.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from pki.http.checks import Check
from pki.http.journal import Journal
from rs_node.access.challenges import InvalidToken, Unavailable
from rs_node.authorization_server.status_list import NoStatusList
from rs_node.authorization_server.status_lists import StatusLists

STATUS = Check(
    "token.status",
    "the token says where its revocation can be read",
    "Token Status List section 6.2",
)
OWN_LIST = Check(
    "token.status-uri",
    "the status list is one of the issuer's own",
    "RFC 8725 section 3.10",
)
NOT_REVOKED = Check(
    "token.not-revoked",
    "the token has not been revoked",
    "FAPI 2.0 Security Profile section 5.3.4",
)

_VALID = 0  # section 7.1; every other status is a reason to refuse
_PATH = re.compile(r"(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+")


class StatusReference(NamedTuple):
    """Where the status of one token is: the place *idx* in the list at *uri*."""

    uri: str
    idx: int


@dataclass(frozen=True, slots=True)
class TokenStatus:
    """Looks tokens of *issuer* up in its *lists*."""

    lists: StatusLists
    issuer: str

    async def verify(self, status: object, journal: Journal) -> None:
        """
        The token whose claim `status` this is has not been revoked.

        Raises:
            InvalidToken: it has, or does not say where that can be read.
            Unavailable: that cannot be told at the moment.
        """
        reference = read_reference(status)
        verify_own_list(reference.uri, self.issuer)
        try:
            status_list = await self.lists.find(reference.uri, journal)
        except NoStatusList as error:
            raise Unavailable(
                str(error),
                error.check,
                expected=error.expected,
                presented=error.presented,
            ) from error
        verify_not_revoked(reference, status_list.status(reference.idx), journal)


def read_reference(status: object) -> StatusReference:
    """
    What the claim `status` refers to.

    Raises:
        InvalidToken: there is none, or not to a place in a list.
    """
    status_list = status.get("status_list") if isinstance(status, dict) else None
    if isinstance(status_list, dict):
        uri, idx = status_list.get("uri"), status_list.get("idx")
        # The type itself: a boolean is an `int` to Python.
        if isinstance(uri, str) and type(idx) is int and idx >= 0:
            return StatusReference(uri, idx)
    raise InvalidToken("the token refers to no status list", STATUS)


def verify_own_list(uri: str, issuer: str) -> None:
    """
    The list is on the issuer's host: what a token says never has us ask another.

    Raises:
        InvalidToken: it is elsewhere, or not an address with a plain path.
    """
    if not _is_own_list(uri, issuer):
        raise InvalidToken(
            "the status list is not one of the issuer's",
            OWN_LIST,
            expected=f"{issuer}/…",
            presented=f"{uri!a:.200}",
        )


@lru_cache(maxsize=64)  # a few addresses, asked about with every request
def _is_own_list(uri: str, issuer: str) -> bool:
    prefix = issuer.rstrip("/")
    return uri.startswith(prefix) and bool(_PATH.fullmatch(uri.removeprefix(prefix)))


def verify_not_revoked(
    reference: StatusReference, status: int | None, journal: Journal
) -> None:
    """
    Section 7.1: its *status* is 0, VALID. None is one beyond the end of the list.

    Raises:
        InvalidToken: it is anything else.
    """
    where = f"at {reference.idx} of {reference.uri}"
    if status is None:
        text = "the token's place is beyond the end of its status list"
        raise InvalidToken(text, STATUS, presented=where)
    presented = f"status {status} {where}"
    if status != _VALID:
        text = "the token has been revoked"
        raise InvalidToken(text, NOT_REVOKED, expected="status 0", presented=presented)
    journal.accepted(
        NOT_REVOKED, verify_not_revoked, expected="status 0", presented=presented
    )
