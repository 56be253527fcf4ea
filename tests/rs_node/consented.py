"""Consents in a bank of the tests, and what comes back over the Open Banking API."""

import json
from collections.abc import Iterable
from itertools import count
from typing import Any

from pki.http.answers import Answer
from pki.http.messages import Fields
from pki.pem import Credential
from rs_node.bank_data.customer_accounts import CustomerAccount, customer_accounts
from rs_node.consents.consent import Consent
from tests.rs_node.bank import RESOURCE, TY, Bank

AISP = "/open-banking/v4.0/aisp"
CONSENTS = f"{AISP}/account-access-consents"
ACCOUNTS = f"{AISP}/accounts"

ALL = (
    "ReadAccountsDetail",
    "ReadBalances",
    "ReadTransactionsCredits",
    "ReadTransactionsDebits",
    "ReadTransactionsDetail",
)

CURRENT, SAVINGS, CARD, EURO = customer_accounts(TY)
JSON: Fields = (("Content-Type", "application/json"),)

_numbers = count(1)


def given_consent(
    bank: Bank, shared: Iterable[CustomerAccount] = (CURRENT, CARD), **changed: Any
) -> str:
    """The name of a consent of Ty Webb's to the client `tpp`, but for *changed*."""
    now = bank.network.clock()
    members: dict[str, Any] = {
        "consent_id": f"consent-{next(_numbers)}",
        "client_id": "tpp",
        "permissions": ALL,
        "created": now,
        "status": "AUTH",
        "status_updated": now,
        "customer": TY,
        "account_ids": tuple(account.account_id for account in shared),
        "decision_id": "decision",
        **changed,
    }
    consent = Consent(**members)
    bank.network.run(bank.store().keep(consent))
    return consent.consent_id


def ask(
    bank: Bank,
    holder: Credential,
    path: str,
    shared: Iterable[CustomerAccount] = (CURRENT, CARD),
    **changed: Any,
) -> Answer:
    """The answer at *path* with a token that names a new consent."""
    token = bank.customers_jwt(holder, given_consent(bank, shared, **changed))
    return bank.get(holder, token, path)


def data(answer: Answer, status: int = 200) -> dict[str, Any]:
    """The `Data` of an answer that must have this status."""
    document = body(answer, status)
    assert document.keys() >= {"Data", "Links", "Meta"}
    found = document["Data"]
    assert isinstance(found, dict)
    return found


def body(answer: Answer, status: int) -> dict[str, Any]:
    """The JSON object of an answer that must have this status."""
    assert answer.status == status, answer
    assert answer.header("content-type") == "application/json; charset=utf-8"
    assert answer.header("cache-control") == "no-store"
    assert answer.header("x-fapi-interaction-id")
    found = json.loads(answer.body.decode("utf-8"))
    assert isinstance(found, dict)
    return found


def refused(answer: Answer, status: int, code: str) -> dict[str, str]:
    """The one error of an answer that must have this status and this code."""
    document = body(answer, status)
    assert document.keys() == {"Errors"}
    [error] = document["Errors"]
    assert error["ErrorCode"] == code
    assert error["Message"]
    found: dict[str, str] = error
    return found


def refused_token(answer: Answer) -> None:
    """A challenge that says `invalid_token`, and no body."""
    assert answer.status == 401
    [challenge] = answer.headers["www-authenticate"]
    assert 'error="invalid_token"' in challenge
    assert f'resource_metadata="{RESOURCE}/.well-known/' in challenge
    assert answer.body == b""
    assert "content-type" not in answer.headers
    assert answer.header("x-fapi-interaction-id")
