"""
A consent, as the resource server tells the authorization server about it.

The bank's consent belongs to the resource server. What is taken over here is what
the customer has to be shown before she decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pki.http.strict_json import json_object

AWAITING = frozenset({"AWAU", "AwaitingAuthorisation"})
"""The `Status` of a consent nobody has decided about, in versions 4 and 3.1."""


AUTHORISED = frozenset({"AUTH", "Authorised"})
"""The `Status` of a consent that is in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerAccount:
    """An account of the customer's; *identification* is its sort code and number."""

    account_id: str
    nickname: str
    description: str
    currency: str
    identification: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorisation:
    """
    That a consent was given: by *customer*, for these accounts of hers.

    *decision_id* is the name of her last decision, which a renewal takes the place of.
    """

    customer: str
    account_ids: tuple[str, ...]
    decision_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentView:
    """
    What is asked for, and the accounts of the customer it could be given for.

    *permissions* are codes of Open Banking, such as `ReadBalances`. *expiration* is
    when access ends, None if it does not end by itself; *transaction_from* and
    *transaction_to* bound the transactions, where they are given. *authorisation* is
    that of a consent in force; None of any other.
    """

    consent_id: str
    client_id: str
    status: str
    permissions: tuple[str, ...]
    expiration: datetime | None
    transaction_from: datetime | None
    transaction_to: datetime | None
    accounts: tuple[CustomerAccount, ...]
    authorisation: Authorisation | None = None

    @property
    def awaits_decision(self) -> bool:
        """Nobody has approved or refused it, and it was not withdrawn."""
        return self.status in AWAITING

    @property
    def renewable(self) -> Authorisation | None:
        """What whoever gave it may confirm again; None where it is not in force."""
        return self.authorisation if self.status in AUTHORISED else None


def parse_consent_view(body: bytes) -> ConsentView:
    """
    The consent in the resource server's answer.

    Raises:
        ValueError: it is none; the text names the member.
    """
    members = json_object(body)
    return ConsentView(
        consent_id=_text(members, "consent_id"),
        client_id=_text(members, "client_id"),
        status=_text(members, "status"),
        permissions=_texts(members, "permissions"),
        expiration=_time(members, "expiration"),
        transaction_from=_time(members, "transaction_from"),
        transaction_to=_time(members, "transaction_to"),
        accounts=_accounts(members),
        authorisation=_authorisation(members.get("authorisation")),
    )


def _authorisation(given: object) -> Authorisation | None:
    if given is None:
        return None
    if not isinstance(given, dict):
        raise ValueError("expected an object as authorisation")  # noqa: TRY004 - a peer's text
    return Authorisation(
        customer=_text(given, "customer"),
        account_ids=_texts(given, "account_ids"),
        decision_id=_text(given, "decision_id"),
    )


def _accounts(members: Mapping[str, object]) -> tuple[CustomerAccount, ...]:
    accounts = members.get("accounts")
    if not isinstance(accounts, list):
        raise ValueError("expected an array, found another accounts")  # noqa: TRY004 - a peer's text
    return tuple(_account(each) for each in accounts)


def _account(account: object) -> CustomerAccount:
    if not isinstance(account, dict):
        raise ValueError("expected an object for each account")  # noqa: TRY004 - a peer's text
    return CustomerAccount(
        account_id=_text(account, "account_id"),
        nickname=_text(account, "nickname"),
        description=_text(account, "description"),
        currency=_text(account, "currency"),
        identification=_text(account, "identification"),
    )


def _text(members: Mapping[str, object], name: str) -> str:
    value = members.get(name)
    if not isinstance(value, str):
        raise ValueError(f"expected a text as {name}")  # noqa: TRY004 - a peer's text
    return value


def _texts(members: Mapping[str, object], name: str) -> tuple[str, ...]:
    values = members.get(name)
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise ValueError(f"expected an array of texts as {name}")
    return tuple(values)


def _time(members: Mapping[str, object], name: str) -> datetime | None:
    """RFC 3339 with a time zone, or null, or left out."""
    value = members.get(name)
    if value is None:
        return None
    time = datetime.fromisoformat(_text(members, name))
    if time.tzinfo is None:
        raise ValueError(f"expected a time zone in {name}")
    return time
