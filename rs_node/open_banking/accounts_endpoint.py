"""Accounts and balances of a customer, as far as her consent goes."""

from collections.abc import Callable, Sequence

from pki.http.messages import Request, Response
from pki.http.routes import Route
from rs_node.bank_data.customer_accounts import CustomerAccount
from rs_node.bank_data.ledger import ledger
from rs_node.consents.consent import moment_of
from rs_node.open_banking import permissions
from rs_node.open_banking.account_json import account_json, balance_json
from rs_node.open_banking.consented_access import ConsentedAccess, Shared
from rs_node.open_banking.envelope import BASE_PATH, answer, document
from rs_node.open_banking.error_responses import Handler, answering

_ACCOUNTS = f"{BASE_PATH}/accounts"
_BALANCES = frozenset({permissions.BALANCES})


class AccountsEndpoint:
    """
    `/accounts` and `/balances`, all of them or of one account.

    *resource* is the address below which this server is.
    """

    def __init__(
        self, access: ConsentedAccess, resource: str, clock: Callable[[], float]
    ) -> None:
        self._access = access
        self._resource = resource
        self._clock = clock

    def routes(self, resource_metadata: str) -> tuple[Route, ...]:
        """Where what is served; *resource_metadata* is told by every challenge."""
        served: dict[str, Handler] = {
            _ACCOUNTS: self.accounts,
            f"{_ACCOUNTS}/{{account_id}}": self.account,
            f"{_ACCOUNTS}/{{account_id}}/balances": self.balances_of,
            f"{BASE_PATH}/balances": self.balances,
        }
        return tuple(
            Route("GET", path, answering(handler, resource_metadata))
            for path, handler in served.items()
        )

    async def accounts(self, request: Request) -> Response:
        """All accounts that are shared."""
        shared = await self._access.authorize(request, permissions.ACCOUNTS)
        return self._accounts(request, shared, shared.accounts)

    async def account(self, request: Request, account_id: str) -> Response:
        """One of them."""
        shared = await self._access.authorize(request, permissions.ACCOUNTS)
        return self._accounts(request, shared, [shared.find_account(account_id)])

    async def balances(self, request: Request) -> Response:
        """The balances of all accounts that are shared."""
        shared = await self._access.authorize(request, _BALANCES)
        return self._balances(request, shared, shared.accounts)

    async def balances_of(self, request: Request, account_id: str) -> Response:
        """The balance of one of them."""
        shared = await self._access.authorize(request, _BALANCES)
        return self._balances(request, shared, [shared.find_account(account_id)])

    def _accounts(
        self, request: Request, shared: Shared, accounts: Sequence[CustomerAccount]
    ) -> Response:
        shown = [
            account_json(
                account,
                in_detail=shared.allows(permissions.ACCOUNTS_DETAIL),
                with_card_number=shared.allows(permissions.PAN),
            )
            for account in accounts
        ]
        url = f"{self._resource}{request.path}"
        return answer(200, document({"Account": shown}, url))

    def _balances(
        self, request: Request, shared: Shared, accounts: Sequence[CustomerAccount]
    ) -> Response:
        now = self._clock()
        moment = moment_of(int(now))
        shown = [
            balance_json(account, ledger(shared.customer, account, now).balance, moment)
            for account in accounts
        ]
        url = f"{self._resource}{request.path}"
        return answer(200, document({"Balance": shown}, url))
