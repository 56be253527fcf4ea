"""Who plays in the scenario, and what every act needs of them."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from client_node.identity import Identity
from client_node.resource_request import request_resource
from client_node.server_metadata import ServerMetadata, choose_endpoint
from client_node.token_request import judge_token_response, request_token
from pki.mtls.client import Answer
from pki.pem import Credential
from scripts.plan import Plan
from scripts.stage import Stage

SCOPE = "accounts"


@dataclass(frozen=True, slots=True)
class Cast:
    """
    Who plays.

    *credential* loads a party's credential by its name; *identity* makes a client
    that says it is a `client_id` and presents a credential, which need not fit.
    *renewed* is a new credential for a party, of the same name and by the same CA.
    """

    issuer: str
    resource: str
    redirect_uri: str
    credential: Callable[[str], Credential]
    identity: Callable[[str, Credential | None], Identity]
    renewed: Callable[[str], Credential]

    def honest(self, name: str) -> Identity:
        """A client that presents its own certificate."""
        return self.identity(name, self.credential(name))

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
    plan: Plan,
    *,
    told: bool = True,
) -> str:
    """
    The token of a token request that succeeds, told or not.

    Raises:
        CannotGoOn, ErrorResponse, UnusableAnswer: it did not.
    """
    endpoint = choose_endpoint(metadata, "token_endpoint")
    request = request_token(client, endpoint, SCOPE)
    answer = await (stage.exchange(plan, request) if told else request)
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


def decoded(segment: str) -> dict[str, object]:
    """A segment of a JWT; nothing is verified, this is for looking at."""
    padded = segment + "=" * (-len(segment) % 4)
    claims: dict[str, object] = json.loads(urlsafe_b64decode(padded))
    return claims


def members(claims: Mapping[str, object]) -> list[tuple[str, str]]:
    """Claims as lines of a name and a value."""
    return [(name, json.dumps(value).strip('"')) for name, value in claims.items()]
