"""
The protected resources: the client's own corporate accounts.

Each begins with `authorize_client`; what it serves follows from that alone.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache

from pki.http.checks import Check
from pki.http.messages import NO_STORE, Request, Response, json_response
from pki.http.routes import NotFound, Route
from rs_node.access.access_control import AccessControl
from rs_node.bank_data.corporate_accounts import (
    MOST_CLIENTS,
    Account,
    accounts_of,
    find_account,
)
from rs_node.bank_data.statement import Transaction, statement

SCOPE = "accounts"

OWN_ACCOUNT = Check(
    "corporate-account.own", "the account is the client's own", "RFC 9068 section 2.2"
)


class CorporateAccounts:
    """
    `/accounts` and below, for tokens of the client credentials grant.

    The answers depend on the certificate of the connection, so no cache may keep
    them (RFC 9440 section 2.4 says it for proxies; it is true without one).
    """

    def __init__(self, access: AccessControl, clock: Callable[[], float]) -> None:
        self._access = access
        self._clock = clock

    def routes(self) -> tuple[Route, ...]:
        """Where what is served."""
        return (
            Route("GET", "/accounts", self.accounts),
            Route("GET", "/accounts/{account_id}/balances", self.balances),
            Route("GET", "/accounts/{account_id}/transactions", self.transactions),
        )

    async def accounts(self, request: Request) -> Response:
        """All accounts of the client."""
        return _accounts_answer(await self._client(request))

    async def balances(self, request: Request, account_id: str) -> Response:
        """The balance of one account."""
        account = await self._account(request, account_id)
        now = self._clock()
        amount = statement(account, now).balance
        balance = {
            "type": "closing_booked",
            **_amount(account, amount),
            "date_time": f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%SZ}",
        }
        members = {"account_id": account_id, "balances": [balance]}
        return json_response(200, members, NO_STORE)

    async def transactions(self, request: Request, account_id: str) -> Response:
        """What happened on one account in the last months, newest first."""
        account = await self._account(request, account_id)
        booked = statement(account, self._clock()).transactions
        listed = [_transaction(account, transaction) for transaction in booked]
        members = {"account_id": account_id, "transactions": listed}
        return json_response(200, members, NO_STORE)

    async def _client(self, request: Request) -> str:
        """The client that the request is authorized for, itself and nobody else."""
        authorization = await self._access.authorize_client(request, SCOPE)
        return authorization.client_id

    async def _account(self, request: Request, account_id: str) -> Account:
        """
        One of its accounts.

        Another's account and one that nobody has get the same answer: who does not
        own it learns nothing of it.
        """
        client_id = await self._client(request)
        account = find_account(client_id, account_id)
        if account is None:
            raise NotFound(f"{client_id} has no account {account_id}", OWN_ACCOUNT)
        return account


@lru_cache(maxsize=MOST_CLIENTS)
def _accounts_answer(client_id: str) -> Response:
    """The list of a client's accounts, which never changes."""
    listed = [account.to_json() for account in accounts_of(client_id)]
    return json_response(200, {"accounts": listed}, NO_STORE)


def _transaction(account: Account, transaction: Transaction) -> dict[str, object]:
    return {
        "transaction_id": transaction.transaction_id,
        "booking_date": transaction.booked.isoformat(),
        **_amount(account, transaction.amount),
        "counterparty": transaction.counterparty,
        "reference": transaction.reference,
        "status": "booked",
    }


def _amount(account: Account, amount: Decimal) -> dict[str, object]:
    """Money is text: a JSON number would be read as binary fractions."""
    return {
        "amount": {"amount": f"{abs(amount):.2f}", "currency": account.currency},
        "credit_debit_indicator": "debit" if amount < 0 else "credit",
    }
