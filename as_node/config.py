"""The configuration of the authorization server: `as.toml` as a value."""

import re
from dataclasses import dataclass
from pathlib import Path

from as_node.clients.metadata import ClientMetadata
from as_node.login.users import UserMetadata
from as_node.protocol.scopes import parse_scope, scope_text

# What has a query, a fragment, a path or a user in it is something else.
_BASE_URL = re.compile(r"https://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen:
    """Where the two listeners listen: endpoint strings of Twisted's."""

    conventional: str
    mutual_tls: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The credential that both listeners serve with."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Backchannel:
    """The credential with which this server asks the resource server."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """
    What an operator says about this server; durations are in seconds.

    `as.toml` explains each key where it is used.
    """

    issuer: str
    mtls_base_url: str
    resource: str
    scopes_supported: tuple[str, ...]
    access_token_lifetime: int
    refresh_token_lifetime: int
    pushed_authorization_request_lifetime: int
    database: Path
    client_roots: Path
    check_revocation: bool = True
    client_crl: Path
    crl_check_seconds: float
    self_signed_certificates_may_be_expired: bool = False
    jwks_uri_allowed_hosts: tuple[str, ...] = ()
    jwks_uri_allowed_networks: tuple[str, ...] = ()
    server_roots: Path
    listen: Listen
    server: Server
    backchannel: Backchannel
    clients: dict[str, ClientMetadata]
    users: dict[str, UserMetadata]

    def __post_init__(self) -> None:
        """
        Values that belong together, and those that every token will carry.

        Raises:
            ValueError: naming the key.
        """
        _verify_base_url("issuer", self.issuer)
        _verify_base_url("mtls_base_url", self.mtls_base_url)
        _verify_resource(self.resource)
        if self.mtls_base_url == self.issuer:
            raise ValueError("mtls_base_url is that of the conventional listener")
        if self.access_token_lifetime < 1:
            raise ValueError("access_token_lifetime must be at least 1 second")
        if self.refresh_token_lifetime < 1:
            raise ValueError("refresh_token_lifetime must be at least 1 second")
        if not 1 <= self.pushed_authorization_request_lifetime < 600:
            raise ValueError(
                "pushed_authorization_request_lifetime must be from 1 to 599 seconds"
            )
        if self.crl_check_seconds < 0:
            raise ValueError("crl_check_seconds must not be negative")
        supported = _scope_tokens(self.scopes_supported)
        for name, client in self.clients.items():
            self._verify_client(name, client, supported)

    def _verify_client(
        self, name: str, client: ClientMetadata, supported: frozenset[str]
    ) -> None:
        """What a registration says about scope and resource is true of this server."""
        if unknown := client.scopes - supported:
            what = scope_text(unknown)
            raise ValueError(f"clients.{name}.scope: {what} is not in scopes_supported")
        if client.introspects not in (None, self.resource):
            raise ValueError(f"clients.{name}.introspects: not the resource served")
        if client.headless_consent_user not in (None, *self.users):
            raise ValueError(f"clients.{name}.headless_consent_user: not one of users")


def _verify_base_url(key: str, url: str) -> None:
    """
    RFC 8414 section 2: https, and neither query nor fragment.

    A path it would allow, but then the well-known address is another one (section
    3.1); this server has the whole host name for itself.
    """
    if not _BASE_URL.fullmatch(url):
        raise ValueError(f"{key} must be https://host or https://host:port: {url!r}")


def _verify_resource(url: str) -> None:
    """RFC 9728 section 1.2: a resource identifier is an https URL without fragment."""
    if not url.startswith("https://") or "#" in url:
        raise ValueError(f"resource must be an https URL without fragment: {url!r}")


def _scope_tokens(texts: tuple[str, ...]) -> frozenset[str]:
    """At least one, and each a single token of RFC 6749 section 3.3."""
    tokens = frozenset(texts)
    try:
        is_one_each = parse_scope(" ".join(texts)) == tokens
    except ValueError:
        is_one_each = False
    if not is_one_each:
        raise ValueError(f"scopes_supported must be scope tokens: {list(texts)!a:.120}")
    return tokens
