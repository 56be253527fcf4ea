"""Who plays in the scenario, and what every act needs of them."""

from collections.abc import Callable
from dataclasses import dataclass

from client_node.identity import Identity
from client_node.resource_request import request_resource
from client_node.server_metadata import ServerMetadata, choose_endpoint
from client_node.token_request import judge_token_response, request_token
from pki.mtls.client import Answer
from pki.pem import Credential
from scripts.stage import Stage
from scripts.story import Plan

SCOPE = "accounts"


@dataclass(frozen=True, slots=True)
class Cast:
    """
    Who plays.

    *credential* loads a party's credential by its name; *identity* makes a client
    that says it is a `client_id` and presents a credential, which need not fit.
    """

    issuer: str
    resource: str
    credential: Callable[[str], Credential]
    identity: Callable[[str, Credential | None], Identity]

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
    stage: Stage, client: Identity, metadata: ServerMetadata, plan: Plan
) -> str:
    """
    The token of a token request that succeeds.

    Raises:
        CannotGoOn, ErrorResponse, UnusableAnswer: it did not.
    """
    endpoint = choose_endpoint(metadata, "token_endpoint")
    answer = await stage.exchange(plan, request_token(client, endpoint, SCOPE))
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
