"""The clients this authorization server knows."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from as_node.clients.certificate_subject import RegisteredSubject, registered_subject
from as_node.clients.client_keys import RegisteredKeys, registered_keys
from as_node.clients.jwks import Tell, registered_thumbprints, tell_nobody
from as_node.clients.jwks_uri import (
    HostAndPort,
    JwksUri,
    parse_host_and_port,
    parse_jwks_uri,
    verify_allowed,
)
from as_node.clients.metadata import NONE, PRIVATE_KEY_JWT, ClientMetadata
from as_node.clients.redirect_uris import matches_registered

_CLIENT_ID = re.compile(r"[ -~]+")  # RFC 6749 appendix A.1


@dataclass(frozen=True, slots=True)
class RegisteredCertificates:
    """The certificates of a client, by value: their thumbprints (`x5t#S256`)."""

    thumbprints: frozenset[str]


Identification = RegisteredSubject | RegisteredCertificates | JwksUri | RegisteredKeys
"""
What a client is recognised by.

The certificate of a `tls_client_auth` client is compared with the first, that of a
`self_signed_tls_client_auth` client with one of the next two; the assertion of a
`private_key_jwt` client is verified with the last.
"""


@dataclass(frozen=True, kw_only=True)
class Client(ClientMetadata):
    """
    A registered client: what it registered, under its identifier.

    *identified_by* is None of a public client (`token_endpoint_auth_method` "none"):
    whoever knows its `client_id` can say it.
    """

    client_id: str
    identified_by: Identification | None

    @property
    def is_public(self) -> bool:
        """RFC 6749 section 2.1: it cannot keep a secret, and proves nothing."""
        return self.identified_by is None

    @property
    def name_for_people(self) -> str:
        """RFC 7591 section 2: its `client_name`, or else its `client_id`."""
        return self.client_name or self.client_id


def redirect_uri_matches(client: Client, uri: str) -> bool:
    """
    Whether *uri* is one that *client* registered.

    Octet by octet, but for the port of a native public client's loopback address:
    see `as_node.clients.redirect_uris`.
    """
    return matches_registered(
        uri, client.redirect_uris, loopback=client.is_native_and_public
    )


class Clients:
    """
    The registry: filled when the server starts, then only read.

    *jwks_uri_allowed_hosts* are texts `host:port`, see `parse_host_and_port`. *tell*
    takes a line for the operator about each registered key that is passed over.

    Raises:
        ValueError: one line that names the client and the key.
    """

    def __init__(
        self,
        metadata: Mapping[str, ClientMetadata],
        *,
        jwks_uri_allowed_hosts: Iterable[str] = (),
        tell: Tell = tell_nobody,
    ) -> None:
        allowed = allowed_hosts(jwks_uri_allowed_hosts)
        self._clients = {
            client_id: _registered(client_id, each, allowed, tell)
            for client_id, each in metadata.items()
        }

    def find(self, client_id: str) -> Client | None:
        """The client of this identifier, compared octet by octet."""
        return self._clients.get(client_id)


def allowed_hosts(texts: Iterable[str]) -> tuple[HostAndPort, ...]:
    """
    The hosts of the configuration key `jwks_uri_allowed_hosts`.

    Raises:
        ValueError: one is not of the form `host:port`.
    """
    try:
        return tuple(parse_host_and_port(text) for text in texts)
    except ValueError as error:
        raise ValueError(f"jwks_uri_allowed_hosts: {error}") from error


def _registered(
    client_id: str,
    metadata: ClientMetadata,
    allowed: tuple[HostAndPort, ...],
    tell: Tell,
) -> Client:
    if not _CLIENT_ID.fullmatch(client_id):
        raise ValueError(
            f"clients: expected printable ASCII as client_id, found {client_id!a}"
        )
    try:
        identified_by = _identification(
            metadata, allowed, lambda line: tell(f"clients.{client_id}: {line}")
        )
    except ValueError as error:
        raise ValueError(f"clients.{client_id}: {error}") from error
    return Client(client_id=client_id, identified_by=identified_by, **vars(metadata))


def _identification(
    metadata: ClientMetadata, allowed: tuple[HostAndPort, ...], tell: Tell
) -> Identification | None:
    if metadata.token_endpoint_auth_method == NONE:
        return None
    if metadata.jwks_uri is not None:
        return _allowed_jwks_uri(metadata.jwks_uri, allowed)
    if metadata.jwks_file is not None:
        return _identification_in(metadata.jwks_file, _reader(metadata, tell))
    if metadata.jwks is not None:
        return _reader(metadata, tell)(metadata.jwks)
    parameter = metadata.subject_parameter
    return registered_subject(parameter, getattr(metadata, parameter))


def _reader(
    metadata: ClientMetadata, tell: Tell
) -> Callable[[object], RegisteredCertificates | RegisteredKeys]:
    """What a JWK set holds: the keys of a client that signs, or certificates."""
    if metadata.token_endpoint_auth_method == PRIVATE_KEY_JWT:
        return lambda jwks: registered_keys(jwks, tell)
    return lambda jwks: RegisteredCertificates(registered_thumbprints(jwks, tell))


def _allowed_jwks_uri(text: str, allowed: tuple[HostAndPort, ...]) -> JwksUri:
    uri = parse_jwks_uri(text)
    try:
        verify_allowed(uri, allowed)
    except ValueError as error:
        raise ValueError(f"jwks_uri: {error}") from error
    return uri


def _identification_in(
    path: Path, read: Callable[[object], RegisteredCertificates | RegisteredKeys]
) -> RegisteredCertificates | RegisteredKeys:
    try:
        return read(json.loads(path.read_bytes()))
    except OSError as error:
        raise ValueError(f"jwks_file: {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"jwks_file: {path}: {error}") from error
