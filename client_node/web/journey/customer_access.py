"""What a customer shares, read with her tokens; they are refreshed when they must."""

from collections.abc import Callable
from dataclasses import dataclass

from client_node.oauth.requests.errors import ErrorResponse
from client_node.oauth.requests.identity import Identity
from client_node.oauth.token.token_cache import MARGIN
from client_node.oauth.token.token_request import (
    TokenResponse,
    judge_token_response,
    request_refresh,
)
from client_node.open_banking.account_information import (
    Account,
    Balance,
    Transaction,
    accounts_url,
    balances_url,
    judge_accounts,
    judge_balances,
    judge_transactions,
    request_account_information,
    transactions_url,
)
from client_node.open_banking.customer_presence import CustomerPresence
from client_node.web.journey.bank import Bank, is_invalid_token
from client_node.web.store.records import Connection, Tokens
from client_node.web.store.store import WebStore
from pki.http.answers import Answer
from pki.node.single_flight import SingleFlight

MOST_PAGES = 40  # of transactions that are read for one picture


class ConnectionEnded(Exception):
    """The bank gives nothing more under this consent; only a new one helps."""


class AccessEnded(ConnectionEnded):
    """
    The tokens of the connection of this id have ended; its consent may be in force.

    Then it helps that the customer signs in for it again at the bank.
    """

    def __init__(self, connection_id: str, text: str) -> None:
        super().__init__(text)
        self.connection_id = connection_id


@dataclass(frozen=True, slots=True)
class Visit:
    """A customer looks at a connection of hers, at a browser that is at *address*."""

    connection: Connection
    address: str

    @property
    def presence(self) -> CustomerPresence:
        """What the bank is told of it."""
        return CustomerPresence(self.address, self.connection.auth_time)


@dataclass(frozen=True, slots=True)
class Statement:
    """Transactions, and whether they are all that were asked for."""

    transactions: tuple[Transaction, ...]
    is_complete: bool


class CustomerAccess:
    """
    Reads accounts, balances and transactions of one bank's customers.

    The methods raise `ConnectionEnded`, what the judges of their requests raise,
    and `NoAnswer`.
    """

    def __init__(self, bank: Bank, store: WebStore, clock: Callable[[], float]) -> None:
        self._bank = bank
        self._store = store
        self._clock = clock
        self._refreshing: SingleFlight[Tokens] = SingleFlight()

    async def accounts(self, visit: Visit) -> tuple[Account, ...]:
        """The accounts she shares."""
        url = accounts_url(self._bank.resource)
        return judge_accounts(await self._get(visit, url))

    async def balances(self, visit: Visit, account_id: str) -> tuple[Balance, ...]:
        """The balances of one of them."""
        url = balances_url(self._bank.resource, account_id)
        return judge_balances(await self._get(visit, url))

    async def transactions(
        self, visit: Visit, account_id: str, since: float
    ) -> Statement:
        """Its transactions since then; pages are followed as far as `MOST_PAGES`."""
        url: str | None = transactions_url(self._bank.resource, account_id, since)
        found: list[Transaction] = []
        for _ in range(MOST_PAGES):
            if url is None:
                break
            page = judge_transactions(await self._get(visit, url), url)
            found += page.transactions
            url = page.next_url
        return Statement(tuple(found), url is None)

    async def _get(self, visit: Visit, url: str) -> Answer:
        """
        The answer to a request with the customer's token.

        RFC 8705 section 6.3: a token bound to an earlier certificate is refreshed
        before it is used; one refused as `invalid_token`, once after that.
        """
        identity = self._bank.identity.current()

        async def ask(tokens: Tokens) -> Answer:
            return await request_account_information(
                identity, url, tokens.access_token, visit.presence
            )

        tokens = await self._good_tokens(visit.connection, identity)
        answer = await ask(tokens)
        if is_invalid_token(answer):
            answer = await ask(
                await self._refreshed(visit.connection, identity, tokens)
            )
            if is_invalid_token(answer):
                raise ConnectionEnded("a new token is refused as well")
        return answer

    async def _good_tokens(self, connection: Connection, identity: Identity) -> Tokens:
        current = await self._current_tokens(connection)
        ends = current.good_until
        is_over = ends is not None and ends <= self._clock()
        if is_over or current.x5t_s256 != identity.x5t_s256:
            return await self._refreshed(connection, identity, current)
        return current

    async def _current_tokens(self, connection: Connection) -> Tokens:
        """The tokens as they are kept now: another page may have refreshed them."""
        kept = await self._store.find_connection(
            connection.session, connection.connection_id
        )
        if kept is None or kept.tokens is None:
            raise ConnectionEnded("it was disconnected")
        if kept.issuer != self._bank.server.issuer:
            raise ConnectionEnded("its issuer is no longer the configured one")
        if kept.expires is not None and kept.expires <= self._clock():
            raise ConnectionEnded("the consent has expired")
        return kept.tokens

    async def _refreshed(
        self, connection: Connection, identity: Identity, refused: Tokens
    ) -> Tokens:
        """
        Tokens other than *refused*, for the certificate of *identity*.

        Once for all who ask at the same time, and to its end even when the browser
        goes away: the answer may be the only one to hold a new refresh token.
        """

        async def refresh() -> Tokens:
            current = await self._current_tokens(connection)
            is_another = current.access_token != refused.access_token
            if is_another and current.x5t_s256 == identity.x5t_s256:
                return current
            tokens = await self._refresh(connection, current, identity)
            await self._store.replace_tokens(
                connection.connection_id, tokens, instead_of=current
            )
            return tokens

        name = f"{connection.connection_id} {identity.x5t_s256}"
        return await self._refreshing.join(name, refresh)

    async def _refresh(
        self, connection: Connection, current: Tokens, identity: Identity
    ) -> Tokens:
        """RFC 6749 section 6; a refresh token that is replaced is kept instead."""
        connection_id = connection.connection_id
        if current.refresh_token is None:
            raise AccessEnded(connection_id, "there is no refresh token")
        endpoint = await self._bank.server.endpoint("token_endpoint")
        asked_at = self._clock()
        answer = await request_refresh(identity, endpoint, current.refresh_token)
        try:
            response = judge_token_response(answer)
        except ErrorResponse as refused:
            if refused.error != "invalid_grant":
                raise
            await self._store.note_access_ended(connection_id, current, self._clock())
            text = "the refresh token is refused"
            raise AccessEnded(connection_id, text) from refused
        return kept_tokens(response, asked_at, identity, current.refresh_token)


def kept_tokens(
    response: TokenResponse,
    asked_at: float,
    identity: Identity,
    refresh_token: str | None = None,
) -> Tokens:
    """
    What of a token response is kept; its time began after *asked_at*.

    *refresh_token* goes on where the response has no other.
    """
    lifetime = response.expires_in
    return Tokens(
        access_token=response.access_token,
        refresh_token=response.refresh_token or refresh_token,
        good_until=None if lifetime is None else asked_at + lifetime - MARGIN,
        x5t_s256=identity.x5t_s256,
    )
