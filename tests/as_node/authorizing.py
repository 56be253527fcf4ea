"""A customer's authorization, without the customer: codes to be redeemed."""

from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.python.failure import Failure

from as_node.clients.jwks_uri import parse_jwks_uri
from as_node.clients.registry import Client
from as_node.grants.authorization_code import AuthorizationCodeGrant, verify_redeemed
from as_node.grants.grant import Granted, TokenRequest
from as_node.protocol.sender_constraint import SenderConstraint
from as_node.store.records import AuthorizationGrant, Code, RefreshToken
from as_node.store.sqlite.store import SqliteStore
from as_node.tokens.authorizations import Authorizations, new_grant_id
from pki.http.journal import Journal

T = TypeVar("T")

NOW = 1_800_000_000
REDIRECT_URI = "https://127.0.0.1:9446/callback"
# RFC 7636 appendix B.
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


# Those who hold two certificates; the second is that of RFC 8705 appendix A.
SENDER = SenderConstraint("q" * 43)
ANOTHER_SENDER = SenderConstraint("A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0")


@dataclass
class Time:
    """A clock that stands still until it is set."""

    now: float = NOW

    def __call__(self) -> float:
        return self.now


def passes(seconds: float, time: Time, reactor: Clock) -> None:
    """Time goes on, by every clock."""
    time.now += seconds
    reactor.advance(seconds)


def done(coroutine: Coroutine[Any, Any, T], reactor: Clock | None = None) -> T:
    """What the coroutine returns, after a few turns of the reactor at most."""
    fired: list[Any] = []
    Deferred.fromCoroutine(coroutine).addBoth(fired.append)
    if reactor is not None:
        for _ in range(4):
            reactor.advance(0)
    assert fired, "it still waits"
    if isinstance(fired[0], Failure):
        fired[0].raiseException()
    result: T = fired[0]
    return result


async def always_in_force(grant: AuthorizationGrant, journal: Journal) -> bool:
    """No consent ever ends."""
    return True


def a_grant(
    *,
    client_id: str = "banking-client",
    scope: str = "openid accounts",
    grant_id: str | None = None,
    consent: str = "aac-1",
) -> AuthorizationGrant:
    """What Ty Webb allowed a client; *consent* is what it stands on."""
    return AuthorizationGrant(
        grant_id=grant_id or new_grant_id(),
        client_id=client_id,
        sub="ty.webb@example.com",
        scope=frozenset(scope.split()),
        openbanking_intent_id=consent,
        auth_time=NOW - 10,
        acr="urn:openbanking:psd2:sca",
        nonce="n-0S6_WzA2Mj",
        claims={"id_token": {"openbanking_intent_id": {"value": consent}}},
    )


def a_code(grant: AuthorizationGrant, number: int = 1, *, exp: int = NOW + 60) -> Code:
    """A code as it is kept, of its own hash."""
    return Code(
        sha256=number.to_bytes(32, "big"),
        grant=grant,
        redirect_uri=REDIRECT_URI,
        code_challenge=CHALLENGE,
        exp=exp,
    )


def a_refresh_token(
    grant: AuthorizationGrant, number: int = 1, *, exp: int = NOW + 9000
) -> RefreshToken:
    """A refresh token as it is kept, of its own hash."""
    return RefreshToken(
        sha256=number.to_bytes(32, "big"), grant=grant, bound_to=None, exp=exp
    )


CLIENT = Client(
    client_id="banking-client",
    token_endpoint_auth_method="self_signed_tls_client_auth",
    jwks_uri="https://tpp.example.com/jwks",
    identified_by=parse_jwks_uri("https://tpp.example.com/jwks"),
    grant_types=("authorization_code", "refresh_token"),
    response_types=("code",),
    redirect_uris=(REDIRECT_URI,),
    scope="openid accounts",
    tls_client_certificate_bound_access_tokens=True,
    client_name="Banking Client",
)
OTHER = replace(CLIENT, client_id="other-tpp")
PUBLIC = replace(
    CLIENT, token_endpoint_auth_method="none", jwks_uri=None, identified_by=None
)


@dataclass
class Bench:
    """The grant over a store, and a client that makes token requests."""

    time: Time
    reactor: Clock
    store: SqliteStore
    journal: Journal = field(default_factory=Journal)

    def __post_init__(self) -> None:
        self.authorizations = Authorizations(self.store, 9000, self.time)

    async def grant(self, asked: TokenRequest) -> Granted:
        """What is granted, once the code is redeemed; no access token is made."""
        granted = await AuthorizationCodeGrant(
            self.authorizations, always_in_force
        ).grant(asked)
        assert granted.redemption is not None
        code, refresh_token = (
            granted.redemption.code,
            granted.redemption.refresh_token,
        )
        first = await self.store.redeem_code(code.sha256, refresh_token, None)
        verify_redeemed(asked.journal, first=first)
        return granted

    def code(self, grant: AuthorizationGrant | None = None) -> str:
        """A code that a customer's browser would bring."""
        issued = self.authorizations.issue_code(
            grant or a_grant(), REDIRECT_URI, CHALLENGE
        )
        return done(issued, self.reactor)

    def asked(
        self,
        *,
        client: Client = CLIENT,
        sender: SenderConstraint = SENDER,
        **parameters: str | None,
    ) -> TokenRequest:
        """A token request; a parameter that is None is left out."""
        form = {
            "redirect_uri": REDIRECT_URI,
            "code_verifier": VERIFIER,
            **parameters,
        }
        given = {name: value for name, value in form.items() if value is not None}
        return TokenRequest(client, given, sender, self.journal)

    def redeem(self, code: str, **parameters: Any) -> Granted:
        """What a token request with this code is granted."""
        return done(self.grant(self.asked(code=code, **parameters)), self.reactor)

    def refresh_token_works(self, granted: Granted) -> bool:
        """Whether the refresh token that was granted is in force."""
        assert granted.refresh_token is not None
        found = self.authorizations.find_refresh_token(granted.refresh_token)
        return done(found) is not None
