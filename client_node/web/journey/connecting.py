"""
A customer connects her bank: the client's side of the authorization code flow.

FAPI 2.0 section 5.3.3, UK Open Banking: a consent at the bank, a pushed request that
names it, the browser's way there and back, the code for tokens, the ID token.
"""

import secrets
from collections.abc import Callable, Mapping
from hashlib import sha256
from urllib.parse import parse_qsl

from client_node.oauth.authorization.authorization_response import (
    MOST_PARAMETERS,
    judge_authorization_response,
)
from client_node.oauth.authorization.pkce import code_challenge, new_code_verifier
from client_node.oauth.authorization.pushed_authorization_request import (
    AuthorizationRequest,
    authorization_url,
    judge_pushed_authorization_response,
    request_pushed_authorization,
)
from client_node.oauth.requests.errors import (
    AuthorizationRefused,
    ResourceRefused,
)
from client_node.open_banking.consent_request import (
    AUTHORISED,
    PERMISSIONS,
    Consent,
)
from client_node.web.journey.bank import GONE, Bank
from client_node.web.journey.browser_session import BrowserSession
from client_node.web.journey.customer_access import ConnectionEnded
from client_node.web.journey.redeeming import SCA, Redeeming, Registered
from client_node.web.store.records import Attempt, Connection
from client_node.web.store.store import WebStore
from pki.node.single_flight import SingleFlight

SCOPE = "openid accounts"
CONSENT_LIFETIME = 90 * 86400  # seconds


class NotOurs(Exception):
    """
    A browser came back with a `state` that was not given to it, or not any more.

    Nothing of what it brought is used: it may be somebody else's.
    """


class RenewalRefused(AuthorizationRefused):
    """She, or the bank, did not renew a connection: it is as it was."""


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
        self._redeeming = Redeeming(bank, store, registered, clock)
        self._completing: SingleFlight[Connection] = SingleFlight()

    async def begin(self, session: BrowserSession) -> str:
        """
        Where to send the browser of *session*.

        `state`, `nonce` and the PKCE verifier are new for each attempt, and are
        kept before the bank hears of them.
        """
        expires = self._clock() + CONSENT_LIFETIME
        consent = await self._bank.create_consent(PERMISSIONS, expires)
        return await self._to_the_bank(session, consent)

    async def renew(self, session: BrowserSession, connection: Connection) -> str:
        """
        Where to send the browser, so that she signs in again for *connection*.

        UK Open Banking, Consent Re-authentication: for the same consent, which only
        she who gave it can do, and by a new sign-in, which is all that it is about.

        Raises:
            ConnectionEnded: the bank has no such consent in force; only a new one
                helps.
        """
        if connection.issuer != self._bank.server.issuer or not connection.is_whole:
            raise ConnectionEnded("there is nothing to renew")
        try:
            consent = await self._bank.read_consent(connection.consent_id)
        except ResourceRefused as refused:
            if refused.status not in GONE:
                raise
            raise ConnectionEnded("the bank does not know the consent") from refused
        if consent.status not in AUTHORISED:
            raise ConnectionEnded(f"the consent is {consent.status:.40}")
        return await self._to_the_bank(session, consent, connection)

    async def _to_the_bank(
        self,
        session: BrowserSession,
        consent: Consent,
        renews: Connection | None = None,
    ) -> str:
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
            begun=self._clock(),
            renews=None if renews is None else renews.connection_id,
        )
        await self._store.keep_attempt(attempt)
        identity = self._bank.identity.current()
        metadata = await self._bank.server.metadata()
        answer = await request_pushed_authorization(
            identity,
            await self._bank.server.endpoint("pushed_authorization_request_endpoint"),
            self._authorization_request(
                attempt, state, None if renews is None else renews.sub
            ),
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
            RenewalRefused, AuthorizationRefused: she, or the bank, said no.
        """
        state = _state(query)

        async def complete() -> Connection:
            attempt = await self._store.use_attempt(session.sha256, _hashed(state))
            if attempt is None:
                raise NotOurs("its state is not one of this session's")
            if attempt.issuer != self._bank.server.issuer:
                raise NotOurs("it began at an issuer that is not the configured one")
            code = _code(attempt, query, state)
            return await self._redeeming.redeem(attempt, code)

        return await self._completing.join(f"{session.id} {state}", complete)

    def _authorization_request(
        self, attempt: Attempt, state: str, sub: str | None
    ) -> AuthorizationRequest:
        return AuthorizationRequest(
            redirect_uri=self._registered.redirect_uri,
            scope=SCOPE,
            state=state,
            code_challenge=code_challenge(attempt.code_verifier),
            nonce=attempt.nonce,
            claims=_claims(attempt.consent_id, sub),
            prompt=None if attempt.renews is None else "login",
        )


def _code(attempt: Attempt, query: str, state: str) -> str:
    """
    Raises:
        RenewalRefused, AuthorizationRefused: there is none, but an error.
        UnusableAnswer: it is no answer to this attempt.
    """
    try:
        return judge_authorization_response(query, state=state, issuer=attempt.issuer)
    except AuthorizationRefused as refused:
        if attempt.renews is None:
            raise
        raise RenewalRefused(refused.error, refused.error_description) from refused


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


def _claims(consent_id: str, sub: str | None) -> Mapping[str, object]:
    """
    OpenID Connect Core section 5.5; the names of UK Open Banking.

    With *sub* nobody else may answer (section 5.5.1).
    """
    intent = {"value": consent_id, "essential": True}
    return {
        "userinfo": {"openbanking_intent_id": intent},
        "id_token": {
            "openbanking_intent_id": intent,
            "acr": {"essential": True, "values": [SCA]},
            **({} if sub is None else {"sub": {"value": sub}}),
        },
    }
