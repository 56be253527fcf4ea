"""Requests to the bank's Open Banking API, and what it answers: its JSON documents."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from client_node.oauth.requests.challenges import find_bearer_challenge
from client_node.oauth.requests.errors import ResourceRefused, UnusableAnswer
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.json_answers import json_object, optional
from client_node.oauth.requests.statuses import unexpected_status
from pki.http.answers import Answer
from pki.http.messages import Fields

BASE_PATH = "/open-banking/v4.0/aisp"


class OpenBankingRefused(ResourceRefused):
    """
    The bank refused, in the form of `OBErrorResponse1` where it had one.

    *codes* are those of its `Errors`, for example `U011`; *told* its messages.
    """

    def __init__(self, answer: Answer, codes: tuple[str, ...], told: str) -> None:
        fields = answer.headers.get("www-authenticate", ())
        super().__init__(answer.status, find_bearer_challenge(fields))
        self.codes = codes
        self.told = told

    def __str__(self) -> str:
        """One line: the status, the challenge, the bank's own words."""
        return f"{super().__str__()} {self.told}".strip()


@dataclass(frozen=True, slots=True)
class Document:
    """
    A document of the API: what it holds, and where the next page is.

    *next_url* is as the bank sent it; whoever follows it checks where it leads.
    """

    data: Mapping[str, object]
    next_url: str | None


async def request_open_banking(
    identity: Identity,
    method: str,
    url: str,
    access_token: str,
    document: Mapping[str, object] | None = None,
    *,
    more: Fields = (),
) -> Answer:
    """
    Ask for *url* with *access_token*, in the header only (FAPI 2.0 section 5.3.3).

    RFC 8705 section 3: the token is good only with the certificate of *identity*.
    *more* are header fields beside those that each request has.

    Raises:
        ValueError: *url* is not https; a token is sent nowhere else.
    """
    if not url.startswith("https://"):
        raise ValueError(f"no https URL: {url!r}")
    fields: Fields = (
        ("Accept", "application/json"),
        ("Authorization", f"Bearer {access_token}"),
        *more,
    )
    if document is None:
        return await identity.send(method, url, fields)
    fields = (*fields, ("Content-Type", "application/json; charset=utf-8"))
    return await identity.send(method, url, fields, json.dumps(document).encode())


def judge_document(answer: Answer, what: str, *, status: int = 200) -> Document:
    """
    The document in *answer*; *what* is its name in the complaint.

    Raises:
        OpenBankingRefused: any status of 400 to 499.
        UnusableAnswer: it is neither that nor *status* with a document.
    """
    verify_status(answer, what, status)
    members = json_object(answer, what)
    data = members.get("Data")
    if not isinstance(data, dict):
        raise UnusableAnswer(f"{what}: there is no 'Data'")
    links = optional(members, "Links", dict, what) or {}
    return Document(data, optional(links, "Next", str, what))


def verify_status(answer: Answer, what: str, status: int) -> None:
    """
    Raises:
        OpenBankingRefused: any status of 400 to 499.
        UnusableAnswer: any other than *status*.
    """
    if answer.status == status:
        return
    if 400 <= answer.status < 500:
        raise OpenBankingRefused(answer, *_errors(answer))
    raise unexpected_status(answer, what, status)


def _errors(answer: Answer) -> tuple[tuple[str, ...], str]:
    """Codes and messages; nothing where the body is of another form, or missing."""
    try:
        errors = json_object(answer, "error response").get("Errors")
    except UnusableAnswer:
        return (), ""
    listed = errors if isinstance(errors, list) else []
    found = [error for error in listed if isinstance(error, dict)]
    codes = tuple(str(error.get("ErrorCode", ""))[:40] for error in found)
    told = "; ".join(str(error.get("Message", ""))[:200] for error in found)
    return codes, told
