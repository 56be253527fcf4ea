"""
Whether a request for a customer's data may be answered: the order of the checks.

The token first, as at every resource of this server (`authorization`). Then the
consent that it names, looked up for each request: what a customer took back stops at
once, and not when a token ends.
"""

from collections.abc import Collection
from dataclasses import dataclass

from pki.http.checks import Check
from pki.http.journal import Journal
from pki.http.messages import Request
from rs_node.access.access_control import AccessControl
from rs_node.access.unconfirmed_token import Authorization
from rs_node.bank_data.customer_accounts import CustomerAccount, customer_accounts
from rs_node.consents.consent import Consent
from rs_node.consents.store import ConsentStore
from rs_node.open_banking.content_negotiation import verify_accepts_json
from rs_node.open_banking.customer_headers import verify_customer_headers
from rs_node.open_banking.refusals import (
    ConsentEnded,
    ConsentExpired,
    Forbidden,
    ResourceNotFound,
)

SCOPE = "accounts"

_RULE = "UK Open Banking Read/Write v4.0, Consent Authorisation"

NAMED = Check("consent.named", "the token names a consent", _RULE)
KNOWN = Check("consent.known", "there is such a consent", _RULE)
CLIENT = Check("consent.client", "the consent was given to this client", _RULE)
CUSTOMER = Check("consent.customer", "the consent was given by this customer", _RULE)
IN_FORCE = Check(
    "consent.in-force", "the customer's consent is in force, for this client", _RULE
)
PERMISSION = Check("consent.permission", "the consent has the permission", _RULE)
ACCOUNT = Check("consent.account", "the customer shares the account", _RULE)


@dataclass(frozen=True, slots=True)
class Shared:
    """What a customer shares with the client that asks: by which consent, and what."""

    customer: str
    consent: Consent
    accounts: tuple[CustomerAccount, ...]

    def allows(self, permission: str) -> bool:
        """Whether the consent has this permission."""
        return permission in self.consent.permissions

    def find_account(self, account_id: str) -> CustomerAccount:
        """
        One of the shared accounts.

        Another customer's account and one that nobody has get the same answer.

        Raises:
            Forbidden: the customer does not share this account of hers.
            ResourceNotFound: she has none of this name.
        """
        for account in self.accounts:
            if account.account_id == account_id:
                return account
        if any(
            own.account_id == account_id for own in customer_accounts(self.customer)
        ):
            raise Forbidden("an account that is not shared", ACCOUNT)
        raise ResourceNotFound("the customer has no such account", ACCOUNT)


class ConsentedAccess:
    """The one way to customers' data."""

    def __init__(self, access: AccessControl, store: ConsentStore) -> None:
        self._access = access
        self._store = store

    async def authorize(self, request: Request, *any_of: Collection[str]) -> Shared:
        """
        What *request* may be told: its consent has one permission of each group.

        Raises:
            Challenge: there is no good token, or its consent has ended.
            Forbidden: the consent is not this token's, or does not cover this.
            NotAcceptable: the answer would be JSON.
            HeaderInvalid: what the client says of its customer cannot be read.
            Unavailable, StoreFailed: that cannot be told at the moment.
        """
        authorization = await self._access.authorize_customer(request, SCOPE)
        consent = await self._consent(authorization, request.journal)
        verify_accepts_json(request)
        verify_customer_headers(request)
        for permissions in any_of:
            verify_permission(consent, permissions, request.journal)
        accounts = customer_accounts(authorization.sub)
        shared = [own for own in accounts if own.account_id in consent.account_ids]
        return Shared(authorization.sub, consent, tuple(shared))

    async def _consent(self, authorization: Authorization, journal: Journal) -> Consent:
        name = authorization.openbanking_intent_id
        if name is None:
            raise Forbidden("the token names no consent", NAMED)
        journal.about(consent=name)
        consent = await self._store.find(name)
        if consent is None:
            raise ConsentEnded("there is no such consent", KNOWN)
        verify_consent(consent, authorization, journal)
        return consent


def verify_consent(
    consent: Consent, authorization: Authorization, journal: Journal
) -> None:
    """
    The consent is in force, of this client and of this customer.

    Raises:
        Forbidden: it is another's.
        ConsentEnded: it is not in force.
    """
    _verify_is("client", CLIENT, consent.client_id, authorization.client_id)
    if consent.status == "EXPD":
        raise ConsentExpired(
            "the consent has expired", IN_FORCE, expected="AUTH", presented="EXPD"
        )
    if consent.status != "AUTH":
        raise ConsentEnded(
            "the consent is not in force",
            IN_FORCE,
            expected="AUTH",
            presented=consent.status,
        )
    _verify_is("customer", CUSTOMER, str(consent.customer), authorization.sub)
    journal.accepted(
        IN_FORCE,
        verify_consent,
        expected=f"AUTH, {authorization.client_id}, {authorization.sub}",
        presented=f"{consent.status}, {consent.client_id}, {consent.customer}",
    )


def verify_permission(
    consent: Consent, permissions: Collection[str], journal: Journal
) -> None:
    """
    The consent has one of these permissions.

    Raises:
        Forbidden: it has none.
    """
    needed, granted = " or ".join(sorted(permissions)), " ".join(consent.permissions)
    if not set(permissions) & set(consent.permissions):
        raise Forbidden(
            f"the consent lacks the permission {needed}",
            PERMISSION,
            expected=needed,
            presented=granted,
        )
    journal.accepted(
        PERMISSION,
        verify_permission,
        expected=needed,
        presented=granted,
    )


def _verify_is(whose: str, check: Check, expected: str, presented: str) -> None:
    if expected != presented:
        raise Forbidden(
            f"the consent is another {whose}'s",
            check,
            expected=expected,
            presented=presented,
        )
