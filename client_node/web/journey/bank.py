"""The bank, as the web application knows it: one issuer, one resource, one identity."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from client_node.oauth.discovered_server import DiscoveredServer
from client_node.oauth.flow import ClientCredentialsFlow
from client_node.oauth.requests.challenges import find_bearer_challenge
from client_node.oauth.requests.current_identity import CurrentIdentity
from client_node.oauth.requests.errors import (
    ErrorResponse,
    ResourceRefused,
    UnusableAnswer,
)
from client_node.oauth.requests.identity import Identity
from client_node.oauth.token.token_cache import TokenCache
from client_node.open_banking.consent_request import (
    Consent,
    judge_consent,
    judge_consent_creation,
    judge_consent_deletion,
    request_consent,
    request_consent_creation,
    request_consent_deletion,
)
from pki.http.answers import Answer, NoAnswer

OWN_SCOPE = "accounts"
"""The scope of the client's own token, for the customer's consents."""

BANK_FAILURES = (ErrorResponse, ResourceRefused, UnusableAnswer, NoAnswer)
"""What a request to either server may come to instead of its answer."""

GONE = (400, 404)
"""Of a consent that there is not: 400 to UK Open Banking, 404 to others."""


@dataclass(frozen=True, slots=True)
class Bank:
    """
    An authorization server and the resource server that goes with it.

    FAPI 2.0, security considerations ("Cuckoo's token"): the two are configured
    together, so a token of *server* is sent to *resource* and nowhere else, and
    the certificate of *identity* is used with no other authorization server.
    """

    identity: CurrentIdentity
    server: DiscoveredServer
    resource: str
    cache: TokenCache

    async def create_consent(
        self, permissions: tuple[str, ...], expires: float
    ) -> Consent:
        """
        A new consent at the bank, which waits for the customer.

        Raises what the judges of the token request and of the consent raise, and
        `NoAnswer`; so do the other methods.
        """

        async def send(identity: Identity, token: str) -> Answer:
            return await request_consent_creation(
                identity, self.resource, token, permissions, expires
            )

        return judge_consent_creation(await self._with_own_token(send))

    async def read_consent(self, consent_id: str) -> Consent:
        """The consent as it stands."""

        async def send(identity: Identity, token: str) -> Answer:
            return await request_consent(identity, self.resource, token, consent_id)

        return judge_consent(await self._with_own_token(send))

    async def delete_consent(self, consent_id: str) -> None:
        """Nothing, once there is no such consent, be it that there was none."""

        async def send(identity: Identity, token: str) -> Answer:
            return await request_consent_deletion(
                identity, self.resource, token, consent_id
            )

        try:
            judge_consent_deletion(await self._with_own_token(send))
        except ResourceRefused as refused:
            if refused.status not in GONE:
                raise

    async def _with_own_token(
        self, send: Callable[[Identity, str], Awaitable[Answer]]
    ) -> Answer:
        """
        What *send* is answered with a token of the client's own.

        A 401 `invalid_token` is answered once with a new one (RFC 8705 section 6.3,
        RFC 6750 section 3.1): nothing was done for the old one.
        """
        identity = self.identity.current()
        metadata = await self.server.metadata()
        flow = ClientCredentialsFlow(identity, metadata, OWN_SCOPE, self.cache)
        access_token = await flow.access_token()
        answer = await send(identity, access_token)
        if is_invalid_token(answer):
            flow.forget_token(access_token)
            answer = await send(identity, await flow.access_token())
        return answer


def is_invalid_token(answer: Answer) -> bool:
    """Whether *answer* is 401 `invalid_token`: another token may do better."""
    challenge = find_bearer_challenge(answer.headers.get("www-authenticate", ()))
    error = "" if challenge is None else challenge.error
    return (answer.status, error) == (401, "invalid_token")
