"""npm `oidc-provider`, and a resource server on Node that introspects there."""

import json
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from scripts.bench import clients
from scripts.bench.clients import BenchClient
from scripts.bench.contenders import checking, packages, requests
from scripts.bench.contenders.child import started, wait_for
from scripts.bench.contenders.contender import Running, Work
from scripts.bench.contenders.flow import Customers
from scripts.bench.contenders.rotation import Kept, TokenSource, alike, hot, rotating
from scripts.bench.contenders.site import Site
from scripts.bench.load.callers import Caller
from scripts.deployment.own_nodes import free_ports

_VERSION = "9.13.3"
_SOURCE = Path(__file__).with_name("node")
_INTROSPECTION = "/token/introspection"
_OF_THE_RS = "CN=accounts-rs,O=Example Bank plc,C=GB"  # as in our as.toml


def start(site: Site, stack: ExitStack) -> Running:
    """
    Start both.

    Raises:
        Skipped: there is no Node or npm, or no package, or it does something else.
    """
    installed = packages.kept(
        site.packages, f"oidc-provider-{_VERSION}", packages.node_modules(_SOURCE)
    )
    folder = site.folder / "oidc-provider"
    folder.mkdir()
    port, resource = free_ports(2)
    sessions = []
    for program, listens, more in (
        ("provider.mjs", port, _provider()),
        ("resource.mjs", resource, _resource(site, port)),
    ):
        shutil.copy(_SOURCE / program, installed)  # of this checkout
        settings = folder / f"{program}.json"
        settings.write_text(json.dumps({**_served(site, listens), **more}))
        pid = started(
            ["node", str(installed / program), str(settings)], folder, site.core, stack
        )
        wait_for(listens, pid, folder)
        sessions.append(pid)
    provider = _Provider(site, port, resource)
    provider.verify()
    return Running(f"oidc-provider {_VERSION}", sessions, provider.work())


def _served(site: Site, port: int) -> dict[str, object]:
    return {
        "port": port,
        "certificate": str(site.certificate("as")),
        "key": str(site.key("as")),
        "roots": str(site.client_roots),
        "introspecting": clients.INTROSPECTING,
    }


def _provider() -> dict[str, object]:
    return {
        "customer": clients.CUSTOMER,
        "clients": [*map(_registered, clients.ALL), _introspecting()],
        "tokens": {
            client.client_id: {"format": client.access_tokens, "alg": client.alg}
            for client in clients.ALL
        },
    }


def _resource(site: Site, provider: int) -> dict[str, object]:
    return {
        "provider": provider,
        "serverRoots": str(site.server_roots),
        "introspectingCertificate": str(site.certificate(clients.INTROSPECTING)),
        "introspectingKey": str(site.key(clients.INTROSPECTING)),
    }


def _registered(client: BenchClient) -> dict[str, object]:
    return {
        "client_id": client.client_id,
        "token_endpoint_auth_method": "tls_client_auth",
        "tls_client_auth_subject_dn": client.subject_dn,
        "tls_client_certificate_bound_access_tokens": True,
        "grant_types": ["authorization_code" if client.flow else "client_credentials"],
        "response_types": ["code"] if client.flow else [],
        "redirect_uris": [clients.REDIRECT_URI] if client.flow else [],
        "scope": "openid accounts" if client.flow else clients.SCOPE,
    }


def _introspecting() -> dict[str, object]:
    return {
        "client_id": clients.INTROSPECTING,
        "token_endpoint_auth_method": "tls_client_auth",
        "tls_client_auth_subject_dn": _OF_THE_RS,
        "grant_types": [],
        "response_types": [],
        "redirect_uris": [],
    }


@dataclass(frozen=True, slots=True)
class _Provider:
    site: Site
    port: int
    resource: int

    @property
    def _token(self) -> TokenSource:
        return TokenSource(self.site, self.port, "/token")

    def work(self) -> dict[str, Work]:
        """By the names of the cases."""
        site, resource, source = self.site, self.resource, self._token
        opaque, many = clients.OPAQUE, clients.ROTATING_OPAQUE
        kept = Kept(source)
        return {
            "token-es256": lambda: self._tokens(clients.ES256),
            "token-ps256": lambda: self._tokens(clients.PS256),
            "token-opaque": lambda: self._tokens(opaque),
            "introspection": lambda: alike(
                site, self.port, clients.INTROSPECTING, self._introspection()
            ),
            "accounts-opaque": lambda: hot(site, resource, opaque, source.one(opaque)),
            "accounts-opaque-rotating": lambda: rotating(
                site, resource, many, kept.tokens(many)
            ),
            "flow": self._flow().callers,
        }

    def verify(self) -> None:
        """
        Each kind of token is bound, its API is closed to a thief, and the flow ends.

        Raises:
            Skipped: otherwise.
        """
        site, source = self.site, self._token
        for client in (clients.ES256, clients.PS256):
            token = source.one(client)
            checking.verify_jwt(site, client.client_id, client.alg, token)
        self._introspection()
        request = requests.accounts(self.resource, source.one(clients.OPAQUE))
        name = clients.OPAQUE.client_id
        checking.verify_resource(site, self.resource, name, request)
        self._flow().verify()

    def _tokens(self, client: BenchClient) -> list[Caller]:
        request = requests.token(self.port, "/token", client.client_id)
        return alike(self.site, self.port, client.client_id, request)

    def _introspection(self) -> bytes:
        """Of a new token, which was found to be bound."""
        who = clients.OPAQUE
        token = self._token.one(who)
        request = requests.introspection(self.port, _INTROSPECTION, token)
        body = checking.success(self.site, self.port, clients.INTROSPECTING, request)
        checking.verify_introspected(self.site, who.client_id, body)
        return request

    def _flow(self) -> Customers:
        return Customers(self.site, self.port, self.port, "/request", "/auth", "/token")
