"""Transactions of a customer, as far as her consent goes and no further back."""

from collections.abc import Callable, Sequence
from datetime import datetime

from pki.http.messages import Request, Response
from pki.http.routes import Route
from rs_node.bank_data.customer_accounts import CustomerAccount, customer_accounts
from rs_node.bank_data.ledger import RECORDS_BEGIN, Booking, ledger
from rs_node.consents.consent import earliest, latest, moment_of, within
from rs_node.open_banking import permissions
from rs_node.open_banking.consented_access import ConsentedAccess, Shared
from rs_node.open_banking.date_times import written
from rs_node.open_banking.envelope import BASE_PATH, answer, document
from rs_node.open_banking.error_responses import answering
from rs_node.open_banking.transaction_json import transaction_json
from rs_node.open_banking.transaction_query import (
    TO,
    TransactionQuery,
    pages_of,
    read_transaction_query,
    with_query,
)

_PATH = f"{BASE_PATH}/transactions"
_OF_ACCOUNT = f"{BASE_PATH}/accounts/{{account_id}}/transactions"
_DIRECTIONS = frozenset(
    {permissions.TRANSACTIONS_CREDITS, permissions.TRANSACTIONS_DEBITS}
)

_Booked = tuple[CustomerAccount, Booking]


class TransactionsEndpoint:
    """
    `/transactions`, of all shared accounts or of one; newest first.

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
        return (
            Route("GET", _PATH, answering(self.of_all, resource_metadata)),
            Route("GET", _OF_ACCOUNT, answering(self.of_one, resource_metadata)),
        )

    async def of_all(self, request: Request) -> Response:
        """The transactions of all accounts that are shared."""
        shared = await self._authorize(request)
        return self._answer(request, shared, shared.accounts)

    async def of_one(self, request: Request, account_id: str) -> Response:
        """The transactions of one of them."""
        shared = await self._authorize(request)
        return self._answer(request, shared, [shared.find_account(account_id)])

    async def _authorize(self, request: Request) -> Shared:
        return await self._access.authorize(
            request, permissions.TRANSACTIONS, _DIRECTIONS
        )

    def _answer(
        self, request: Request, shared: Shared, accounts: Sequence[CustomerAccount]
    ) -> Response:
        query = read_transaction_query(request.query)
        now = moment_of(int(self._clock()))
        booked = _booked(shared, accounts, query, now)
        pages = pages_of(len(booked), query.page)
        own = {own.kind: own for own in customer_accounts(shared.customer)}
        detail = shared.allows(permissions.TRANSACTIONS_DETAIL)
        shown = [
            transaction_json(account, booking, own, in_detail=detail)
            for account, booking in booked[pages.slice()]
        ]
        url = f"{self._resource}{request.path}"
        fixed = {TO: f"{now:%Y-%m-%dT%H:%M:%S}", **query.parameters}
        return answer(
            200,
            document(
                {"Transaction": shown},
                with_query(url, query.parameters),
                links=pages.links(url, fixed),
                meta={"TotalPages": pages.total, **_available(shared, now)},
            ),
        )


def _booked(
    shared: Shared,
    accounts: Sequence[CustomerAccount],
    query: TransactionQuery,
    now: datetime,
) -> list[_Booked]:
    """
    What is asked for and consented to, newest first.

    The period of the consent bounds every answer, also where the query goes beyond.
    """
    first = latest([query.first, shared.consent.transaction_from])
    last = earliest([query.last, shared.consent.transaction_to])
    found = [
        (account, booking)
        for account in accounts
        for booking in ledger(shared.customer, account, now.timestamp()).bookings
        if within(booking.booked, first, last) and _is_allowed(shared, booking)
    ]
    return sorted(found, key=_newest_last, reverse=True)


def _newest_last(booked: _Booked) -> tuple[datetime, str]:
    _, booking = booked
    return booking.booked, booking.transaction_id


def _is_allowed(shared: Shared, booking: Booking) -> bool:
    if booking.draft.amount < 0:
        return shared.allows(permissions.TRANSACTIONS_DEBITS)
    return shared.allows(permissions.TRANSACTIONS_CREDITS)


def _available(shared: Shared, now: datetime) -> dict[str, str]:
    """The period for which there can be transactions under this consent."""
    begin = datetime.combine(RECORDS_BEGIN, datetime.min.time(), now.tzinfo)
    first = latest([begin, shared.consent.transaction_from])
    last = earliest([now, shared.consent.transaction_to])
    dates = {"FirstAvailableDateTime": first, "LastAvailableDateTime": last}
    return {name: written(date) for name, date in dates.items() if date is not None}
