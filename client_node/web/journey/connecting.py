"""
A customer connects her bank: the client's side of the authorization code flow.

FAPI 2.0 section 5.3.3, UK Open Banking: a consent at the bank, a pushed request that
names it, the browser's way there and back, the code for tokens, the ID token.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import parse_qsl

from client_node.oauth.authorization.authorization_response import (
    MOST_PARAMETERS,
    judge_authorization_response,
)
from client_node.oauth.authorization.id_token import Expected, IdToken, SigningAlg
from client_node.oauth.authorization.pkce import code_challenge, new_code_verifier
from client_node.oauth.authorization.pushed_authorization_request import (
    AuthorizationRequest,
    authorization_url,
    judge_pushed_authorization_response,
    request_pushed_authorization,
)
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
from client_node.open_banking.consent_request import PERMISSIONS
from client_node.web.journey.bank import BANK_FAILURES, Bank
from client_node.web.journey.browser_session import BrowserSession
from client_node.web.journey.customer_access import kept_tokens
from client_node.web.store.records import Attempt, Connection, Tokens
from client_node.web.store.store import WebStore
from pki.node.single_flight import SingleFlight
from pki.node.store_errors import StoreFailed

SCOPE = "openid accounts"
CONSENT_LIFETIME = 90 * 86400  # seconds
SCA = "urn:openbanking:psd2:sca"
"""The `acr` of a sign-in with a second factor."""


class NotOurs(Exception):
    """
    A browser came back with a `state` that was not given to it, or not any more.

    Nothing of what it brought is used: it may be somebody else's.
    """


@dataclass(frozen=True, slots=True)
class Registered:
    """What the client is registered with at the authorization server."""

    redirect_uri: str
    id_token_signed_response_alg: SigningAlg


class Connecting:
    """
    Takes browsers to the bank, and what they bring back to tokens.

    The methods raise what the judges of their requests raise, `NoAnswer`, and
    `StoreFailed`.
    """

    def __init__(
        self,
        bank: Bank,
        store: WebStore,
        registered: Registered,
        clock: Callable[[], float],
    ) -> None:
        self._bank = bank
        self._store = store
        self._registered = registered
        self._clock = clock
        self._completing: SingleFlight[Connection] = SingleFlight()

    async def begin(self, session: BrowserSession) -> str:
        """
        Where to send the browser of *session*.

        `state`, `nonce` and the PKCE verifier are new for each attempt, and are
        kept before the bank hears of them.
        """
        now = self._clock()
        consent = await self._bank.create_consent(PERMISSIONS, now + CONSENT_LIFETIME)
        state = secrets.token_urlsafe(32)
        attempt = Attempt(
            session=session.sha256,
            state_sha256=_hashed(state),
            issuer=self._bank.server.issuer,
            consent_id=consent.consent_id,
            permissions=consent.permissions,
            expires=consent.expires,
            nonce=secrets.token_urlsafe(32),
            code_verifier=new_code_verifier(),
            begun=now,
        )
        await self._store.keep_attempt(attempt)
        identity = self._bank.identity.current()
        metadata = await self._bank.server.metadata()
        answer = await request_pushed_authorization(
            identity,
            await self._bank.server.endpoint("pushed_authorization_request_endpoint"),
            self._authorization_request(attempt, state),
        )
        pushed = judge_pushed_authorization_response(answer)
        return authorization_url(metadata, identity.client_id, pushed)

    async def complete(self, session: BrowserSession, query: str) -> Connection:
        """
        The connection that the authorization response in *query* leads to.

        To its end even when the browser goes away: the code is good only once. A
        response that is brought twice at the same time is one.

        Raises:
            NotOurs: see there.
            AuthorizationRefused: she, or the bank, said no.
        """
        state = _state(query)

        async def complete() -> Connection:
            attempt = await self._store.use_attempt(session.sha256, _hashed(state))
            if attempt is None:
                raise NotOurs("its state is not one of this session's")
            if attempt.issuer != self._bank.server.issuer:
                raise NotOurs("it began at an issuer that is not the configured one")
            code = judge_authorization_response(
                query, state=state, issuer=attempt.issuer
            )
            return await self._redeem(attempt, code)

        return await self._completing.join(f"{session.id} {state}", complete)

    def _authorization_request(
        self, attempt: Attempt, state: str
    ) -> AuthorizationRequest:
        return AuthorizationRequest(
            redirect_uri=self._registered.redirect_uri,
            scope=SCOPE,
            state=state,
            code_challenge=code_challenge(attempt.code_verifier),
            nonce=attempt.nonce,
            claims=_claims(attempt.consent_id),
        )

    async def _redeem(self, attempt: Attempt, code: str) -> Connection:
        """RFC 6749 section 4.1.3; what fails leaves nothing behind at the bank."""
        response = None
        try:
            identity = self._bank.identity.current()
            endpoint = await self._bank.server.endpoint("token_endpoint")
            asked_at = self._clock()
            answer = await request_redemption(
                identity,
                endpoint,
                code,
                redirect_uri=self._registered.redirect_uri,
                code_verifier=attempt.code_verifier,
            )
            response = judge_token_response(answer)
            id_token = await self._verify_id_token(attempt, response)
            tokens = kept_tokens(response, asked_at, identity)
            connection = self._connection(attempt, id_token.sub, tokens)
            await self._store.keep_connection(connection)
        except (*BANK_FAILURES, StoreFailed):
            await self._give_back(attempt, response)
            raise
        return connection

    def _connection(self, attempt: Attempt, sub: str, tokens: Tokens) -> Connection:
        return Connection(
            connection_id=secrets.token_urlsafe(9),
            session=attempt.session,
            issuer=attempt.issuer,
            consent_id=attempt.consent_id,
            permissions=attempt.permissions,
            expires=attempt.expires,
            sub=sub,
            connected_at=self._clock(),
            tokens=tokens,
        )

    async def _verify_id_token(
        self, attempt: Attempt, response: TokenResponse
    ) -> IdToken:
        if response.id_token is None:
            raise UnusableAnswer("token response: there is no 'id_token'")
        expected = Expected(
            issuer=attempt.issuer,
            client_id=self._bank.identity.current().client_id,
            alg=self._registered.id_token_signed_response_alg,
            nonce=attempt.nonce,
            acr_values=(SCA,),
            openbanking_intent_id=attempt.consent_id,
            access_token=response.access_token,
        )
        return await self._bank.server.verify_id_token(response.id_token, expected)

    async def _give_back(
        self, attempt: Attempt, response: TokenResponse | None
    ) -> None:
        """End what was granted for nothing, as far as the bank can be reached."""
        try:
            if response is not None:
                endpoint = await self._bank.server.endpoint("revocation_endpoint")
                token = response.refresh_token or response.access_token
                judge_revocation_response(
                    await request_revocation(
                        self._bank.identity.current(), endpoint, token
                    )
                )
            await self._bank.delete_consent(attempt.consent_id)
        except BANK_FAILURES:
            return


def _state(query: str) -> str:
    """
    Raises:
        NotOurs: there is none, or more than one, or too much else.
    """
    number = query.count("&") + 1
    if number > MOST_PARAMETERS:
        expected = f"expected at most {MOST_PARAMETERS}"
        raise NotOurs(f"the response has {number} parameters, {expected}")
    try:
        pairs = parse_qsl(query, errors="strict")
    except ValueError as error:
        raise NotOurs("the response cannot be read") from error
    states = [value for name, value in pairs if name == "state"]
    if len(states) != 1:
        raise NotOurs(f"the response has {len(states)} states")
    return states[0]


def _hashed(state: str) -> bytes:
    return sha256(state.encode()).digest()


def _claims(consent_id: str) -> Mapping[str, object]:
    """OpenID Connect Core section 5.5; the names of UK Open Banking."""
    intent = {"value": consent_id, "essential": True}
    return {
        "userinfo": {"openbanking_intent_id": intent},
        "id_token": {
            "openbanking_intent_id": intent,
            "acr": {"essential": True, "values": [SCA]},
        },
    }
