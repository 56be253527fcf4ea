"""
The customer's consent at the bank: UK Open Banking, account-access-consents.

The client creates it and may read and delete it, each with a token of its own
(client credentials). Whether the customer agrees is between her and the bank.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from client_node.oauth.requests.errors import UnusableAnswer
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.json_answers import optional, required
from client_node.open_banking.open_banking_request import (
    BASE_PATH,
    judge_document,
    request_open_banking,
    verify_status,
)
from pki.http.answers import Answer

PERMISSIONS = (
    "ReadAccountsDetail",
    "ReadBalances",
    "ReadTransactionsCredits",
    "ReadTransactionsDebits",
    "ReadTransactionsDetail",
)
"""What the web application asks for: all that its pages show, and no more."""

AUTHORISED = frozenset({"AUTH", "Authorised"})
"""The statuses of a consent in force, by version 4 of the standard and version 3."""

_WHAT = "consent"


@dataclass(frozen=True, slots=True)
class Consent:
    """
    A consent as the bank has it.

    *expires* is the end of all access in seconds since the epoch, or `None` where
    there is none. *status* is a code of the standard, for example `AWAU`.
    """

    consent_id: str
    status: str
    permissions: tuple[str, ...]
    expires: float | None


def consents_url(resource: str) -> str:
    """Where consents are created at *resource*."""
    return f"{resource.rstrip('/')}{BASE_PATH}/account-access-consents"


def consent_url(resource: str, consent_id: str) -> str:
    """Where one consent is read and deleted."""
    return f"{consents_url(resource)}/{quote(consent_id, safe='')}"


async def request_consent_creation(
    identity: Identity,
    resource: str,
    access_token: str,
    permissions: Sequence[str],
    expires: float,
) -> Answer:
    """Ask for a new consent, to end at *expires* at the latest."""
    document: Mapping[str, object] = {
        "Data": {
            "Permissions": list(permissions),
            "ExpirationDateTime": _written(expires),
        },
        "Risk": {},
    }
    url = consents_url(resource)
    return await request_open_banking(identity, "POST", url, access_token, document)


async def request_consent(
    identity: Identity, resource: str, access_token: str, consent_id: str
) -> Answer:
    """Ask how a consent stands."""
    url = consent_url(resource, consent_id)
    return await request_open_banking(identity, "GET", url, access_token)


async def request_consent_deletion(
    identity: Identity, resource: str, access_token: str, consent_id: str
) -> Answer:
    """Ask for the end of a consent, and of all access under it."""
    url = consent_url(resource, consent_id)
    return await request_open_banking(identity, "DELETE", url, access_token)


def judge_consent_creation(answer: Answer) -> Consent:
    """
    The consent that was created.

    Raises:
        OpenBankingRefused: the bank refused.
        UnusableAnswer: the answer is not 201 with a consent.
    """
    return _consent(answer, 201)


def judge_consent(answer: Answer) -> Consent:
    """
    The consent as it stands.

    Raises:
        OpenBankingRefused: the bank refused; there may be none of that name.
        UnusableAnswer: the answer is not 200 with a consent.
    """
    return _consent(answer, 200)


def judge_consent_deletion(answer: Answer) -> None:
    """
    Nothing, where the consent is gone: 204.

    Raises:
        OpenBankingRefused: the bank refused; it may have gone before.
        UnusableAnswer: the answer is neither.
    """
    verify_status(answer, _WHAT, 204)


def read_time(text: str, what: str) -> float:
    """
    An ISO 8601 time with its zone, in seconds since the epoch.

    Raises:
        UnusableAnswer: it is none.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise UnusableAnswer(f"{what}: {text!r:.60} is no time") from error
    if moment.tzinfo is None:
        raise UnusableAnswer(f"{what}: {text!r:.60} is a time without a zone")
    return moment.timestamp()


def _written(seconds: float) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


def _consent(answer: Answer, status: int) -> Consent:
    data = dict(judge_document(answer, _WHAT, status=status).data)
    permissions = required(data, "Permissions", list, _WHAT)
    if not all(isinstance(permission, str) for permission in permissions):
        raise UnusableAnswer(f"{_WHAT}: 'Permissions' is not an array of strings")
    expires = optional(data, "ExpirationDateTime", str, _WHAT)
    return Consent(
        consent_id=required(data, "ConsentId", str, _WHAT),
        status=required(data, "Status", str, _WHAT),
        permissions=tuple(permissions),
        expires=None if expires is None else read_time(expires, _WHAT),
    )
