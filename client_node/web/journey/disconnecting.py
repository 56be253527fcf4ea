"""A customer disconnects her bank: the consent is deleted, the tokens are revoked."""

from dataclasses import dataclass
from typing import Literal

from client_node.oauth.token.revocation_request import (
    judge_revocation_response,
    request_revocation,
)
from client_node.web.journey.bank import BANK_FAILURES, Bank
from client_node.web.store.records import Connection, Tokens
from client_node.web.store.store import WebStore
from pki.node.single_flight import SingleFlight


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is ended. Either alone stops all access; both are tried, always."""

    consent_deleted: bool
    tokens_revoked: bool

    @property
    def is_complete(self) -> bool:
        """Whether nothing remains."""
        return self.consent_deleted and self.tokens_revoked

    @property
    def ended(self) -> Literal["yes", "partly", "no"]:
        """What the customer is told."""
        if self.is_complete:
            return "yes"
        return "partly" if self.consent_deleted or self.tokens_revoked else "no"


class Disconnecting:
    """Ends connections, and keeps in mind what could not be ended yet."""

    def __init__(self, bank: Bank, store: WebStore) -> None:
        self._bank = bank
        self._store = store
        self._ending: SingleFlight[Outcome] = SingleFlight()

    async def end(self, connection: Connection) -> Outcome:
        """
        End *connection*, to the end even when the browser goes away.

        The consent belongs to the resource server and the tokens to the
        authorization server: where one is away, the other's part is done all the
        same. A connection of which nothing remains is forgotten. Of a bank that is
        no longer the configured one nothing is ended: its tokens go nowhere else.

        Raises:
            StoreFailed: what was ended is ended, but could not be noted.
        """

        async def end() -> Outcome:
            if connection.issuer != self._bank.server.issuer:
                return Outcome(consent_deleted=False, tokens_revoked=False)
            outcome = Outcome(
                consent_deleted=await self._delete_consent(connection),
                tokens_revoked=await self._revoke_tokens(connection),
            )
            if outcome.is_complete:
                await self._store.forget_connection(connection.connection_id)
            return outcome

        return await self._ending.join(connection.connection_id, end)

    async def _delete_consent(self, connection: Connection) -> bool:
        if connection.consent_deleted:
            return True
        try:
            await self._bank.delete_consent(connection.consent_id)
        except BANK_FAILURES:
            return False
        await self._store.note_consent_deleted(connection.connection_id)
        return True

    async def _revoke_tokens(self, connection: Connection) -> bool:
        if connection.tokens is None:
            return True
        try:
            await self._revoke(connection.tokens)
        except BANK_FAILURES:
            return False
        await self._store.note_tokens_revoked(connection.connection_id)
        return True

    async def _revoke(self, tokens: Tokens) -> None:
        """The refresh token first: no new access token comes of it after that."""
        identity = self._bank.identity.current()
        endpoint = await self._bank.server.endpoint("revocation_endpoint")
        for token in (tokens.refresh_token, tokens.access_token):
            if token is not None:
                answer = await request_revocation(identity, endpoint, token)
                judge_revocation_response(answer)
