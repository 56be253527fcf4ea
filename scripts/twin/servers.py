"""The servers, started; and where to find them."""

import secrets
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pki import pem
from pki.issuing.layout import Layout
from pki.observability.operator_log import OperatorLog
from pki.observability.recording import Recording
from pki.observability.witness import Witness
from rs_node.config import Config as ResourceServerConfig
from scripts.twin.bearer_authorization_server import BearerAuthorizationServer
from scripts.twin.bearer_resource_server import BearerResourceServer
from scripts.twin.careless_authorization_server import CarelessAuthorizationServer
from scripts.twin.careless_cache import CarelessCache
from scripts.twin.introspecting import Introspecting
from scripts.twin.listening import Door, answer_at
from scripts.twin.own_resource_server import (
    Close,
    assembled,
    believing,
    keeping_answers,
)
from scripts.twin.token_signing import TokenSigning

CLIENT_ID = "banking-client"
CACHE_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Twins:
    """
    Where the twins are.

    The bearer twins know `banking-client` by *client_secret*. *careless_accounts* are
    those of a resource server of ours that believes the careless authorization server,
    *caching_accounts* of one that keeps introspection responses for CACHE_SECONDS.
    Behind *kept_verdict_accounts* is one that keeps its verdict instead.
    """

    token_endpoint: str
    accounts: str
    client_secret: str
    careless_token_endpoint: str
    careless_accounts: str
    caching_accounts: str
    kept_verdict_accounts: str
    close: Callable[[], Coroutine[Any, Any, None]]


def start(
    reactor: Any, layout: Layout, config: ResourceServerConfig, folder: Path
) -> Twins:
    """
    Start the servers, each recording into *folder* under a name of its own.

    They have the certificates of the deployment's servers. *config* is that of the
    deployment's resource server.

    Raises:
        OSError, ValueError: a port or a file cannot be had.
    """
    return _Start(reactor, layout, config, folder).twins()


class _Start:
    """What all of them are given."""

    def __init__(
        self, reactor: Any, layout: Layout, config: ResourceServerConfig, folder: Path
    ) -> None:
        self._reactor = reactor
        self._layout = layout
        self._config = config
        self._folder = folder
        self._log = (folder / "twins.log").open("a", encoding="utf-8")
        self._doors: list[Door] = []
        self._to_close: list[Close] = []

    def twins(self) -> Twins:
        """
        All of them, serving.

        Their log and recordings end with the process: connections tell their end, and
        requests theirs, after `close`.
        """
        client_secret = secrets.token_urlsafe(24)
        issuer, resource = self._bearer_twins(client_secret)
        careless_issuer, careless_resource = self._careless()
        return Twins(
            token_endpoint=f"{issuer}/token",
            accounts=f"{resource}/accounts",
            client_secret=client_secret,
            careless_token_endpoint=f"{careless_issuer}/token",
            careless_accounts=f"{careless_resource}/accounts",
            caching_accounts=f"{self._caching()}/accounts",
            kept_verdict_accounts=f"{self._keeping_its_verdict()}/accounts",
            close=self._close,
        )

    async def _close(self) -> None:
        for door in self._doors:
            await door.close()
        for close in self._to_close:
            await close()

    def _bearer_twins(self, client_secret: str) -> tuple[str, str]:
        """Issuer and resource of the twins that know no binding."""
        issuing, serving = self._door(), self._door()
        signing = TokenSigning(issuing.origin, time.time)
        issuer = BearerAuthorizationServer(
            signing, serving.origin, {CLIENT_ID: client_secret}
        )
        accounts = BearerResourceServer(
            signing.issuer, signing.public_key, serving.origin, time.time
        )
        answer_at(
            issuing,
            self._reactor,
            self._witness("twin-as"),
            self._layout.load("as"),
            issuer.routes(),
            request_certificate=False,
        )
        answer_at(
            serving,
            self._reactor,
            self._witness("twin-rs"),
            self._layout.load("rs"),
            accounts.routes(),
            request_certificate=True,
        )
        return issuing.origin, serving.origin

    def _careless(self) -> tuple[str, str]:
        """The careless issuer, and a strict resource that believes it."""
        issuing, serving = self._door(), self._door()
        careless = CarelessAuthorizationServer(
            TokenSigning(issuing.origin, time.time), serving.origin
        )
        answer_at(
            issuing,
            self._reactor,
            self._witness("careless-as"),
            self._layout.load("as"),
            careless.routes(),
            request_certificate=True,
        )
        config = believing(self._config, issuing.origin, serving.origin)
        self._serve_ours("strict-rs", config, serving)
        return issuing.origin, serving.origin

    def _caching(self) -> str:
        """Another machine of the deployment's bank, with a cache."""
        serving = self._door()
        config = keeping_answers(self._config, CACHE_SECONDS)
        self._serve_ours("caching-rs", config, serving)
        return serving.origin

    def _serve_ours(
        self, name: str, config: ResourceServerConfig, serving: Door
    ) -> None:
        node, close = assembled(self._reactor, config, self._witness(name), name)
        self._to_close.append(close)
        for service in node.services:
            serving.serve(service.context, service.listener)

    def _keeping_its_verdict(self) -> str:
        """A resource that asks the deployment's issuer about each token once."""
        serving, witness = self._door(), self._witness("careless-rs")
        own = self._config.introspection
        introspecting = Introspecting(
            self._reactor,
            witness,
            self._config.access_tokens.issuer,
            own.client_id,
            pem.load_credential(own.certificate, own.private_key),
            tuple(pem.load_certificates(self._config.server_roots)),
        )
        self._to_close.append(introspecting.close)
        answer_at(
            serving,
            self._reactor,
            witness,
            self._layout.load("rs"),
            CarelessCache(introspecting.ask).routes(),
            request_certificate=True,
        )
        return serving.origin

    def _door(self) -> Door:
        door = Door(self._reactor)
        self._doors.append(door)
        return door

    def _witness(self, node: str) -> Witness:
        log = OperatorLog(node, self._log)
        return Witness(log, Recording(self._folder / f"{node}.jsonl", node, time.time))
