"""
Where status lists are read: Token Status List (draft-ietf-oauth-status-list-17) section
8.1 and 8.2.
"""

from dataclasses import dataclass
from hashlib import sha256

from as_node.tokens.jwt_signing import base64url
from as_node.tokens.status_claim import STATUS, list_number
from as_node.tokens.status_lists import TTL_SECONDS, StatusLists
from pki.http.checks import Check
from pki.http.messages import Request, Response
from pki.http.routes import NotFound

STATUS_LIST = STATUS + "{number}"

KNOWN = Check(
    "status-list.known",
    "there are tokens that refer to this status list",
    "Token Status List section 8.1",
)


@dataclass(frozen=True, slots=True)
class StatusListEndpoint:
    """Gives a list to everybody: it says of nobody's token whose it is."""

    status_lists: StatusLists

    async def answer(self, request: Request, number: str) -> Response:
        """
        The signed list, as of now.

        The parameter `time` (section 8.4, lists of the past) is not read, and needs no
        refusal: whoever sends it has to look at `iat` and `exp`.

        Raises:
            NotFound: no token refers to such a list.
        """
        known = list_number(number)
        signed = None if known is None else await self.status_lists.signed(known)
        if signed is None:
            raise NotFound("no token refers to this status list", KNOWN)
        entity_tag = f'"{base64url(sha256(signed.encode("ascii")).digest())}"'
        headers = (
            ("Cache-Control", f"max-age={TTL_SECONDS}"),
            ("ETag", entity_tag),
        )
        if entity_tag in _known_to(request):
            return Response(304, headers)
        content_type = ("Content-Type", "application/statuslist+jwt")
        return Response(200, (content_type, *headers), signed.encode("ascii"))


def _known_to(request: Request) -> list[str]:
    """RFC 9110 section 13.1.2: which versions the peer has."""
    values = ",".join(request.headers.get("if-none-match", ()))
    return [value.strip().removeprefix("W/") for value in values.split(",")]
