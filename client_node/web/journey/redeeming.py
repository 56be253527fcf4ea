"""
The code becomes tokens, and the tokens a connection: a new one, or one that is renewed.

RFC 6749 section 4.1.3, OpenID Connect Core section 3.1.3.7.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from client_node.oauth.authorization.id_token import Expected, IdToken, SigningAlg
from client_node.oauth.requests.errors import UnusableAnswer
from client_node.oauth.token.revocation_request import (
    judge_revocation_response,
    request_revocation,
)
from client_node.oauth.token.token_request import (
    TokenResponse,
    judge_token_response,
    request_redemption,
)
from client_node.web.journey.bank import BANK_FAILURES, Bank
from client_node.web.journey.customer_access import ConnectionEnded, kept_tokens
from client_node.web.store.records import Attempt, Connection, Tokens
from client_node.web.store.store import WebStore
from pki.node.store_errors import StoreFailed

SCA = "urn:openbanking:psd2:sca"
"""The `acr` of a sign-in with a second factor."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What the client is registered with at the authorization server."""

    redirect_uri: str
    id_token_signed_response_alg: SigningAlg


@dataclass(frozen=True, slots=True)
class Redeeming:
    """
    Takes codes of *bank* to tokens, which *store* keeps.

    `redeem` raises what the judges of its requests raise, `NoAnswer`, and
    `StoreFailed`.
    """

    bank: Bank
    store: WebStore
    registered: Registered
    clock: Callable[[], float]

    async def redeem(self, attempt: Attempt, code: str) -> Connection:
        """
        The connection that *code*, the bank's answer to *attempt*, leads to.

        RFC 6749 section 4.1.3; what fails leaves nothing behind at the bank.

        Raises:
            ConnectionEnded: what was to be renewed was ended meanwhile, or is another
                customer's.
        """
        response = None
        try:
            identity = self.bank.identity.current()
            endpoint = await self.bank.server.endpoint("token_endpoint")
            asked_at = self.clock()
            answer = await request_redemption(
                identity,
                endpoint,
                code,
                redirect_uri=self.registered.redirect_uri,
                code_verifier=attempt.code_verifier,
            )
            response = judge_token_response(answer)
            id_token = await self._verify_id_token(attempt, response)
            tokens = kept_tokens(response, asked_at, identity)
            connection = self._connection(attempt, id_token, tokens)
            await self._keep(attempt, connection)
        except (*BANK_FAILURES, ConnectionEnded, StoreFailed):
            await self._give_back(attempt, response)
            raise
        return connection

    async def _keep(self, attempt: Attempt, connection: Connection) -> None:
        """
        Raises:
            ConnectionEnded: what was to be renewed was ended meanwhile, or is another
                customer's.
        """
        if attempt.renews is None:
            await self.store.keep_connection(connection)
        elif not await self.store.renew_connection(connection):
            raise ConnectionEnded("it was ended meanwhile, or is somebody else's")

    def _connection(
        self, attempt: Attempt, id_token: IdToken, tokens: Tokens
    ) -> Connection:
        return Connection(
            connection_id=attempt.renews or secrets.token_urlsafe(9),
            session=attempt.session,
            issuer=attempt.issuer,
            consent_id=attempt.consent_id,
            permissions=attempt.permissions,
            expires=attempt.expires,
            sub=id_token.sub,
            connected_at=self.clock(),
            tokens=tokens,
            auth_time=id_token.auth_time,
            access_ends=id_token.refresh_token_exp,
        )

    async def _verify_id_token(
        self, attempt: Attempt, response: TokenResponse
    ) -> IdToken:
        if response.id_token is None:
            raise UnusableAnswer("token response: there is no 'id_token'")
        expected = Expected(
            issuer=attempt.issuer,
            client_id=self.bank.identity.current().client_id,
            alg=self.registered.id_token_signed_response_alg,
            nonce=attempt.nonce,
            acr_values=(SCA,),
            openbanking_intent_id=attempt.consent_id,
            access_token=response.access_token,
        )
        return await self.bank.server.verify_id_token(response.id_token, expected)

    async def _give_back(
        self, attempt: Attempt, response: TokenResponse | None
    ) -> None:
        """
        End what was granted for nothing, as far as the bank can be reached.

        Not a consent that was there before.
        """
        try:
            if response is not None:
                endpoint = await self.bank.server.endpoint("revocation_endpoint")
                token = response.refresh_token or response.access_token
                judge_revocation_response(
                    await request_revocation(
                        self.bank.identity.current(), endpoint, token
                    )
                )
            if attempt.renews is None:
                await self.bank.delete_consent(attempt.consent_id)
        except BANK_FAILURES:
            return
