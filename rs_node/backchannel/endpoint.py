"""
The two requests of the authorization server.

    GET /backchannel/consents/{consent_id}?customer={sub}
    PUT /backchannel/consents/{consent_id}/decision

The decision is recorded here before a code is issued there. A crash in between is
mended by reporting it again, under the same name.
"""

from collections.abc import Sequence
from urllib.parse import parse_qsl

from pki.http.checks import Check
from pki.http.messages import NO_STORE, Refusal, Request, Response, json_response
from pki.http.routes import NotFound, Route
from pki.node.store_away import RETRY_AFTER, served_unless_store_fails
from rs_node.backchannel.authentication import BackchannelAuthentication
from rs_node.backchannel.decision_request import (
    FORM,
    BadRequest,
    DecisionRequest,
    read_decision,
)
from rs_node.bank_data.customer_accounts import CustomerAccount, customer_accounts
from rs_node.consents.consent import (
    Consent,
    Decision,
    NotDecidable,
    NotRenewable,
    renewed,
)
from rs_node.consents.store import ConsentStore

CONSENT = Check(
    "backchannel.consent",
    "there is such a consent, and it is the client's",
    "UK Open Banking Read/Write v4.0, account-access-consents",
)
AWAITING = Check(
    "backchannel.awaiting-authorisation",
    "the consent waits for the customer's decision",
    "UK Open Banking Read/Write v4.0, account-access-consents",
)
RENEWABLE = Check(
    "backchannel.renewable",
    "the consent is in force, and its own customer confirms the same again",
    "UK Open Banking Read/Write v4.0, Consent Re-authentication",
)
ACCOUNTS = Check(
    "backchannel.accounts",
    "the customer has the accounts that she shares",
    "UK Open Banking Read/Write v4.0, Consent Authorisation",
)

_PATH = "/backchannel/consents/{consent_id}"


class Conflict(Refusal):
    """The consent is decided already, or was renewed meanwhile, or has ended."""

    def response(self) -> Response:
        """409."""
        return json_response(409, {"error": "not_awaiting_authorisation"}, NO_STORE)


class StoreAway(Refusal):
    """Nothing was recorded; it may be tried again, under the same name."""

    def response(self) -> Response:
        """503."""
        headers = (*NO_STORE, *RETRY_AFTER)
        return json_response(503, {"error": "temporarily_unavailable"}, headers)


class Backchannel:
    """Answers our authorization server, and nobody else."""

    def __init__(
        self, authentication: BackchannelAuthentication, store: ConsentStore
    ) -> None:
        self._authentication = authentication
        self._store = store

    def routes(self) -> tuple[Route, ...]:
        """Where what is served."""
        served = (
            Route("GET", _PATH, self.read),
            Route("PUT", f"{_PATH}/decision", self.decide),
        )
        return served_unless_store_fails(served, StoreAway)

    async def read(self, request: Request, consent_id: str) -> Response:
        """
        A consent as it stands, and the accounts of the customer who is asked.

        Without a customer, as long as nobody has signed in, there are no accounts. Of
        one that is in force it tells as well who gave it, and for which accounts: she
        alone can be asked to renew it.
        """
        self._authentication.verify(request.peer, request.journal)
        customer = _customer(request.query)
        request.journal.about(consent=consent_id)
        consent = await self._find(consent_id)
        accounts = customer_accounts(customer) if customer else ()
        return json_response(200, _members(consent, accounts), NO_STORE)

    async def decide(self, request: Request, consent_id: str) -> Response:
        """Record what the customer decided; to report it again changes nothing."""
        self._authentication.verify(request.peer, request.journal)
        reported = read_decision(request.body)
        request.journal.about(consent=consent_id, client_id=reported.client_id)
        consent = await self._find(consent_id)
        verify_decision(reported, consent)
        after = await self._decided(consent_id, reported.decision)
        if reported.decision.renews is not None:
            request.journal.accepted(
                RENEWABLE,
                renewed,
                expected=f"AUTH {consent.customer}",
                presented=f"{after.status} {reported.decision.customer}",
            )
        shown = {"consent_id": consent_id, "status": after.status}
        return json_response(200, shown, NO_STORE)

    async def _decided(self, consent_id: str, decision: Decision) -> Consent:
        """
        Raises:
            Conflict: this is not a decision about it as it stands.
        """
        try:
            return await self._store.decide(consent_id, decision)
        except NotRenewable as error:
            raise Conflict(str(error), RENEWABLE, expected="AUTH") from error
        except NotDecidable as error:
            raise Conflict(str(error), AWAITING, expected="AWAU") from error

    async def _find(self, consent_id: str) -> Consent:
        consent = await self._store.find(consent_id)
        if consent is None or consent.status == "CANC":
            raise NotFound("no such consent, or a deleted one", CONSENT)
        return consent


def verify_decision(reported: DecisionRequest, consent: Consent) -> None:
    """
    The decision is about this client's consent and this customer's accounts.

    Raises:
        NotFound: the consent is another client's.
        BadRequest: an account is not the customer's.
    """
    if reported.client_id != consent.client_id:
        raise NotFound(
            "the consent is another client's",
            CONSENT,
            expected=consent.client_id,
            presented=reported.client_id,
        )
    own = {
        account.account_id for account in customer_accounts(reported.decision.customer)
    }
    if not own.issuperset(reported.decision.account_ids):
        raise BadRequest("an account that the customer does not have", ACCOUNTS)


def _customer(query: str) -> str:
    """The parameter `customer`; empty if it is not there."""
    pairs = parse_qsl(query, keep_blank_values=True)
    values = [value for name, value in pairs if name == "customer"]
    if len(values) != len(pairs) or len(pairs) > 1:
        raise BadRequest("the query has another parameter than one customer", FORM)
    return values[0] if values else ""


def _members(
    consent: Consent, accounts: Sequence[CustomerAccount]
) -> dict[str, object]:
    dates = {
        "expiration": consent.expiration,
        "transaction_from": consent.transaction_from,
        "transaction_to": consent.transaction_to,
    }
    return {
        "consent_id": consent.consent_id,
        "client_id": consent.client_id,
        "status": consent.status,
        "permissions": list(consent.permissions),
        **{name: date and date.isoformat() for name, date in dates.items()},
        "accounts": [_account(account) for account in accounts],
        **_authorisation(consent),
    }


def _authorisation(consent: Consent) -> dict[str, object]:
    """Nothing of a consent that nobody has given, or that has ended."""
    if consent.status != "AUTH":
        return {}
    members = {
        "customer": consent.customer,
        "account_ids": list(consent.account_ids),
        "decision_id": consent.decision_id,
    }
    return {"authorisation": members}


def _account(account: CustomerAccount) -> dict[str, str]:
    """To her who owns it: a card's number with its middle hidden."""
    return {
        "account_id": account.account_id,
        "nickname": account.product.nickname,
        "description": account.product.description,
        "currency": account.product.currency,
        "identification": account.known_as,
    }
