"""The four servers, started; and where to find them."""

import secrets
import shutil
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from pki.issuing.layout import Layout
from pki.node.process import Node, Surroundings
from pki.observability.operator_log import OperatorLog
from pki.observability.recording import Recording
from pki.observability.witness import Witness
from rs_node.config import Config as ResourceServerConfig
from rs_node.wiring import assemble
from scripts.twin.bearer_authorization_server import BearerAuthorizationServer
from scripts.twin.bearer_resource_server import BearerResourceServer
from scripts.twin.careless_authorization_server import CarelessAuthorizationServer
from scripts.twin.listening import Door, answer_at
from scripts.twin.token_signing import TokenSigning

CLIENT_ID = "banking-client"


@dataclass(frozen=True, slots=True)
class Twins:
    """
    Where the twins are.

    The bearer twins know `banking-client` by *client_secret*. *careless_accounts* are
    those of a resource server of ours that believes the careless authorization server.
    """

    token_endpoint: str
    accounts: str
    client_secret: str
    careless_token_endpoint: str
    careless_accounts: str
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
    return _Start(reactor, layout, folder).twins(config)


class _Start:
    """What all four are given."""

    def __init__(self, reactor: Any, layout: Layout, folder: Path) -> None:
        self._reactor = reactor
        self._layout = layout
        self._folder = folder
        self._log = (folder / "twins.log").open("a", encoding="utf-8")
        self._doors: list[Door] = []

    def twins(self, config: ResourceServerConfig) -> Twins:
        """
        All of them, serving.

        Their log and recordings end with the process: connections tell their end, and
        requests theirs, after `close`.
        """
        client_secret = secrets.token_urlsafe(24)
        issuer, resource = self._bearer_twins(client_secret)
        careless_issuer, accounts, close_accounts = self._careless(config)

        async def close() -> None:
            for door in self._doors:
                await door.close()
            await close_accounts()

        return Twins(
            token_endpoint=f"{issuer}/token",
            accounts=f"{resource}/accounts",
            client_secret=client_secret,
            careless_token_endpoint=f"{careless_issuer}/token",
            careless_accounts=f"{accounts}/accounts",
            close=close,
        )

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

    def _careless(
        self, config: ResourceServerConfig
    ) -> tuple[str, str, Callable[[], Coroutine[Any, Any, None]]]:
        """The careless issuer, a strict resource, and what closes the latter."""
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
        node, close = self._strict_rs(config, issuing.origin, serving.origin)
        for service in node.services:
            serving.serve(service.context, service.listener)
        return issuing.origin, serving.origin, close

    def _strict_rs(
        self, config: ResourceServerConfig, issuer: str, resource: str
    ) -> tuple[Node, Callable[[], Coroutine[Any, Any, None]]]:
        """A resource server of ours that believes *issuer*, and what closes it."""
        witness = self._witness("strict-rs")
        scratch = Path(mkdtemp(prefix="strict-rs-"))
        believing = replace(
            config,
            resource=resource,
            database=scratch / "rs.sqlite3",
            access_tokens=replace(
                config.access_tokens,
                issuer=issuer,
                jwt_validation="local",
                jwt_revocation="none",  # it revokes nothing, and has no lists
            ),
        )
        try:
            node = assemble(believing, Surroundings(self._reactor, time.time, witness))
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise

        async def close() -> None:
            await node.close()
            shutil.rmtree(scratch, ignore_errors=True)

        return node, close

    def _door(self) -> Door:
        door = Door(self._reactor)
        self._doors.append(door)
        return door

    def _witness(self, node: str) -> Witness:
        log = OperatorLog(node, self._log)
        return Witness(log, Recording(self._folder / f"{node}.jsonl", node, time.time))
