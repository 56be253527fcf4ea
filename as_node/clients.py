"""The clients this authorization server knows."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from as_node.certificate_subject import RegisteredSubject, registered_subject
from as_node.client_metadata import ClientMetadata
from as_node.jwks import registered_thumbprints
from as_node.jwks_uri import (
    HostAndPort,
    JwksUri,
    parse_host_and_port,
    parse_jwks_uri,
    verify_allowed,
)

_CLIENT_ID = re.compile(r"[ -~]+")  # RFC 6749 appendix A.1


@dataclass(frozen=True, slots=True)
class RegisteredCertificates:
    """The certificates of a client, by value: their thumbprints (`x5t#S256`)."""

    thumbprints: frozenset[str]


Identification = RegisteredSubject | RegisteredCertificates | JwksUri
"""
What the certificate of a client is compared with.

The first belongs to `tls_client_auth`, the other two to `self_signed_tls_client_auth`.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A registered client, its metadata read and checked."""

    client_id: str
    token_endpoint_auth_method: str
    identified_by: Identification
    grant_types: tuple[str, ...]
    scope: frozenset[str]
    tls_client_certificate_bound_access_tokens: bool
    access_token_format: str
    access_token_signing_alg: str
    introspects: str | None


class Clients:
    """
    The registry: filled when the server starts, then only read.

    *jwks_uri_allowed_hosts* are texts `host:port`, see `parse_host_and_port`.

    Raises:
        ValueError: one line that names the client and the key.
    """

    def __init__(
        self,
        metadata: Mapping[str, ClientMetadata],
        *,
        jwks_uri_allowed_hosts: Iterable[str] = (),
    ) -> None:
        allowed = allowed_hosts(jwks_uri_allowed_hosts)
        self._clients = {
            client_id: _registered(client_id, each, allowed)
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
    client_id: str, metadata: ClientMetadata, allowed: tuple[HostAndPort, ...]
) -> Client:
    if not _CLIENT_ID.fullmatch(client_id):
        raise ValueError(
            f"clients: expected printable ASCII as client_id, found {client_id!a}"
        )
    try:
        identified_by = _identification(metadata, allowed)
    except ValueError as error:
        raise ValueError(f"clients.{client_id}: {error}") from error
    return Client(
        client_id=client_id,
        token_endpoint_auth_method=metadata.token_endpoint_auth_method,
        identified_by=identified_by,
        grant_types=metadata.grant_types,
        scope=frozenset(metadata.scope.split()),
        tls_client_certificate_bound_access_tokens=(
            metadata.tls_client_certificate_bound_access_tokens
        ),
        access_token_format=metadata.access_token_format,
        access_token_signing_alg=metadata.access_token_signing_alg,
        introspects=metadata.introspects,
    )


def _identification(
    metadata: ClientMetadata, allowed: tuple[HostAndPort, ...]
) -> Identification:
    if metadata.jwks is not None:
        return RegisteredCertificates(registered_thumbprints(metadata.jwks))
    if metadata.jwks_file is not None:
        return RegisteredCertificates(_thumbprints_in(metadata.jwks_file))
    if metadata.jwks_uri is not None:
        return _allowed_jwks_uri(metadata.jwks_uri, allowed)
    parameter = metadata.subject_parameter
    return registered_subject(parameter, getattr(metadata, parameter))


def _allowed_jwks_uri(text: str, allowed: tuple[HostAndPort, ...]) -> JwksUri:
    uri = parse_jwks_uri(text)
    try:
        verify_allowed(uri, allowed)
    except ValueError as error:
        raise ValueError(f"jwks_uri: {error}") from error
    return uri


def _thumbprints_in(path: Path) -> frozenset[str]:
    try:
        return registered_thumbprints(json.loads(path.read_bytes()))
    except OSError as error:
        raise ValueError(f"jwks_file: {path}: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise ValueError(f"jwks_file: {path}: {error}") from error
