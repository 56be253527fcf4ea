"""Who plays in the scenario, and what every act needs of them."""

import json
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from jwcrypto.jwk import JWK

from client_node.oauth.metadata.server_metadata import ServerMetadata, choose_endpoint
from client_node.oauth.requests.identity import Identity
from client_node.oauth.requests.resource_request import request_resource
from client_node.oauth.token.token_request import judge_token_response, request_token
from pki.http.answers import Answer
from pki.issuing.authority import self_signed
from pki.issuing.profiles import CLIENT, subject
from pki.issuing.validity import validity
from pki.pem import Credential
from scripts.stage.plan import Plan
from scripts.stage.stage import Stage
from scripts.twin.servers import Twins

SCOPE = "accounts"

Wait = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Cast:
    """
    Who plays.

    *credential* loads a party's credential by its name; *identity* makes a client
    that says it is a `client_id` and presents a credential, which need not fit.
    *renewed* is a new credential for a party, of the same name and by the same CA;
    *signing_key* is what a party signs its assertions with. *twins* are the servers
    that do it wrong. *wait* lets so many seconds pass, and says so; *moment* a few
    milliseconds, and does not.

    *without_key* makes a thief, who presents the first party's certificate and has the
    key of the second's; *only_tls_1_2* a client that knows no newer version.
    """

    issuer: str
    resource: str
    redirect_uri: str
    credential: Callable[[str], Credential]
    identity: Callable[[str, Credential | None], Identity]
    renewed: Callable[[str], Credential]
    signing_key: Callable[[str], JWK]
    twins: Twins
    wait: Wait
    moment: Callable[[], Awaitable[None]]
    without_key: Callable[[str, str], Identity]
    only_tls_1_2: Callable[[str], Identity]

    def honest(self, name: str) -> Identity:
        """A client that presents its own certificate."""
        return self.identity(name, self.credential(name))

    def unvouched(self, name: str) -> Identity:
        """A client that has made a certificate for itself."""
        own = self_signed(CLIENT, subject(name, "Made here"), validity(time.time(), 1))
        return self.identity(name, own)

    @property
    def accounts(self) -> str:
        """The protected resource that everybody wants."""
        return f"{self.resource}/accounts"


class CannotGoOn(Exception):
    """A step failed that the later ones build on."""


async def obtain_token(
    stage: Stage,
    client: Identity,
    metadata: ServerMetadata,
    *,
    told: Plan | None,
) -> str:
    """
    The token of a token request that succeeds, told as *told* plans, or not told.

    Raises:
        CannotGoOn, ErrorResponse, UnusableAnswer: it did not.
    """
    endpoint = choose_endpoint(metadata, "token_endpoint")
    request = request_token(client, endpoint, SCOPE)
    answer = await (request if told is None else stage.exchange(told, request))
    return judge_token_response(present(answer)).access_token


async def read_accounts(
    stage: Stage, cast: Cast, client: Identity, token: str, plan: Plan
) -> None:
    """A request for the accounts, which may be refused."""
    await stage.exchange(plan, request_resource(client, cast.accounts, token))


def present(answer: Answer | None) -> Answer:
    """
    The answer that what follows builds on.

    Raises:
        CannotGoOn: there is none.
    """
    if answer is None:
        raise CannotGoOn("there was no answer")
    return answer


def members(claims: Mapping[str, object]) -> list[tuple[str, str]]:
    """Claims as lines of a name and a value."""
    return [(name, json.dumps(value).strip('"')) for name, value in claims.items()]
