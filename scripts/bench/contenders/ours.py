"""The nodes as shipped, with some more clients registered."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial

from scripts.bench import clients
from scripts.bench.contenders import checking, requests
from scripts.bench.contenders.contender import Running, Work
from scripts.bench.contenders.flow import Customers
from scripts.bench.contenders.hello import twisted_version
from scripts.bench.contenders.rotation import (
    Kept,
    TokenSource,
    alike,
    cold,
    hot,
    rotating,
)
from scripts.bench.contenders.site import Site
from scripts.bench.cores import on_core
from scripts.bench.load.callers import Caller
from scripts.deployment.configuration import Deployment
from scripts.deployment.own_nodes import Nodes, running
from scripts.deployment.place import port_of

NAME = "ours"


@contextmanager
def nodes(
    core: int, prepare: Callable[[Deployment], None] | None = None
) -> Iterator[Nodes]:
    """
    The nodes on *core*, in a folder of their own.

    *prepare* is told of it when our clients are registered and no node runs yet.

    Raises:
        NotStarted, ConfigurationError, Refused, OSError: as `own_nodes.running`.
    """
    with ExitStack() as stack:
        with on_core(core):
            started = stack.enter_context(
                running("bench", partial(_prepare, more=prepare))
            )
        yield started


def _prepare(deployment: Deployment, more: Callable[[Deployment], None] | None) -> None:
    clients.issue_all(deployment.pki.parent / "issued")
    with deployment.authorization_server.open("a", encoding="utf-8") as file:
        file.write(clients.registrations())
    if more is not None:
        more(deployment)


def contender(site: Site, started: Nodes) -> Running:
    """
    What they do.

    Raises:
        Skipped: they do not do it.
    """
    ours = _Ours(site, started)
    ours.verify()
    pids = [started.pids["as"], started.pids["rs"]]
    return Running(f"these nodes, {twisted_version()}", pids, ours.work())


@dataclass(frozen=True, slots=True)
class _Ours:
    site: Site
    nodes: Nodes

    @property
    def _token(self) -> TokenSource:
        return TokenSource(self.site, port_of(self.nodes.place.mtls), "/token")

    @property
    def _resource(self) -> int:
        return port_of(self.nodes.place.resource)

    def work(self) -> dict[str, Work]:
        """By the names of the cases."""
        site, resource, source = self.site, self._resource, self._token
        jwt, opaque = clients.ES256, clients.OPAQUE
        many, many_opaque = clients.ROTATING, clients.ROTATING_OPAQUE
        kept = Kept(source)
        return {
            "token-es256": lambda: self._tokens(jwt),
            "token-ps256": lambda: self._tokens(clients.PS256),
            "token-opaque": lambda: self._tokens(opaque),
            "introspection": lambda: alike(
                site, source.port, clients.INTROSPECTING, self._introspection()
            ),
            "accounts-jwt": lambda: hot(site, resource, jwt, source.one(jwt)),
            "accounts-jwt-rotating": lambda: rotating(
                site, resource, many, kept.tokens(many)
            ),
            "accounts-jwt-cold": lambda: cold(site, resource, many, source.many(many)),
            "accounts-opaque": lambda: hot(site, resource, opaque, source.one(opaque)),
            "accounts-opaque-rotating": lambda: rotating(
                site, resource, many_opaque, kept.tokens(many_opaque)
            ),
            "flow": self._flow().callers,
        }

    def verify(self) -> None:
        """
        Each kind of token is bound, the API is closed to a thief, and the flow ends.

        Raises:
            Skipped: otherwise.
        """
        site, source = self.site, self._token
        for client in (clients.ES256, clients.PS256):
            token = source.one(client)
            checking.verify_jwt(site, client.client_id, client.alg, token)
        self._introspection()
        for client in (clients.ES256, clients.OPAQUE):
            request = requests.accounts(self._resource, source.one(client))
            checking.verify_resource(site, self._resource, client.client_id, request)
        self._flow().verify()

    def _tokens(self, client: clients.BenchClient) -> list[Caller]:
        port, name = self._token.port, client.client_id
        request = requests.token(port, "/token", name)
        return alike(self.site, port, name, request)

    def _introspection(self) -> bytes:
        """Of a new token, which was found to be bound."""
        source, who = self._token, clients.OPAQUE
        request = requests.introspection(source.port, "/introspect", source.one(who))
        body = checking.success(self.site, source.port, clients.INTROSPECTING, request)
        checking.verify_introspected(self.site, who.client_id, body)
        return request

    def _flow(self) -> Customers:
        place = self.nodes.place
        return Customers(
            self.site,
            port_of(place.mtls),
            port_of(place.issuer),
            "/par",
            "/authorize",
            "/token",
        )
